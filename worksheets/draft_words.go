package worksheets

import (
	"fmt"
	"slices"
	"strings"
)

// OptionLines returns the choices of f in the syntax of the draft form.
func (d Definition) OptionLines(f Field) string {
	var list []string
	for _, o := range f.Options {
		line := o.Label
		if o.Score != nil {
			line += fmt.Sprintf(" = %d", *o.Score)
		}
		for _, r := range d.Flags {
			if r.typedIn() && r.Field == f.ID && slices.Contains(r.Values, o.Value) {
				line += " !"
			}
		}
		list = append(list, line)
	}
	return strings.Join(list, "\n")
}

// RowLines returns the rows of a Likert table in the syntax of the draft form.
func (d Definition) RowLines(f Field) string {
	var list []string
	for _, row := range f.Rows {
		line := row.Label
		for _, r := range d.Flags {
			if r.typedIn() && r.Field == f.ID+"."+row.ID {
				line += " ! " + r.Value
			}
		}
		list = append(list, line)
	}
	return strings.Join(list, "\n")
}

// ColumnLines returns the columns of a table in the syntax of the draft form.
func (f Field) ColumnLines() string {
	var list []string
	for _, c := range f.Columns {
		kind := strings.Join(labels(c.Options), " / ")
		for _, k := range columnWords {
			if k.kind == c.Type {
				kind = k.words
			}
		}
		list = append(list, c.Label+" ("+kind+")")
	}
	return strings.Join(list, "\n")
}

// BandLines returns the bands of the sum in the syntax of the draft form.
func (d Definition) BandLines() string {
	if d.Score == nil {
		return ""
	}
	var list []string
	for _, b := range d.Score.Bands {
		list = append(list, fmt.Sprintf("%d = %s", b.From, b.Label))
	}
	return strings.Join(list, "\n")
}

// Counted reports whether the sum includes f.
func (d Definition) Counted(f Field) bool {
	return d.Score != nil && slices.Contains(d.Score.Fields, f.ID)
}

// A When is a condition that can be chosen for a question.
type When struct{ Value, Label string }

// String returns the condition as the form submits it.
func (s ShowIf) String() string { return s.Field + " " + s.Op + " " + s.Value }

// Whens returns the conditions that can be chosen for the i-th question: answers to earlier
// questions.
func (d Definition) Whens(i int) []When {
	var list []When
	for n, f := range d.Fields[:i] {
		options := f.Options
		if f.Type == YesNo {
			options = []Option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}}
		}
		for _, o := range options {
			for _, op := range f.ops() {
				list = append(list, When{ShowIf{f.ID, op.op, o.Value}.String(), fmt.Sprintf("%d %s “%s”", n+1, op.words, o.Label)})
			}
		}
	}
	return list
}

type condition struct{ op, words string }

func (f Field) ops() []condition {
	switch {
	case f.ticks():
		return []condition{{"includes", "has a check mark at"}}
	case f.Type == SingleChoice, f.Type == YesNo:
		return []condition{{"eq", "is"}, {"ne", "is not"}}
	}
	return nil
}

// Outline returns the draft as text, for comparing two versions.
func (d Definition) Outline() string {
	list := []string{d.Title, d.Purpose}
	for i, f := range d.Fields {
		list = append(list, fmt.Sprintf("%d. %s", i+1, f.Label))
		for _, part := range []string{f.Help, d.OptionLines(f), d.RowLines(f), f.ColumnLines()} {
			if part != "" {
				list = append(list, "   "+strings.ReplaceAll(part, "\n", "\n   "))
			}
		}
	}
	return strings.Join(list, "\n")
}
