package fhir

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mend/worksheets"
)

// fields returns the questions of items in order.
func (in *importer) fields(items []Item, path string) ([]worksheets.Field, error) {
	for n, i := range items {
		at := fmt.Sprintf("%s[%d]", path, n)
		if err := in.add(i, at); err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
	}
	return in.done, nil
}

// add imports an item and the items nested in it.
func (in *importer) add(i Item, at string) error {
	if i.Type == "display" {
		in.keepHint(i)
		return nil
	}
	if i.Type == "group" && !in.table(i) {
		return in.flatten(i, at)
	}
	if in.isSum(i, at) {
		return nil
	}
	f, ok, err := in.field(i, at)
	if err != nil || !ok {
		return err
	}
	f.Help = strings.Join(append(in.hint, helps(i.Item)...), " ")
	in.hint = nil
	f.ShowIf = in.showIf(i, at)
	in.done = append(in.done, f)
	if i.Type == "group" {
		return nil
	}
	_, err = in.fields(slices.DeleteFunc(slices.Clone(i.Item), isHelp), at+".item")
	return err
}

func (in *importer) keepHint(i Item) {
	if text := labelOf(i); words(text) != "" {
		in.hint = append(in.hint, words(text))
	}
}

func isHelp(i Item) bool { return i.Type == "display" }

func helps(items []Item) []string {
	var list []string
	for _, i := range items {
		if isHelp(i) && words(labelOf(i)) != "" {
			list = append(list, labelOf(i))
		}
	}
	return list
}

// flatten imports a group as separate questions.
func (in *importer) flatten(i Item, at string) error {
	if i.Repeats {
		in.lose(at, "A group that can be given several times is asked once.")
	}
	if len(i.EnableWhen) > 0 {
		in.lose(at, "A condition on a whole group is not kept: its questions are always shown.")
	}
	in.keepHint(i)
	_, err := in.fields(i.Item, at+".item")
	return err
}

// table reports whether a group is one question: the same choices for several rows, or columns that
// can be filled in repeatedly.
func (in *importer) table(i Item) bool {
	if _, ours := find(i.Extension, mendField); ours {
		return true
	}
	return sameChoices(i) || columns(i)
}

// sameChoices reports whether all items of a group have the same choices.
func sameChoices(i Item) bool {
	lines := slices.DeleteFunc(slices.Clone(i.Item), isHelp)
	if len(lines) < 2 || i.Repeats {
		return false
	}
	for _, line := range lines {
		if line.Type != "choice" || line.Repeats || len(line.EnableWhen) > 0 || len(line.Item) > 0 ||
			len(line.AnswerOption) == 0 ||
			line.Required != lines[0].Required || !slices.EqualFunc(line.AnswerOption, lines[0].AnswerOption, sameOption) {
			return false
		}
	}
	return true
}

// columns reports whether a group repeats and contains only simple questions.
func columns(i Item) bool {
	return i.Repeats && !slices.ContainsFunc(i.Item, func(c Item) bool {
		return !slices.Contains([]string{"string", "boolean", "date", "choice"}, c.Type) || c.Repeats ||
			len(c.EnableWhen) > 0 || len(c.Item) > 0 ||
			c.Type == "choice" && len(c.AnswerOption) == 0
	})
}

// field imports an item that is a question. ok is false if no question type of Mend fits.
func (in *importer) field(i Item, at string) (f worksheets.Field, ok bool, err error) {
	if rest, ours := find(i.Extension, mendField); ours {
		if err := fromYAML(rest, &f); err != nil {
			return f, false, err
		}
	}
	f.ID, f.Label, f.Required = in.names[i.LinkID], labelOf(i), i.Required
	if words(f.Label) == "" {
		f.Label = "Question " + i.LinkID
	}
	if f.Type == "" {
		if f.Type, ok = in.kind(i, at); !ok {
			return f, false, nil
		}
	}
	switch f.Type {
	case worksheets.Likert:
		in.rows(&f, i)
	case worksheets.Table:
		err = in.columns(&f, i, at)
	case worksheets.SingleChoice, worksheets.MultiChoice, worksheets.Checklist:
		f.Options = in.options(i)
	}
	return f, err == nil, err
}

// labelOf returns the text of an item, after its prefix if it has one.
func labelOf(i Item) string {
	if i.Prefix == "" {
		return i.Text
	}
	return words(i.Prefix + " " + i.Text)
}

