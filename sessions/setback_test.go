package sessions

import (
	"context"
	"errors"
	"testing"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
)

// asksNothing stands for asking for the private conversations and asks for none.
func asksNothing(context.Context, *database.DB) error { return nil }

func (w *world) setsBack(steps ...string) {
	w.Helper()
	w.must(w.st.MarkSetback(w.Context(), w.couple, Setback{
		Event: Event{Kind: "setback", Day: "2031-03-11", Words: " They met again "}, Steps: steps,
	}, "back", asksNothing, after(5)))
}

// TestASetbackReturnsToTheStepsThatWereChosenAndMarksTheDay: submitted twice it is stored once. A
// step that was not settled, or that was not chosen, stays as it is.
func TestASetbackReturnsToTheStepsThatWereChosenAndMarksTheDay(t *testing.T) {
	eachWorld(t, func(w *world) {
		for step, state := range map[string]StepState{
			"acknowledge": Settled, "own-and-apologize": Settled, "room-to-heal": Working,
		} {
			w.must(w.st.MoveStep(w.Context(), w.couple, w.dana.ID, step, state, "So it was.", after(1)))
		}
		w.setsBack("acknowledge", "room-to-heal")
		w.setsBack("own-and-apologize") // the same form key again
		stand, err := w.st.Standings(w.Context(), w.couple)
		w.must(err)
		if got := stand["acknowledge"]; got.State != Returned || got.Reason != "Setback on 2031-03-11" {
			w.Errorf("the step that was chosen: %+v", got)
		}
		if stand["own-and-apologize"].State != Settled || stand["room-to-heal"].State != Working {
			w.Errorf("the others moved: %+v", stand)
		}
		list, err := w.st.markedEvents(w.Context(), w.couple, after(-60*24*60))
		w.must(err)
		if len(list) != 1 || list[0].Kind != "setback" || list[0].Words != "They met again" {
			w.Errorf("on the time line: %+v", list)
		}
		if list, err := w.couples.Setbacks(w.Context(), w.couple); err != nil || len(list) != 1 || !couples.IsPaused(list) {
			w.Errorf("it is kept as %+v, %v", list, err)
		}
	})
}

// TestASetbackHappensWholeOrNotAtAll: if the conversations cannot be asked for, nothing is paused,
// returned to or marked, and the same form can be sent again.
func TestASetbackHappensWholeOrNotAtAll(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.st.MoveStep(w.Context(), w.couple, w.dana.ID, "acknowledge", Settled, "So it was.", after(1)))
		for _, gone := range []error{errors.New("the disk is full"), fault.Conflict} {
			err := w.st.MarkSetback(w.Context(), w.couple, Setback{
				Event: Event{Kind: "disclosure", Day: "2031-03-11"}, Steps: []string{"acknowledge"},
			}, "back", func(context.Context, *database.DB) error { return gone }, after(5))
			if !errors.Is(err, gone) {
				w.Errorf("%v is passed over: %v", gone, err)
			}
		}
		stand, err := w.st.Standings(w.Context(), w.couple)
		w.must(err)
		list, err := w.st.markedEvents(w.Context(), w.couple, after(-60*24*60))
		w.must(err)
		paused, err := w.couples.Setbacks(w.Context(), w.couple)
		w.must(err)
		if stand["acknowledge"].State != Settled || len(list)+len(paused) != 0 {
			w.Errorf("half of it happened: %v, %v, %v", stand, list, paused)
		}
		w.setsBack("acknowledge")
	})
}

func TestASetbackThatCannotBeIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		for field, s := range map[string]Setback{
			"kind": {Event: Event{Kind: "other", Day: "2031-03-10"}},
			"day":  {Event: Event{Kind: "setback", Day: "tomorrow"}},
		} {
			err := w.st.MarkSetback(w.Context(), w.couple, s, field, asksNothing, after(5))
			if bad, ok := errors.AsType[fault.Fields](err); !ok || bad[field] == "" {
				w.Errorf("%s: %v", field, err)
			}
		}
	})
}

// TestSharingResumesOnceBothWereTalkedToAloneOrWithAReason, and a pause that was ended directly in
// the database still holds.
func TestSharingResumesOnceBothWereTalkedToAloneOrWithAReason(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.setsBack()
		may := func() error {
			return couples.MayRelease(w.Context(), w.db, w.st.vault, w.couple.PracticeID, w.couple.ID)
		}
		resume := func(reason string, talked ...couples.Side) error {
			with := map[couples.Side]bool{}
			for _, side := range talked {
				with[side] = true
			}
			return w.couples.ResumeSharing(w.Context(), w.couple, with, reason, after(9))
		}
		if err := may(); !errors.As(err, &fault.Fields{}) {
			w.Error("while it is paused:", err)
		}
		for _, talked := range [][]couples.Side{nil, {couples.A}, {couples.B}} {
			if bad, ok := errors.AsType[fault.Fields](resume(" ", talked...)); !ok || bad["reason"] == "" {
				w.Errorf("resumed after talking to %v", talked)
			}
		}
		w.must(resume("", couples.A, couples.B))
		w.must(may())
		w.must(resume("", couples.A, couples.B)) // submitted twice
		w.must(w.st.MarkSetback(w.Context(), w.couple, Setback{Event: Event{Kind: "disclosure", Day: "2031-03-12"}},
			"again", asksNothing, after(12)))
		w.must(resume("They separated for a month; both asked for it."))
		w.must(may())
		w.must(w.st.MarkSetback(w.Context(), w.couple, Setback{Event: Event{Kind: "setback", Day: "2031-03-12"}},
			"third", asksNothing, after(15)))
		_, err := w.db.Exec(w.Context(), `UPDATE setbacks SET resumed_at = ?`, after(16))
		w.must(err)
		if err := may(); !errors.As(err, &fault.Fields{}) {
			w.Error("taken away past the program:", err)
		}
	})
}
