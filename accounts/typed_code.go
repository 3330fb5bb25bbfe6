package accounts

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormalizeCode returns the letters and digits of a typed or pasted code, in capitals. It drops what
// messages and pages add: hyphens and dashes of any kind, spaces, quotes, periods, invisible
// characters. Full-width letters become ordinary ones.
func NormalizeCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(strings.ToValidUTF8(typed, "")))
}

// normalizeSignIn normalizes a sign-in name or email address for look-up: lowercase, with plain
// hyphens, and without pasted punctuation around it.
func normalizeSignIn(typed string) string {
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
