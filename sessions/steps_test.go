package sessions

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/fault"
)

// secondStep returns the couple's state in the second step, with the reason.
func (w *world) secondStep() string {
	w.Helper()
	all, err := w.st.Standings(w.Context(), w.couple)
	w.must(err)
	return strings.TrimSpace(string(all["own-and-apologize"].State) + " " + all["own-and-apologize"].Reason)
}

func TestAStepMovesFreelyButSomeMovesNeedAReason(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i, tt := range []struct {
			to     StepState
			why    string
			faults bool
			want   string
		}{
			{Working, "", false, "working"},
			{Held, "", true, "working"},
			{Held, "   ", true, "working"},
			{Held, strings.Repeat("x", 281), true, "working"},
			{Held, " Rowan is away. ", false, "held Rowan is away."},
			{Returned, "", false, "returned"},
			{Settled, "", true, "returned"}, // criteria are open
			{Settled, "Both want to go on.", false, "settled Both want to go on."},
			{Working, "", false, "working"},
		} {
			err := w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "own-and-apologize", tt.to, tt.why, after(i))
			if _, faults := faultsOf(err)["reason"]; faults != tt.faults || !tt.faults && err != nil {
				w.Errorf("%d to %s: %v", i, tt.to, err)
			}
			if got := w.secondStep(); got != tt.want {
				w.Errorf("%d: got %q, want %q", i, got, tt.want)
			}
		}
		w.want("an unknown step", w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "eleven", Working, "", four),
			fault.NotFound)
		for _, to := range []StepState{NotBegun, "done"} {
			w.want("an unknown state", w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "intake", to, "", four), fault.Malformed)
		}
	})
}

func TestTheSameMoveTwiceIsRecordedOnceAndMovesAreNewestFirst(t *testing.T) {
	eachWorld(t, func(w *world) {
		move := func(to StepState, why string, at int) {
			w.must(w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "own-and-apologize", to, why, after(at)))
		}
		move(Working, "", 1)
		move(Working, "", 2)
		move(Held, "Rowan is away.", 3)
		move(Held, "Rowan is away.", 4)
		move(Held, "Rowan is away until spring.", 5)
		move(Working, "", 6)
		moves, err := w.st.Moves(t.Context(), w.couple, "own-and-apologize")
		w.must(err)
		var got []string
		for _, m := range moves {
			got = append(got, string(m.State)+" "+m.Reason)
		}
		want := []string{"working ", "held Rowan is away until spring.", "held Rowan is away.", "working "}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Error(diff)
		}
		for _, err := range atOnce(10, func(int) error {
			return w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "intake", Working, "", after(9))
		}) {
			w.must(err)
		}
		if n := w.count(`SELECT COUNT(*) FROM step_moves WHERE step = 'intake'`); n != 1 {
			w.Errorf("ten presses: %d moves", n)
		}
	})
}

func TestSettlingNeedsNoReasonOnceEveryCriterionIsMetInEveryBreach(t *testing.T) {
	eachWorld(t, func(w *world) {
		step, _ := w.st.Method().Step("own-and-apologize")
		settle := func(c string) bool {
			err := w.st.MoveStep(t.Context(), w.couple, w.dana.ID, step.ID, Settled, "", after(1))
			if _, faults := faultsOf(err)["reason"]; !faults {
				w.must(err)
			}
			return err == nil
		}
		tick := func(breach, criterion string) {
			if settle(criterion) {
				w.Errorf("settled without %s", criterion)
			}
			w.must(w.st.Tick(t.Context(), w.couple, breach, criterion, true, four))
		}
		for _, c := range step.Readiness.Couple {
			tick("", c.ID)
		}
		for _, b := range w.couple.Breaches { // a mutual couple has two
			for _, c := range append(step.Readiness.Hurt[:len(step.Readiness.Hurt):len(step.Readiness.Hurt)],
				step.Readiness.Broke...) {
				tick(b.ID, c.ID)
			}
		}
		if !settle("nothing") {
			w.Error("all are met, and a reason is asked for")
		}
		w.must(w.st.Tick(t.Context(), w.couple, "", "s2-c1", false, four))
		w.must(w.st.MoveStep(t.Context(), w.couple, w.dana.ID, step.ID, Returned, "", after(2)))
		if settle("s2-c1") {
			w.Error("settled with a criterion taken back")
		}
	})
}

func TestStartingASessionMarksItsStep(t *testing.T) {
	for _, tt := range []struct{ was, want StepState }{
		{NotBegun, Working}, {Working, Working}, {Settled, Returned}, {Returned, Returned}, {Held, Held},
	} {
		t.Run("was "+tt.was.Label(), func(t *testing.T) {
			eachWorld(t, func(w *world) {
				if tt.was != NotBegun {
					w.must(w.st.MoveStep(t.Context(), w.couple, w.dana.ID, "own-and-apologize", tt.was, "Said so.", after(-500)))
				}
				w.start()
				all, err := w.st.Standings(t.Context(), w.couple)
				if got := all["own-and-apologize"].State; got != tt.want || len(all) != 1 || err != nil {
					w.Error(all, err)
				}
			})
		})
	}
}

func TestACriterionBelongsToItsBreachOrToTheCouple(t *testing.T) {
	eachWorld(t, func(w *world) {
		first, second := w.couple.Breaches[0].ID, w.couple.Breaches[1].ID
		strangers := w.meet("Quinn Applegarth", "Terry Candlewick").Breaches[0].ID
		for _, tt := range []struct {
			breach, criterion string
			known             bool
		}{
			{"", "s2-c1", true},
			{first, "s2-h1", true},
			{second, "s2-h1", true},
			{second, "s2-b1", true},
			{first, "s2-c1", false},
			{"", "s2-h1", false},
			{strangers, "s2-h1", false},
			{"nothing", "s2-b1", false},
			{"", "s9-z9", false},
		} {
			for range 2 { // submitted twice
				err := w.st.Tick(t.Context(), w.couple, tt.breach, tt.criterion, true, four)
				if tt.known {
					w.must(err)
				} else {
					w.want(tt.criterion, err, fault.NotFound)
				}
			}
		}
		met, err := w.st.Met(t.Context(), w.couple)
		want := map[string]bool{"/s2-c1": true, first + "/s2-h1": true, second + "/s2-h1": true, second + "/s2-b1": true}
		if diff := cmp.Diff(want, met); diff != "" || err != nil {
			w.Error(diff, err)
		}
		for range 2 {
			w.must(w.st.Tick(t.Context(), w.couple, first, "s2-h1", false, four))
		}
		if met, _ := w.st.Met(t.Context(), w.couple); met[first+"/s2-h1"] || !met[second+"/s2-h1"] {
			w.Error("taken back in one breach:", met)
		}
	})
}
