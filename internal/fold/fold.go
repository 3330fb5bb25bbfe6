// Package fold makes texts comparable: what people type, and what their phones
// make of it, differs in case, accents, quotes, dashes and spaces where the words
// are the same. It is a package of its own because the check for private wording
// and every search must fold in one way.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// plain maps the forms of quotes and dashes to one of each.
var plain = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "ʼ", "'", "ʹ", "'", "′", "'", "`", "'", "´", "'",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "″", `"`,
	"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-",
)

// Text returns s without case, accents and invisible characters, with plain
// quotes and dashes, and with single spaces between its words.
func Text(s string) string {
	s = plain.Replace(s) // before compatibility forms: ´ alone becomes a space there
	s = plain.Replace(strings.Map(keep, norm.NFKD.String(s)))
	return strings.Join(strings.Fields(cases.Fold().String(s)), " ")
}

// keep drops accents, which NFKD has split off, and what cannot be seen.
func keep(r rune) rune {
	if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// Has tells whether text holds every word of search.
func Has(text, search string) bool {
	text = Text(text)
	for word := range strings.FieldsSeq(Text(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
