package worksheets

import (
	"mend/internal/i18n"
	"mend/internal/pdf"
)

// filledIn returns an SQL expression for the language in which the page is filled in, for use in an
// UPDATE of answers: the author's language, or English for a counselor's form.
func (f OpenPage) filledIn() string {
	if !f.Portal {
		return `'` + i18n.English.Tag + `'`
	}
	return `(SELECT s.language FROM sign_ins s
	  WHERE s.practice_id = answers.practice_id AND s.partner_id = answers.partner_id)`
}

// languageOfBoth is an SQL expression for the language in which two partners read joint pages: the
// one that both chose, or NULL if they chose different ones.
const languageOfBoth = `(SELECT MIN(s.language) FROM sign_ins s
	  WHERE s.practice_id = ? AND s.partner_id IN (?, ?)
	  HAVING COUNT(*) = 2 AND MIN(s.language) = MAX(s.language))`

// FilledIn returns the language in which to print a page: the one in which it was filled in, or
// English if its wording has no translation or the language is unknown.
func (c *Catalogue) FilledIn(p Page) *i18n.Language {
	l := i18n.Of(p.Answer.Language)
	if !c.isTranslated(p.Worksheet) {
		return i18n.English
	}
	return l
}

// typedIn returns the language of what the author typed, or "" if that is unknown or the same as
// the page's. It is "" in what the other partner reads, which must not reveal it.
func (r SentPage) typedIn() string {
	typed := r.Answer.Language
	if r.forPartner || typed == tagOf(r.Worksheet.Language) {
		return ""
	}
	return typed
}

func tagOf(l *i18n.Language) string {
	if l == nil {
		return i18n.English.Tag
	}
	return l.Tag
}

// isTyped reports whether answers to f are free text.
func (f Field) isTyped() bool { return f.Type == ShortText || f.Type == LongText }

// answer returns the answer to f, with the language of each part.
func (r SentPage) answer(f Field) pdf.Block {
	v, typed := r.Values[f.ID], r.typedIn()
	lines := f.Show(v)
	switch {
	case len(lines) == 0:
		return pdf.Paragraph{Text: f.Language.Say("worksheet.no_answer"), Muted: true}
	case v.Declined != "" || typed == "":
		// everything is in the language of the page
	case f.Type == Table:
		return f.rows(v.Rows, typed)
	case f.isTyped():
		return pdf.Paragraph{Text: lines[0], Language: typed}
	}
	if len(lines) == 1 {
		return pdf.Paragraph{Text: lines[0]}
	}
	return pdf.List(lines)
}

// rows returns a table that was filled in another language than its column heads.
func (f Field) rows(rows []map[string]string, typed string) pdf.Table {
	table := pdf.Table{Languages: make([]string, len(f.Columns))}
	for i, column := range f.Columns {
		table.Columns = append(table.Columns, column.Label)
		if column.isTyped() {
			table.Languages[i] = typed
		}
	}
	for _, row := range rows {
		cells := make([]string, len(f.Columns))
		for i, column := range f.Columns {
			if text := row[column.ID]; text != "" {
				cells[i] = column.word(text)
			}
		}
		table.Rows = append(table.Rows, cells)
	}
	return table
}
