package worksheets

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lowestAnswers answers every scale with 1, and every choice with its first option.
func lowestAnswers(d Definition) map[string]Value {
	values := map[string]Value{}
	for _, f := range d.Fields {
		switch f.Type {
		case Scale:
			values[f.ID] = textValue("1")
		case SingleChoice:
			values[f.ID] = textValue(f.Options[0].Value)
		case Likert:
			v := Value{Cells: map[string]string{}}
			for _, row := range f.Rows {
				v.Cells[row.ID] = f.Options[0].Value
			}
			values[f.ID] = v
		}
	}
	return values
}

// TestAWorksheetThatComparesNothingIsReadAlone: for a worksheet without comparisons, no other page
// is read, so no other page can change its flags.
func TestAWorksheetThatComparesNothingIsReadAlone(t *testing.T) {
	compares := 0
	for _, d := range shipped(t).All() {
		if d.compares() {
			compares++
			continue
		}
		var pages []map[string]Value
		for _, h := range writers {
			pages = append(pages, h.answers(d))
		}
		pages = append(pages, lowestAnswers(d))
		for _, mine := range pages {
			alone := d.Raise(Context{Answers: mine})
			for _, others := range pages {
				beside := d.Raise(Context{Answers: mine, Other: others, Earlier: slices.Repeat([]map[string]Value{others}, 7)})
				if diff := cmp.Diff(alone, beside); diff != "" {
					t.Errorf("%s: %s", d.ID, diff)
				}
			}
		}
	}
	if compares < 3 {
		t.Errorf("only %d worksheets compare", compares)
	}
}