// kind returns the question type for an item that another program made.
func (in *importer) kind(i Item, at string) (worksheets.FieldType, bool) {
	switch i.Type {
	case "group":
		if sameChoices(i) {
			return worksheets.Likert, true
		}
		return worksheets.Table, true
	case "attachment", "reference":
		in.lose(at, "A question for a file or a record has no place here and is left out.")
		return "", false
	case "boolean":
		return worksheets.YesNo, in.single(i, at, 0)
	case "date":
		return worksheets.Date, in.single(i, at, 0)
	case "text":
		return worksheets.LongText, in.single(i, at, worksheets.MostLong)
	case "choice", "open-choice":
		return in.choice(i, at)
	case "integer", "decimal", "quantity", "dateTime", "time", "url":
		if i.Type == "integer" && toTen(i) {
			return worksheets.Scale, in.single(i, at, 0)
		}
		in.lose(at, "The answer is a line of text: that it is a "+i.Type+" is not checked.")
	}
	return worksheets.ShortText, in.single(i, at, worksheets.MostShort)
}

// single records what is lost when a question takes one answer only, of at most most characters. It
// always returns true.
func (in *importer) single(i Item, at string, most int) bool {
	if i.Repeats {
		in.lose(at, "Several answers to one question of this kind are not kept apart.")
	}
	if i.MaxLength > 0 && i.MaxLength != most {
		in.lose(at, fmt.Sprintf("That an answer has at most %d characters is not kept.", i.MaxLength))
	}
	if len(i.AnswerOption) > 0 || i.AnswerValueSet != "" {
		in.lose(at, "The answers to choose from are not kept: the answer is typed.")
	}
	return true
}

func (in *importer) choice(i Item, at string) (worksheets.FieldType, bool) {
	switch {
	case len(in.options(i)) == 0 && i.AnswerValueSet == "":
		in.lose(at, "There are no answers to choose from: the answer is a line of text.")
		return worksheets.ShortText, true
	case len(in.options(i)) == 0:
		in.lose(at, "The list of answers is kept elsewhere ("+i.AnswerValueSet+"): the answer is a line of text.")
		return worksheets.ShortText, true
	case i.Type == "open-choice":
		in.lose(at, "An answer of one's own, beside those to choose, is not kept.")
	}
	if i.Repeats {
		return worksheets.MultiChoice, true
	}
	return worksheets.SingleChoice, true
}

func toTen(i Item) bool {
	least, _ := find(i.Extension, minValue)
	most, _ := find(i.Extension, maxValue)
	return least.ValueInteger != nil && *least.ValueInteger == 0 && most.ValueInteger != nil && *most.ValueInteger == 10
}

// rows imports the rows of a Likert table.
func (in *importer) rows(f *worksheets.Field, i Item) {
	for _, line := range i.Item {
		if isHelp(line) {
			continue
		}
		if f.Options == nil {
			f.Options = in.options(line)
		}
		f.Rows = append(f.Rows, worksheets.Row{ID: in.part(f.ID, i.LinkID, line.LinkID), Label: labelOf(line)})
		f.Required = f.Required || line.Required
	}
}

// part returns the id of a row or column: the linkId without the prefix of its question.
func (in *importer) part(field, question, link string) string {
	if own, ok := strings.CutPrefix(link, question+"."); ok && partName.MatchString(own) {
		return own
	}
	return in.names[link]
}

var partName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (in *importer) columns(f *worksheets.Field, i Item, at string) error {
	for n, cell := range i.Item {
		if isHelp(cell) {
			continue
		}
		c, ok, err := in.field(cell, fmt.Sprintf("%s.item[%d]", at, n))
		if err != nil {
			return fmt.Errorf("item[%d]: %w", n, err)
		}
		if ok {
			c.ID, c.Help, c.Required = in.part(f.ID, i.LinkID, cell.LinkID), strings.Join(helps(cell.Item), " "), false
			f.Columns = append(f.Columns, c)
		}
	}
	return nil
}

// showIf imports a condition. One that Mend cannot express is recorded as lost, and the question is
// always shown.
func (in *importer) showIf(i Item, at string) *worksheets.ShowIf {
	if len(i.EnableWhen) == 0 {
		return nil
	}
	w := i.EnableWhen[0]
	s := worksheets.ShowIf{Field: in.names[w.Question], Op: map[string]string{"=": "eq", "!=": "ne"}[w.Operator]}
	n := slices.IndexFunc(in.done, func(f worksheets.Field) bool { return f.ID == s.Field })
	switch {
	case w.AnswerBoolean != nil:
		s.Value = map[bool]string{true: "yes", false: "no"}[*w.AnswerBoolean]
	case w.AnswerCoding != nil:
		s.Value = w.AnswerCoding.Code
	case w.AnswerString != nil:
		s.Value = *w.AnswerString
	}
	if n >= 0 && s.Op == "eq" && slices.Contains([]worksheets.FieldType{worksheets.MultiChoice, worksheets.Checklist},
		in.done[n].Type) {
		s.Op = "includes"
	}
	if n < 0 || len(i.EnableWhen) > 1 || s.Op == "" || !in.done[n].Fits(s) {
		in.lose(at, "Its condition is not one that is known here: the question is always shown.")
		return nil
	}
	return &s
}
