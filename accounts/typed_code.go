package accounts

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// TypedCode returns the letters and digits of a code as it was typed or pasted,
// in capitals. What a message or a page puts between and around them is not part
// of the code: hyphens and dashes of any kind, spaces, quotes, a full stop, marks
// that nobody sees. Letters of full width, as some keyboards write, are plain.
func TypedCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(strings.ToValidUTF8(typed, "")))
}

// typedSignIn returns a sign-in name or an e-mail address as it is looked up:
// small, with plain hyphens, and without what was pasted around it.
func typedSignIn(typed string) string {
	typed = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r) || r == '−':
			return '-'
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, norm.NFKC.String(strings.ToValidUTF8(typed, "")))
	return strings.ToLower(strings.Trim(typed, `.,;:'"“”‘’«»`))
}
