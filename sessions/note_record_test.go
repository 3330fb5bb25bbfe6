package sessions

import (
	"maps"
	"strings"
	"testing"

	"mend/internal/fault"
	"mend/internal/fields"
)

// changedTicks are ticks that are changed with the note, and what each changes in it.
var changedTicks = []struct{ field, value, block, drafted string }{
	{"activity.s2-a1", "yes", "activities", " and "},
	{"activity.own", "a letter read aloud", "activities", "a letter read aloud"},
	{"intervention.reflective-listening", "yes", "interventions", "reflective listening"},
	{"response.A", "tearful", "response_a", "Rowan was tearful."},
	{"attendance.B", "late", "attendance", "Jules (arrived late)"},
	{"homework.none", "yes", "homework_reviewed", "No homework was reviewed in this session."},
	{"support", "yes", "support", "Individual support options were discussed"},
}

func TestTicksThatAreChangedWithTheNoteAreThoseOfTheSession(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.held()
		for i, tt := range changedTicks {
			record, err := w.st.Record(t.Context(), s)
			w.must(err)
			e := edit(tt.field, tt.value, record[tt.field].Revision)
			if i%2 == 0 {
				_, err = w.st.SaveNoteField(t.Context(), s, w.note(s), e)
			} else {
				err = w.st.SaveNote(t.Context(), s, w.note(s), map[string]string{tt.field: tt.value}, "form", after(60))
			}
			w.must(err)
			if record, err = w.st.Record(t.Context(), s); err != nil || record[tt.field].Value != tt.value {
				t.Errorf("the session has %q as %s: %v", record[tt.field].Value, tt.field, err)
			}
			draft := w.write(s)
			if got := draft.Drafts[tt.block]; !strings.Contains(got, tt.drafted) {
				t.Errorf("%s: %q", tt.block, got)
			}
			if _, twice := draft.Saved[tt.field]; twice || draft.Record[tt.field].Value != tt.value {
				t.Errorf("%s is kept with the note, too", tt.field)
			}
		}
		bad := map[string]string{"activity.nowhere": "yes"}
		w.want("an unknown tick", w.st.SaveNote(t.Context(), s, w.note(s), bad, "k", after(60)), fault.Malformed)
		err := w.st.SaveNote(t.Context(), s, w.note(s), map[string]string{"response.A": "tearful,nobody", "plan_text": "x"},
			"k", after(60))
		if len(faultsOf(err)) != 1 {
			t.Error("an unknown response is taken:", err)
		}
		if w.write(s).Saved["plan_text"].Value != "" {
			t.Error("half of a refused form was stored")
		}
	})
}

func TestTicksChangeNoMoreOnceTheNoteIsSigned(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.signed()
		before, err := w.st.Record(t.Context(), s)
		w.must(err)
		for _, tt := range changedTicks {
			_, err := w.st.SaveNoteField(t.Context(), s, w.note(s), edit(tt.field, tt.value, before[tt.field].Revision))
			w.want(tt.field, err, fault.Locked)
			err = w.st.SaveNote(t.Context(), s, w.note(s), map[string]string{tt.field: tt.value}, "form", after(90))
			w.want(tt.field+" in a form", err, fault.Locked)
		}
		now, err := w.st.Record(t.Context(), s)
		w.must(err)
		if !maps.EqualFunc(before, now, func(a, b fields.Field) bool { return a.Value == b.Value && a.Revision == b.Revision }) {
			t.Error("the record of a signed session changed")
		}
	})
}
