package pdf

import "golang.org/x/text/unicode/bidi"

// isRightToLeft reports whether the first letter of text is in a right-to-left script.
func isRightToLeft(text string) bool {
	for _, r := range text {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}
