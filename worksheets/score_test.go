package worksheets

import (
	"fmt"
	"strings"
	"testing"
)

func intPointer(n int) *int { return &n }

// inventedMeasure returns an invented measure of n choices from 0 to 3.
func inventedMeasure(n int, bands []Band) Definition {
	d := Definition{
		ID: "own-m", Title: "M", Purpose: "P", FilledBy: Each, Portal: true, Privacy: Private,
		Score: &Score{Label: "Sum", Bands: bands},
	}
	for i := range n {
		f := Field{ID: fmt.Sprintf("q%d", i+1), Label: "Q", Type: SingleChoice}
		for score := range 4 {
			f.Options = append(f.Options,
				Option{Value: fmt.Sprint(score), Label: fmt.Sprint("counts ", score), Score: intPointer(score)})
		}
		d.Fields, d.Score.Fields = append(d.Fields, f), append(d.Score.Fields, f.ID)
	}
	return d
}

// The expected results are those of docs/clinical.md, 3.2.
func TestATotalIsAPlainSumAndNeverMadeUp(t *testing.T) {
	nine := []Band{{0, "minimal"}, {5, "mild"}, {10, "moderate"}, {15, "moderately severe"}, {20, "severe"}}
	seven := []Band{{0, "minimal"}, {5, "mild"}, {10, "moderate"}, {15, "severe"}}
	for _, tt := range []struct {
		bands   []Band
		answers string
		says    string
	}{
		{nine, "2 2 1 1 1 1 1 1 0", "Sum: 10, moderate"},
		{nine, "2 2 2 2 2 2 2 1 0", "Sum: 15, moderately severe"},
		{nine, "3 3 3 2 2 2 2 2 1", "Sum: 20, severe"},
		{nine, "0 0 0 0 0 0 0 0 0", "Sum: 0, minimal"},
		{nine, "3 3 3 3 3 3 3 3 -", "Sum: no total, because not everything was answered"},
		{nine, "9 3 3 3 3 3 3 3 3", "Sum: no total, because not everything was answered"},
		{seven, "2 2 2 1 1 1 1", "Sum: 10, moderate"},
		{seven, "1 1 1 1 1 2 2", "Sum: 9, mild"},
		{nil, "3 3", "Sum: 6"},
	} {
		said := strings.Fields(tt.answers)
		d, answers := inventedMeasure(len(said), tt.bands), map[string]Value{}
		for i, a := range said {
			if a != "-" {
				answers[fmt.Sprintf("q%d", i+1)] = Value{Text: a}
			}
		}
		if err := d.check(); err != nil {
			t.Fatal(err)
		}
		if got := d.ScoreLine(answers); got != tt.says {
			t.Errorf("%s: %s, not %s", tt.answers, got, tt.says)
		}
	}
	if got := (Definition{}).ScoreLine(nil); got != "" {
		t.Error(got)
	}
}

func TestAScaleAndATableOfChoicesCountToo(t *testing.T) {
	d := inventedMeasure(1, nil)
	d.Fields = append(d.Fields, Field{ID: "s", Label: "S", Type: Scale},
		Field{
			ID: "l", Label: "L", Type: Likert, Rows: []Row{{ID: "a", Label: "A"}, {ID: "b", Label: "B"}},
			Options: d.Fields[0].Options,
		})
	d.Score.Fields = append(d.Score.Fields, "s", "l")
	answers := map[string]Value{"q1": {Text: "1"}, "s": {Text: "7"}, "l": {Cells: map[string]string{"a": "2", "b": "3"}}}
	if total, _, ok := d.Total(answers); !ok || total != 13 {
		t.Error(total, ok)
	}
	answers["l"].Cells["b"] = ""
	if _, _, ok := d.Total(answers); ok {
		t.Error("a line without an answer counts")
	}
}

func TestASumThatCannotBeFormedIsRefused(t *testing.T) {
	for what, spoil := range map[string]func(*Definition){
		"label or fields":    func(d *Definition) { d.Score.Label = " " },
		"no field":           func(d *Definition) { d.Score.Fields = []string{"q9"} },
		"counted twice":      func(d *Definition) { d.Score.Fields = []string{"q1", "q1"} },
		"without a number":   func(d *Definition) { d.Fields[1].Options[2].Score = nil },
		"the one before":     func(d *Definition) { d.Score.Bands = []Band{{5, "a"}, {5, "b"}} },
		"it has no words":    func(d *Definition) { d.Score.Bands = []Band{{5, " "}} },
		"answers without a ": func(d *Definition) { d.Fields[0] = Field{ID: "q1", Label: "Q", Type: LongText} },
	} {
		d := inventedMeasure(2, nil)
		if spoil(&d); d.check() == nil || !strings.Contains(d.check().Error(), what) {
			t.Errorf("%s: %v", what, d.check())
		}
	}
}
