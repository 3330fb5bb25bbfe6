package worksheets

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
	"mend/internal/fault"
)

// TestASensitiveQuestionOfAnyTypeCanBeLeftWithAWordOfItsOwn parses, stores and shows the substitute
// answer for every type.
func TestASensitiveQuestionOfAnyTypeCanBeLeftWithAWordOfItsOwn(t *testing.T) {
	options := []Option{{Value: "x", Label: "X"}}
	for _, f := range []Field{
		{Type: ShortText},
		{Type: LongText},
		{Type: Date},
		{Type: Scale},
		{Type: YesNo},
		{Type: SingleChoice, Options: options},
		{Type: Checklist, Options: options},
		{Type: Likert, Options: options, Rows: []Row{{ID: "r", Label: "R"}}},
		{Type: Table, Columns: []Field{{ID: "c", Label: "C", Type: ShortText}}},
	} {
		f.ID, f.Label, f.Required, f.Sensitive = "q", "Q", true, true
		typed := url.Values{"a.q": {"x"}, "a.q.r": {"x"}, "a.q.0.c": {"x"}, "a.q.instead": {InPerson}}
		v, problem := f.Read(typed)
		if v.Declined != InPerson || problem != "" || !f.Owns("a.q.instead") {
			t.Errorf("%s: read %+v %q", f.Type, v, problem)
		}
		again, err := f.Decode(v.Encode())
		if diff := cmp.Diff(Value{Declined: InPerson}, again); diff != "" || err != nil {
			t.Errorf("%s: %v %s", f.Type, err, diff)
		}
		if said := strings.Join(f.Show(again), ""); said != "Would like to talk about this in person." || !f.answered(again) {
			t.Errorf("%s: shown as %q", f.Type, said)
		}
		f.Sensitive = false
		if v, _ := f.Read(typed); v.Declined != "" || f.Owns("a.q.instead") {
			t.Errorf("%s: taken although nobody marked it", f.Type)
		}
	}
	if _, err := (Field{Type: ShortText}).Decode(`{"instead":"never"}`); err == nil {
		t.Error("an unknown word is taken")
	}
}

func TestAConditionDoesNotHoldForWhatWasNotAnswered(t *testing.T) {
	d := Definition{Fields: []Field{
		{ID: "a", Type: YesNo, Sensitive: true},
		{ID: "b", Type: ShortText, ShowIf: &ShowIf{"a", "ne", "yes"}},
	}}
	if shown := d.Visible("", map[string]Value{"a": {Declined: RatherNot}}); len(shown) != 1 {
		t.Errorf("got %+v", shown)
	}
	if shown := d.Visible("", map[string]Value{"a": {Text: "no"}}); len(shown) != 2 {
		t.Errorf("got %+v", shown)
	}
}

func TestAJointPageHasNoSensitiveQuestion(t *testing.T) {
	d := wordingOf(t, "date-night-plan")
	d.Fields[0].Sensitive = true
	if err := d.check(); err == nil || !strings.Contains(err.Error(), "the other would see it") {
		t.Error(err)
	}
}

// TestWhatSomebodyWouldRatherSayIsOnTheCounselorsListWithoutAWordOfTheirs, from sending the page
// until they have talked.
func TestWhatSomebodyWouldRatherSayIsOnTheCounselorsListWithoutAWordOfTheirs(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.give("impact-statement", ToA, 0, 0)[0]
		values := map[string]Value{
			"first": {Declined: InPerson}, "under": {Declined: RatherNot},
			"now": textValue("Quiet evenings."),
		}
		w.keep(page, values, 1)
		topics := func() []Topic {
			list, err := w.st.Topics(w.Context(), w.practice.ID, w.dana.ID, "")
			w.must(err)
			return list
		}
		if got := topics(); len(got) != 0 {
			w.Errorf("before it was sent: %+v", got)
		}
		w.send(page, values, 2)
		got := topics()
		if len(got) != 1 || got[0].Name != "Rowan" || !strings.Contains(got[0].Words, page.Worksheet.Title) ||
			got[0].Words == page.Worksheet.Title {
			w.Fatalf("got %+v", got)
		}
		r := w.read(page)[0]
		if shown := page.Preview(r); shown.Values["first"].Declined != "" || shown.Values["under"].Declined != "" ||
			shown.Values["now"].Text != "Quiet evenings." {
			w.Errorf("the partner would see that something was left: %+v", shown.Values)
		}
		if list, err := w.st.Topics(w.Context(), w.practice.ID, "somebody", ""); err != nil || len(list) != 0 {
			w.Errorf("another counselor's list: %+v %v", list, err)
		}
		w.want("another counselor", w.st.Talked(w.Context(), w.practice.ID, "somebody", got[0].ID, after(3)), fault.NotFound)
		for range 2 {
			w.must(w.st.Talked(w.Context(), w.practice.ID, w.dana.ID, got[0].ID, after(3)))
		}
		if left := topics(); len(left) != 0 {
			w.Errorf("still there: %+v", left)
		}
		if _, err := w.st.PartnerPage(w.Context(), w.asPartner(couples.A), w.couple.Partner(couples.A), page.Assignment.ID,
			someday); err != nil && !errors.Is(err, fault.NotFound) {
			w.Error(err)
		}
	})
}
