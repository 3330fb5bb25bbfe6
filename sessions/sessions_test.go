package sessions

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
	"mend/internal/fields"
)

func TestPlanningTwiceWithOneFormIsOneSession(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.session()
		second := first
		w.must(w.st.Plan(t.Context(), &first, map[string]string{"plan": "Begin slowly."}, four))
		w.must(w.st.Plan(t.Context(), &second, map[string]string{"plan": "Begin slowly."}, four))
		if first.ID != second.ID || w.count(`SELECT COUNT(*) FROM sessions`) != 1 ||
			w.count(`SELECT COUNT(*) FROM fields`) != 1 {
			w.Errorf("got sessions %s and %s", first.ID, second.ID)
		}
		got := w.reload(second)
		if got.State != Planned || !got.StartsAt.Equal(four) || got.Breach() != w.couple.Breaches[0].ID {
			w.Error(got)
		}
	})
}

func TestAPlanIsCheckedFieldByField(t *testing.T) {
	eachWorld(t, func(w *world) {
		for field, change := range map[string]func(*Session){
			"date":         func(s *Session) { s.StartsAt = time.Time{} },
			"minutes":      func(s *Session) { s.Minutes = 4 },
			"place":        func(s *Session) { s.Place = "the moon" },
			"place_detail": func(s *Session) { s.PlaceDetail = strings.Repeat("x", 201) },
			"step":         func(s *Session) { s.Step = "step-eleven" },
		} {
			s := w.session()
			change(&s)
			got := slices.Collect(maps.Keys(faultsOf(w.st.Plan(t.Context(), &s, nil, four))))
			if diff := cmp.Diff([]string{field}, got); diff != "" {
				w.Error(diff)
			}
		}
		for _, minutes := range []int{5, 480} {
			s := w.session()
			s.Minutes = minutes
			w.must(w.st.Plan(t.Context(), &s, nil, four))
		}
		s := w.session()
		w.want("a field that no session has", w.st.Plan(t.Context(), &s, map[string]string{"signed": "yes"}, four),
			fault.Malformed)
		if n := w.count(`SELECT COUNT(*) FROM sessions`); n != 2 {
			w.Errorf("got %d sessions, want 2", n)
		}
	})
}

func TestReplanningChangesAPlan(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.plan()
		s.Minutes, s.Place, s.BreachID = 80, "video", nil
		w.must(w.st.Replan(t.Context(), &s, map[string]string{"plan": "Slower still."}, "key", four))
		got := w.reload(s)
		record, err := w.st.Record(t.Context(), s)
		if got.Minutes != 80 || got.Modality() != "video" || got.Breach() != "" ||
			record["plan"].Value != "Slower still." || err != nil {
			w.Error(got, record, err)
		}
	})
}

func TestReplanningFromAStalePageChangesNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.plan()
		stale := s
		w.must(w.st.Replan(t.Context(), &s, map[string]string{"plan": "from the first window"}, "one", four))
		before := w.reload(s)
		stale.Minutes = 90
		w.want("stale", w.st.Replan(t.Context(), &stale, map[string]string{"plan": "from the second"}, "two", four),
			fault.Conflict)
		record, _ := w.st.Record(t.Context(), s)
		if diff := cmp.Diff(before, w.reload(s)); diff != "" || fields.Values(record)["plan"] != "from the first window" {
			w.Error(diff, record)
		}
		w.must(w.st.Start(t.Context(), s, four))
		running := w.reload(s)
		w.want("begun", w.st.Replan(t.Context(), &running, nil, "three", four), fault.Locked)
		w.want("begun, from a stale page", w.st.Replan(t.Context(), &before, nil, "four", four), fault.Locked)
	})
}

func TestASessionIsFoundByItsOwnCounselorAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.plan()
		for name, who := range map[string][3]string{
			"another counselor": {w.practice.ID, w.ellis.ID, s.ID},
			"another practice":  {"elsewhere", w.dana.ID, s.ID},
			"an unknown id":     {w.practice.ID, w.dana.ID, "nothing"},
		} {
			got, err := w.st.Find(t.Context(), who[0], who[1], who[2])
			w.want(name, err, fault.NotFound)
			if got.ID != "" {
				w.Errorf("%s gets %v", name, got)
			}
		}
	})
}

func TestADayHoldsWhatIsPlannedWhatRunsAndWhatWaitsForASignature(t *testing.T) {
	eachWorld(t, func(w *world) {
		unsigned := w.held()
		w.plan()
		elsewhere := w.session()
		elsewhere.StartsAt = four.AddDate(0, 0, 20)
		w.must(w.st.Plan(t.Context(), &elsewhere, nil, four))
		day := func(counselor string, from time.Time) (notes []string) {
			list, err := w.st.Day(t.Context(), w.practice.ID, counselor, from, from.AddDate(0, 0, 1))
			w.must(err)
			for _, l := range list {
				notes = append(notes, string(l.State)+" "+l.Note+" "+l.AName+" and "+l.BName)
			}
			slices.Sort(notes)
			return notes
		}
		want := []string{"ended draft Rowan and Jules", "planned  Rowan and Jules"}
		if diff := cmp.Diff(want, day(w.dana.ID, after(-60))); diff != "" {
			w.Error(diff)
		}
		if diff := cmp.Diff(want[:1], day(w.dana.ID, four.AddDate(0, 0, 5))); diff != "" {
			w.Error("on another day:", diff)
		}
		if got := day(w.ellis.ID, after(-60)); got != nil {
			w.Error("Ellis sees", got)
		}
		w.must(w.st.SaveNote(t.Context(), unsigned, w.note(unsigned), w.requiredFields(), "k", after(60)))
		w.sign(unsigned, after(61))
		if got := day(w.dana.ID, four.AddDate(0, 0, 5)); got != nil {
			w.Error("a signed note waits:", got)
		}
		list, err := w.st.ForCouple(t.Context(), w.couple)
		if err != nil || len(list) != 3 || list[0].ID != elsewhere.ID {
			w.Error(list, err)
		}
	})
}
