package sessions

import (
	"testing"
	"time"

	"mend/internal/fault"
)

// TestASessionThatWasEndedByMistakeGoesOn with what was recorded: the time between does not count,
// and its note is begun once.
func TestASessionThatWasEndedByMistakeGoesOn(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		w.must(w.st.Turn(w.Context(), s, AloneA, after(10)))
		w.must(w.st.SaveRecord(w.Context(), s, spoken, "k", after(15)))
		w.must(w.st.End(w.Context(), s, after(20)))
		if s = w.reload(s); !s.CanResume(after(30)) {
			w.Fatal("it cannot be resumed")
		}
		for range 2 { // pressed twice
			w.must(w.st.Resume(w.Context(), s, after(30)))
		}
		s = w.reload(s)
		if s.State != Running || s.EndedAt != nil {
			w.Errorf("got %+v", s)
		}
		w.must(w.st.End(w.Context(), s, after(50)))
		got, err := w.st.Times(w.Context(), w.reload(s), after(60))
		w.must(err)
		if got.Joint != 10*time.Minute || got.A != 30*time.Minute || got.Paused != 0 {
			w.Errorf("got %+v", got)
		}
		record, err := w.st.Record(w.Context(), s)
		w.must(err)
		if record["focus"].Value != spoken["focus"] || w.count(`SELECT COUNT(*) FROM notes`) != 1 {
			w.Errorf("the record has %q", record["focus"].Value)
		}
	})
}

func TestASessionIsResumedWithinAnHourUnlessItIsSigned(t *testing.T) {
	eachWorld(t, func(w *world) {
		late := w.held()
		if late.CanResume(after(53 + 60)) {
			w.Error("after an hour")
		}
		w.want("after an hour", w.st.Resume(w.Context(), late, after(53+60)), fault.Locked)
		planned := w.reload(w.plan())
		w.want("before its start", w.st.Resume(w.Context(), planned, after(1)), fault.Locked)
		corrected := w.reload(w.plan())
		w.must(w.st.Correct(w.Context(), corrected, Correction{StartedAt: four, EndedAt: after(50), Base: corrected.Revision},
			after(60)))
		w.want("with entered times", w.st.Resume(w.Context(), corrected, after(61)), fault.Locked)
		signed := w.signed()
		w.want("a signed one", w.st.Resume(w.Context(), signed, after(71)), fault.Locked)
	})
}
