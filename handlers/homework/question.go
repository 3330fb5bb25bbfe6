package homework

import (
	"fmt"

	"mend/worksheets"
)

// Spare is the number of empty rows that a table shows after the filled ones.
const Spare = 2

// NewQuestion returns a field of a worksheet as a question with its answer.
func NewQuestion(f worksheets.Field, name string, v worksheets.Value) Question {
	q := Question{Field: f, Name: name, Value: v}
	if f.Type != worksheets.Table {
		return q
	}
	for n := range min(len(v.Rows)+Spare, 50) {
		line := tableLine{Number: n + 1}
		for _, column := range f.Columns {
			cell := worksheets.Value{}
			if n < len(v.Rows) {
				cell.Text = v.Rows[n][column.ID]
			}
			line.Cells = append(line.Cells, NewQuestion(column, fmt.Sprintf("%s.%d.%s", name, n, column.ID), cell))
		}
		q.Lines = append(q.Lines, line)
	}
	return q
}
