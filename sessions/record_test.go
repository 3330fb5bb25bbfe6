package sessions

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
	"mend/internal/fields"
)

func TestARecordTakesWhatASessionHas(t *testing.T) {
	st := NewStore(nil, nil, methodContent(t))
	id := rand.Text()
	for _, f := range [][2]string{
		{"plan", "Begin slowly.\nThen see."},
		{"plan", strings.Repeat("é", 8000)},
		{"focus", "the loan"},
		{"focus", strings.Repeat("é", 280)},
		{"planned.s2-a1", "yes"},
		{"planned.s2-a1", ""},
		{"activity.s2-a6", "yes"},
		{"activity.own", "reading a letter"},
		{"intervention.enactment", "yes"},
		{"intervention.own", "a drawing"},
		{"review." + id, "yes"},
		{"homework." + id, "not-done"},
		{"homework." + id, ""},
		{"breach", id},
		{"breach", ""},
		{"now", "s2-p3"},
		{"now", ""},
		{"turn", "both"},
		{"prompt.s2-p1", "yes"},
		{"response.A", "tearful,hopeful,declined"},
		{"response.B", ""},
		{"quote.A", "“It had no ‘but’ in it.” 🌿"},
		{"checkin.B", "quieter"},
		{"attendance.A", "left-early"},
		{"attendance.B", "absent"},
		{"mode.A", "phone"},
		{"observation", "slow"},
		{"interaction", "one repair"},
		{"prompts", "What did you notice?\nAnd then?"},
		{"prompt.own-20", "yes"},
		{"now", "own-1"},
		{"part.work", "25"},
		{"part.leave", ""},
		{"order", "s2-a2,s2-a1"},
		{"show", "trust-pulse"},
		{"pause.returned", "did not return"},
		{"measures", "yes"},
		{"support", ""},
		{"telehealth", "yes"},
	} {
		if err := st.checkFields(Session{Step: "own-and-apologize"}, map[string]string{f[0]: f[1]}); err != nil {
			t.Errorf("%s = %.20q: %v", f[0], f[1], err)
		}
	}
}

func TestARecordRefusesWhatNoSessionHas(t *testing.T) {
	st := NewStore(nil, nil, methodContent(t))
	for _, f := range [][2]string{ // what the page's form never sends
		{"signed", "yes"},
		{"", "yes"},
		{"activity.s1-a1", "yes"},
		{"planned.s1-a1", "yes"},
		{"activity", "yes"},
		{"prompt.s1-p1", "yes"},
		{"intervention.hypnosis", "yes"},
		{"response.C", "tearful"},
		{"response", "tearful"},
		{"breach.x", ""},
		{"now.x", ""},
		{"prompt.own-0", "yes"},
		{"prompt.own-21", "yes"},
		{"part.lunch", "5"},
		{"part", "5"},
		{"show.x", ""},
		{"order.x", ""},
		{"homework.short", "done"},
		{"review.' OR 1=1 --", "yes"},
		{"attendance.C", "present"},
		{"quote.C", "x"},
		{"text.attendance", "x"},
		{"focus.x", "x"},
	} {
		if err := st.checkFields(Session{Step: "own-and-apologize"},
			map[string]string{f[0]: f[1]}); !errors.Is(err, fault.Malformed) {
			t.Errorf("%s: %v", f[0], err)
		}
	}
	for _, f := range [][2]string{ // an invalid value
		{"attendance.A", "asleep"},
		{"mode.B", "telepathy"},
		{"turn", "C"},
		{"pause.returned", "maybe"},
		{"measures", "no"},
		{"now", "s1-p1"},
		{"activity.s2-a1", "twice"},
		{"prompt.s2-p1", "used"},
		{"prompt.own-2", "used"},
		{"now", "own-x"},
		{"now", "own-21"},
		{"part.arrive", "-1"},
		{"part.work", "481"},
		{"part.work", "ten"},
		{"prompts", strings.Repeat("x", 20001)},
		{"order", strings.Repeat("x", 2001)},
		{"show", strings.Repeat("x", 101)},
		{"homework." + rand.Text(), "lost"},
		{"breach", "the loan"},
		{"response.A", "tearful,hopeful,declined,guarded"},
		{"response.A", "tearful,levitated"},
		{"response.B", "was tearful"},
		{"plan", strings.Repeat("x", 20001)},
		{"focus", strings.Repeat("x", 2001)},
		{"quote.A", strings.Repeat("é", 2001)},
		{"focus", "nul\x00"},
		{"observation", "broken \xff"},
		{"response.A", "tearful\x00"},
		{"plan", "\xc3"},
	} {
		if err := st.checkFields(Session{Step: "own-and-apologize"},
			map[string]string{f[0]: f[1]}); faultsOf(err)[f[0]] == "" {
			t.Errorf("%s = %.20q: %v", f[0], f[1], err)
		}
	}
}

func TestAFieldOfTheRecordIsSavedByRevisions(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		first := edit("focus", "the loan", 0)
		for range 2 { // sent again because the answer was lost
			f, err := w.st.SaveField(t.Context(), s, first)
			if err != nil || f.Revision != 1 {
				w.Fatal(f, err)
			}
		}
		f, err := w.st.SaveField(t.Context(), s, edit("focus", "the hidden loan", 1))
		if err != nil || f.Revision != 2 {
			w.Fatal(f, err)
		}
		_, err = w.st.SaveField(t.Context(), s, edit("focus", "from another window", 1))
		clash, ok := errors.AsType[fields.Clash](err)
		if !ok || clash.Theirs.Value != "the hidden loan" {
			w.Error(err)
		}
		fieldSet, err := w.st.recordFieldSet(t.Context(), w.db, s)
		w.must(err)
		if lost, err := fields.Copies(t.Context(), w.db, fieldSet, ""); err != nil || len(lost) != 1 ||
			lost[0].Value != "from another window" {
			w.Error(lost, err)
		}
		if _, err := w.st.SaveField(t.Context(), s, edit("attendance.A", "asleep", 0)); faultsOf(err)["attendance.A"] == "" {
			w.Error(err)
		}
		record, err := w.st.Record(t.Context(), s)
		if diff := cmp.Diff(map[string]string{"focus": "the hidden loan"}, fields.Values(record)); diff != "" || err != nil {
			w.Error(diff, err)
		}
	})
}

func TestAFormOfTheRecordIsStoredWholeOrNotAtAll(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		bad := map[string]string{"focus": "the loan", "attendance.A": "asleep", "turn": "C"}
		if got := faultsOf(w.st.SaveRecord(t.Context(), s, bad, "k", four)); len(got) != 2 {
			w.Error(got)
		}
		w.want("an unknown field",
			w.st.SaveRecord(t.Context(), s, map[string]string{"focus": "x", "signed": "yes"}, "k", four), fault.Malformed)
		if n := w.count(`SELECT COUNT(*) FROM fields`); n != 0 {
			w.Errorf("%d fields were stored", n)
		}
		for range 2 {
			w.must(w.st.SaveRecord(t.Context(), s, spoken, "form", after(9)))
		}
		record, err := w.st.Record(t.Context(), s)
		if diff := cmp.Diff(spoken, fields.Values(record)); diff != "" || err != nil || record["focus"].Revision != 1 {
			w.Error(diff, err, record["focus"])
		}
	})
}
