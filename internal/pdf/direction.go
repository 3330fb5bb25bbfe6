package pdf

import "golang.org/x/text/unicode/bidi"

// isRightToLeft tells whether the first letter of text is one of a script that is
// written from right to left.
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
