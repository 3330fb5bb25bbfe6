package worksheets

import (
	"cmp"
	"strings"

	"mend/internal/i18n"
)

// Naming returns d with {A} and {B} replaced by the partners' names, because "the first of us"
// means nothing on a joint page. Without names the text is unchanged.
func (d Definition) Naming(a, b string) Definition {
	if a == "" || b == "" || d.FilledBy != Joint {
		return d
	}
	named := strings.NewReplacer("{A}", a, "{B}", b)
	d = d.reworded(func(_, text string) string { return named.Replace(text) })
	d.Names = [2]string{a, b}
	return d
}

// withNames returns text with {A} and {B} replaced by d's partners.
func (d Definition) withNames(text string) string {
	return strings.NewReplacer("{A}", cmp.Or(d.Names[0], i18n.English.Say("worksheet.partner_a")),
		"{B}", cmp.Or(d.Names[1], i18n.English.Say("worksheet.partner_b"))).Replace(text)
}

// Blank returns d in language l for display or printing as a blank form. If it belongs to no
// couple, the partners are called partner A and B.
func (c *Catalogue) Blank(l *i18n.Language, d Definition) Definition {
	d = c.In(l, d)
	if d.Names[0] != "" {
		return d
	}
	return d.Naming(l.Say("worksheet.partner_a"), l.Say("worksheet.partner_b"))
}
