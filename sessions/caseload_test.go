package sessions

import (
	"testing"
	"time"

	"mend/couples"
)

func TestTheCaseloadSaysTheNextSessionTheNotesThatWaitAndTheStep(t *testing.T) {
	eachWorld(t, func(w *world) {
		other := w.meet("Quinn Applegarth", "Terry Candlewick")
		state := func() CaseloadState {
			states, err := w.st.CaseloadStates(t.Context(), w.practice.ID, []string{w.couple.ID, other.ID}, after(0))
			w.must(err)
			if (states[other.ID] != CaseloadState{}) {
				w.Errorf("another couple: %+v", states[other.ID])
			}
			return states[w.couple.ID]
		}
		if (state() != CaseloadState{}) {
			w.Errorf("before anything: %+v", state())
		}
		plan := func(at time.Time) Session {
			s := w.session()
			s.StartsAt = at
			w.must(w.st.Plan(t.Context(), &s, nil, after(-3000)))
			return w.reload(s)
		}
		plan(after(3000))
		plan(after(-300)) // never started
		soon := plan(after(300))
		if next := state().Next; next == nil || !next.Equal(after(300)) {
			w.Error("the next session is at", next)
		}
		w.must(w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "own-and-apologize", Working, "", after(1)))
		w.must(w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "keep-your-word", Held, "Not yet.", after(2)))
		w.must(w.st.Start(t.Context(), soon, after(300)))
		if got := state(); !got.Running || got.Step != "own-and-apologize" || !got.Next.Equal(after(3000)) || got.Unsigned != 0 {
			w.Errorf("while it runs: %+v", got)
		}
		w.must(w.st.End(t.Context(), w.reload(soon), after(350)))
		if got := state(); got.Running || got.Unsigned != 1 {
			w.Errorf("when it has ended: %+v", got)
		}
		joint := w.call("")
		w.call(couples.A) // in an individual file, so not counted with the others
		if got := state(); got.Unsigned != 2 {
			w.Errorf("with a note of a call: %+v", got)
		}
		w.signStandalone(joint, after(360))
		if got := state(); got.Unsigned != 1 {
			w.Errorf("when that is signed: %+v", got)
		}
		foreign, err := w.st.CaseloadStates(t.Context(), "another", []string{w.couple.ID}, time.Time{})
		w.must(err)
		if (foreign[w.couple.ID] != CaseloadState{}) {
			w.Errorf("another practice reads %+v", foreign)
		}
	})
}
