// Package fold normalizes texts for comparison: what people and their phones type differs in case,
// accents, quotes, dashes and spaces where the words are the same. It is a separate package because
// the check for private wording and every search must fold in the same way.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// plain maps variants of quotes and dashes to one each.
var plain = strings.NewReplacer(
	"‘", "'", "’", "'", "‚", "'", "‛", "'", "ʼ", "'", "ʹ", "'", "′", "'", "`", "'", "´", "'",
	"“", `"`, "”", `"`, "„", `"`, "‟", `"`, "«", `"`, "»", `"`, "″", `"`,
	"‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-",
)

// Text returns s without case, accents and invisible characters, with plain quotes and dashes, and
// with single spaces between words.
func Text(s string) string {
	s = plain.Replace(s) // before NFKD, which turns a lone ´ into a space
	s = plain.Replace(strings.Map(keep, norm.NFKD.String(s)))
	return strings.Join(strings.Fields(cases.Fold().String(s)), " ")
}

// keep drops accents, which NFKD has separated, and invisible characters.
func keep(r rune) rune {
	if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// Has reports whether text contains every word of search.
func Has(text, search string) bool {
	text = Text(text)
	for word := range strings.FieldsSeq(Text(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
