package worksheets

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/dbtest"
	"mend/internal/rowmac"
)

// A writer fills in every field in one way.
type writer struct {
	name   string
	all    bool // every field, or only the required ones
	answer func(f Field) Value
}

// writers are an ordinary one, one that uses every limit, and one that declines to answer.
var writers = []writer{
	{"only what is needed", false, plainAnswer},
	{"everything", true, plainAnswer},
	{"to the limits", true, largestValue},
	{"rather not", true, func(f Field) Value {
		if f.Sensitive {
			return Value{Declined: InPerson}
		}
		return plainAnswer(f)
	}},
}

// largestValue returns the largest value of a field: the longest text, with multibyte letters and
// special characters of HTML and PDF, every tick, the last option, every row.
func largestValue(f Field) Value {
	long := func(n int) string {
		text := strings.Repeat("Señor <b>&\"é–", n)
		return strings.TrimSpace(string([]rune(text)[:n]))
	}
	switch f.Type {
	case ShortText:
		return textValue(long(MostShort))
	case LongText:
		return textValue(long(MostLong-2) + "\né")
	case Scale:
		return textValue("10")
	case YesNo:
		return textValue("no")
	case Date:
		return textValue("2032-02-29")
	case SingleChoice:
		return textValue(f.Options[len(f.Options)-1].Value)
	case MultiChoice, Checklist:
		var v Value
		for _, o := range f.Options {
			if f.MaxChoices == 0 || len(v.Picks) < f.MaxChoices {
				v.Picks = append(v.Picks, o.Value)
			}
		}
		return v
	case Likert:
		v := Value{Cells: map[string]string{}}
		for i, row := range f.Rows {
			v.Cells[row.ID] = f.Options[i%len(f.Options)].Value
		}
		return v
	}
	var v Value
	for range mostRows {
		row := map[string]string{}
		for _, c := range f.Columns {
			row[c.ID] = largestValue(c).Text
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// answers returns a writer's answers, without one that would stop the page.
func (h writer) answers(d Definition) map[string]Value {
	values := map[string]Value{}
	for _, f := range d.Fields {
		if h.all || f.Required {
			values[f.ID] = h.answer(f)
		}
	}
	if s := d.StopIf; s != nil && values[s.Field].Text == s.Value {
		f, _ := d.Field(s.Field)
		values[s.Field] = textValue(f.Options[0].Value)
		if f.Options[0].Value == s.Value {
			values[s.Field] = textValue(f.Options[1].Value)
		}
	}
	return values
}

// TestEveryWorksheetIsReadAndPrintedAsItWasTyped has every writer fill in and send each worksheet
// of the catalogue, and checks what is stored, shown and printed.
func TestEveryWorksheetIsReadAndPrintedAsItWasTyped(t *testing.T) {
	dbtest.Long(t)
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, dbtest.Open(t, engine))
			for i, d := range w.st.Catalogue().All() {
				for j, h := range writers {
					w.walk(d, h, 100*i+20*j)
				}
			}
		})
	}
}

func (w *world) walk(d Definition, h writer, at int) {
	w.Helper()
	to := d.defaultAudience(w.couple, w.couple.Breaches[0].ID)
	if to == ToEach {
		to = ToA
	}
	if d.Gate != "" {
		w.finishConversation(ToA, "none-seen", at-4)
		w.finishConversation(ToB, "none-seen", at-2)
	}
	if _, err := w.db.Exec(w.Context(), `DELETE FROM follow_ups`); err != nil { // holds would keep joint pages closed
		w.Fatal(err)
	}
	w.must(rowmac.Stamp(w.Context(), w.db, w.st.vault, w.practice.ID, rowmac.Holds, w.couple.ID))
	pages := w.deliver(d.ID, to, Delivery{}, at)
	page, _ := find(pages, func(p Page) bool { return p.Audience != ToJoint || p.IsJoint() })
	if page.IsJoint() {
		w.must(w.st.Activate(w.Context(), w.couple, page.Assignment.ID, after(at)))
	}
	f := w.open(page)
	values := h.answers(f.Worksheet)
	if err := w.st.SaveForm(w.Context(), f, form(f, true, values), after(at+1)); err != nil {
		w.Errorf("%s, %s: %v", d.ID, h.name, err)
		return
	}
	if page.IsJoint() {
		w.closeJoint(page.Assignment.ID, at)
	}
	r, ok := find(w.read(page), func(r SentPage) bool { return r.Answer.ID == page.Answer.ID })
	if !ok || !r.Sent() {
		w.Errorf("%s, %s: it was not sent", d.ID, h.name)
		return
	}
	if diff := cmp.Diff(f.Worksheet.Keep(r.Role, values), r.Values); diff != "" {
		w.Errorf("%s, %s: -typed +read: %.600s", d.ID, h.name, diff)
	}
	printed := textOf(FilledSheet(paper, []SentPage{r}).Blocks)
	for _, field := range r.Worksheet.Visible(r.Role, r.Values) {
		for _, line := range field.Show(r.Values[field.ID]) {
			if !strings.Contains(printed, line) {
				w.Errorf("%s, %s: the paper lacks %s %.80q", d.ID, h.name, field.ID, line)
			}
		}
	}
	for _, flag := range r.Flags {
		if flag.Text == "" || strings.Contains(flag.Text, "{") {
			w.Errorf("%s, %s: a flag says %q", d.ID, h.name, flag.Text)
		}
	}
}

// closeJoint closes a joint page, or an agreement with its days.
func (w *world) closeJoint(assignment string, at int) {
	w.Helper()
	err := w.st.Close(w.Context(), w.couple, assignment, after(at+2))
	if err != nil {
		err = w.st.CloseAgreement(w.Context(), w.couple, assignment, halfYear, after(at+2))
	}
	w.must(err)
}

// TestWhatIsTooMuchOrNotOfferedIsRefusedWithWords tries a value just beyond the limits of each
// field of the catalogue.
func TestWhatIsTooMuchOrNotOfferedIsRefusedWithWords(t *testing.T) {
	dbtest.Long(t)
	t.Parallel()
	for _, d := range shipped(t).All() {
		for _, f := range d.Fields {
			for name, typed := range unknownParts(f) {
				if _, problem := f.Read(map[string][]string{"a." + f.ID + name: {typed}}); problem == "" {
					t.Errorf("%s.%s takes %.40q", d.ID, f.ID, typed)
				}
			}
		}
	}
}

// unknownParts returns invalid values of form fields, by the end of the form field's name.
func unknownParts(f Field) map[string]string {
	switch f.Type {
	case ShortText:
		return map[string]string{"": strings.Repeat("é", mostKept+1)}
	case LongText:
		return map[string]string{"": strings.Repeat("é", mostKept+1)}
	case Scale:
		return map[string]string{"": "11"}
	case Date:
		return map[string]string{"": "2031-02-29"}
	case Likert:
		return map[string]string{"." + f.Rows[0].ID: "never offered"}
	case Table:
		parts := map[string]string{}
		for _, c := range f.Columns {
			for _, typed := range unknownParts(c) {
				parts[fmt.Sprintf(".0.%s", c.ID)] = typed
			}
		}
		return parts
	}
	return map[string]string{"": "never offered"}
}
