package handlers

import (
	"fmt"
	"slices"
	"strings"

	"mend/worksheets"
)

// spare is how many empty rows a table shows beside those filled.
const spare = 2

func ask(f worksheets.Field, name string, v worksheets.Value) question {
	q := question{Field: f, Name: name, Value: v}
	if f.Type != worksheets.Table {
		return q
	}
	for n := range min(len(v.Rows)+spare, 50) {
		line := tableLine{Number: n + 1}
		for _, column := range f.Columns {
			cell := worksheets.Value{}
			if n < len(v.Rows) {
				cell.Text = v.Rows[n][column.ID]
			}
			line.Cells = append(line.Cells, ask(column, fmt.Sprintf("%s.%d.%s", name, n, column.ID), cell))
		}
		q.Lines = append(q.Lines, line)
	}
	return q
}

// Insteads are what can be said instead of an answer.
func (q question) Insteads() []worksheets.Option { return worksheets.Insteads }

// Chosen tells whether option is the answer, or one of it.
func (q question) Chosen(option string) bool {
	return q.Value.Text == option || slices.Contains(q.Value.Picks, option)
}

// ChosenIn tells whether option is the answer of a row.
func (q question) ChosenIn(row, option string) bool { return q.Value.Cells[row] == option }

// Tens are the steps of a scale.
func (q question) Tens() []string { return strings.Split("0 1 2 3 4 5 6 7 8 9 10", " ") }

// ShowRule is the condition under which the question is shown, for the script:
// field, operator and value, or "".
func (q question) ShowRule() string {
	if q.ShowIf == nil {
		return ""
	}
	return q.ShowIf.Field + " " + q.ShowIf.Op + " " + q.ShowIf.Value
}
