package fhir

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mend/sessions"
	"mend/worksheets"
)

func catalogue(t testing.TB) []worksheets.Definition {
	t.Helper()
	m, err := sessions.LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	c, err := worksheets.LoadCatalogue(m)
	if err != nil {
		t.Fatal(err)
	}
	return c.All()
}

var wording = cmpopts.IgnoreFields(worksheets.Definition{}, "Hash", "Source")

func TestEveryWorksheetGoesOutAndComesBackTheSame(t *testing.T) {
	for _, d := range catalogue(t) {
		back, lost, err := Import(Export(d), d.ID)
		if err != nil || len(lost) > 0 {
			t.Errorf("%s: %v %v", d.ID, lost, err)
			continue
		}
		if diff := cmp.Diff(d, back, wording); diff != "" {
			t.Errorf("%s: %s", d.ID, diff)
		}
		again, err := worksheets.DecodeDefinition(d.YAML())
		if diff := cmp.Diff(d, again, wording); diff != "" || err != nil {
			t.Errorf("%s as YAML: %s %v", d.ID, diff, err)
		}
	}
}

// answer returns the n-th value with something in every part of f.
func answer(f worksheets.Field, n int) worksheets.Value {
	if f.Sensitive && n == 1 {
		return worksheets.Value{Declined: worksheets.InPerson}
	}
	switch f.Type {
	case worksheets.Likert:
		v := worksheets.Value{Cells: map[string]string{}}
		for i, row := range f.Rows {
			v.Cells[row.ID] = f.Options[(i+n)%len(f.Options)].Value
		}
		return v
	case worksheets.Table:
		var v worksheets.Value
		for range 2 {
			row := map[string]string{}
			for _, c := range f.Columns {
				row[c.ID] = answer(c, n).Text
			}
			v.Rows = append(v.Rows, row)
		}
		return v
	case worksheets.MultiChoice, worksheets.Checklist:
		return worksheets.Value{Picks: []string{f.Options[0].Value, f.Options[len(f.Options)-1].Value}}
	case worksheets.SingleChoice:
		return worksheets.Value{Text: f.Options[n%len(f.Options)].Value}
	case worksheets.Scale:
		return worksheets.Value{Text: fmt.Sprint(10 * n)}
	case worksheets.YesNo:
		return worksheets.Value{Text: []string{"yes", "no"}[n]}
	case worksheets.Date:
		return worksheets.Value{Text: "2032-02-29"}
	}
	return worksheets.Value{Text: "Señor <b>&\"é\n–  two"}
}

func TestAnswersGoOutAndComeBackTheSame(t *testing.T) {
	for _, d := range catalogue(t) {
		for n := range 2 {
			answers := map[string]worksheets.Value{}
			for _, f := range d.Fields {
				answers[f.ID] = answer(f, n)
			}
			text := ExportAnswers(d, answers, time.Date(2031, 3, 12, 22, 14, 0, 0, time.UTC))
			back, err := readAnswers(d, text)
			if diff := cmp.Diff(answers, back, cmpopts.EquateEmpty()); diff != "" || err != nil {
				t.Errorf("%s: %s %v", d.ID, diff, err)
			}
			if !strings.Contains(string(text), `"completed"`) || !strings.Contains(string(text), "2031-03-12T22:14:00Z") {
				t.Errorf("%s: it does not say that it was sent", d.ID)
			}
		}
	}
	if text := ExportAnswers(catalogue(t)[0], nil, time.Time{}); !strings.Contains(string(text), `"in-progress"`) {
		t.Errorf("%s", text)
	}
}

// TestWhatIsWrittenIsFHIR checks the R4 rules whose violation would break other programs
// (https://hl7.org/fhir/R4/questionnaire.html#invs).
func TestWhatIsWrittenIsFHIR(t *testing.T) {
	for _, d := range catalogue(t) {
		var q Questionnaire
		if err := json.Unmarshal(Export(d), &q); err != nil {
			t.Fatal(err)
		}
		if q.ResourceType != "Questionnaire" || q.Status != "active" || len(q.ID) > 64 ||
			notInID.MatchString(q.ID) || len(q.Item) == 0 {
			t.Errorf("%s: %s %s %s", d.ID, q.ResourceType, q.Status, q.ID)
		}
		seen := map[string]bool{}
		for _, i := range q.Item {
			legal(t, d.ID, i, seen)
		}
	}
}

func legal(t *testing.T, at string, i Item, seen map[string]bool) {
	at += "." + i.LinkID
	for _, w := range i.EnableWhen {
		if !seen[w.Question] || (w.AnswerCoding == nil) == (w.AnswerBoolean == nil) ||
			w.Operator != "=" && w.Operator != "!=" {
			t.Errorf("%s: condition %+v", at, w)
		}
	}
	chosen := i.Type == "choice"
	switch {
	case i.LinkID == "" || seen[i.LinkID] || strings.TrimSpace(i.LinkID) != i.LinkID:
		t.Errorf("%s: its linkId is missing or there twice", at)
	case !slices.Contains(types, i.Type):
		t.Errorf("%s: type %q", at, i.Type)
	case i.Type == "display" && (i.Required || i.Repeats || len(i.Item) > 0 || len(i.AnswerOption) > 0):
		t.Errorf("%s: a display that is answered", at)
	case i.Type == "group" && len(i.Item) == 0, chosen != (len(i.AnswerOption) > 0):
		t.Errorf("%s: a group without items, or options where none belong", at)
	case i.MaxLength != 0 && i.Type != "string" && i.Type != "text":
		t.Errorf("%s: maxLength of a %s", at, i.Type)
	}
	for _, o := range i.AnswerOption {
		if o.ValueCoding == nil || o.ValueCoding.Code == "" || o.ValueCoding.Display == "" {
			t.Errorf("%s: option %+v", at, o)
		}
	}
	seen[i.LinkID] = true
	for _, inner := range i.Item {
		legal(t, at, inner, seen)
	}
}

func FuzzImport(f *testing.F) {
	for _, d := range catalogue(f)[:4] {
		f.Add(Export(d))
	}
	f.Add([]byte(foreign))
	for _, tt := range wrongFiles {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, _, err := Import(text, "own-fuzz")
		if err != nil {
			return
		}
		if _, _, err := Import(Export(d), "own-fuzz"); err != nil {
			t.Errorf("it came in and does not go out: %v", err)
		}
	})
}
