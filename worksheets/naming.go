package worksheets

import (
	"cmp"
	"strings"

	"mend/internal/i18n"
)

// Naming returns d with the partners' names where its words say {A} and {B}: on
// a page for both, "the first of us" would say nothing. Without names the words
// stay as they are.
func (d Definition) Naming(a, b string) Definition {
	if a == "" || b == "" || d.FilledBy != Joint {
		return d
	}
	named := strings.NewReplacer("{A}", a, "{B}", b)
	d = d.reworded(func(_, text string) string { return named.Replace(text) })
	d.Names = [2]string{a, b}
	return d
}

// withNames returns a text in which {A} and {B} are the partners of d.
func (d Definition) withNames(text string) string {
	return strings.NewReplacer("{A}", cmp.Or(d.Names[0], i18n.English.Say("worksheet.partner_a")),
		"{B}", cmp.Or(d.Names[1], i18n.English.Say("worksheet.partner_b"))).Replace(text)
}

// Blank returns d in a language as it is shown and printed to be filled by
// hand: where it is for no couple, the partners have no names.
func (c *Catalogue) Blank(l *i18n.Language, d Definition) Definition {
	d = c.In(l, d)
	if d.Names[0] != "" {
		return d
	}
	return d.Naming(l.Say("worksheet.partner_a"), l.Say("worksheet.partner_b"))
}
