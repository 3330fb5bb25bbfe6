package sessions

import (
	"testing"
	"time"

	"mend/couples"
)

// TestTheTimeWithOnePartnerIsTogetherAndAlone: it never contains the other partner’s time alone.
func TestTheTimeWithOnePartnerIsTogetherAndAlone(t *testing.T) {
	spent := Times{Joint: 30 * time.Minute, A: 10 * time.Minute, B: 5 * time.Minute, Paused: time.Minute}
	if a, b := spent.With(couples.A), spent.With(couples.B); a != 40*time.Minute || b != 35*time.Minute {
		t.Error(a, b)
	}
	if alone := (Times{B: time.Hour}); alone.With(couples.A) != 0 {
		t.Error("the other’s hour counts")
	}
}

// TestHeldSessionsAreThoseOfATimeWithTheirTimes: only sessions held in a range of time are listed.
func TestHeldSessionsAreThoseOfATimeWithTheirTimes(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, _ := w.heldWithNote()
		want, err := w.st.Times(w.Context(), s, after(90))
		w.must(err)
		for _, test := range []struct {
			from, until time.Time
			want        int
		}{
			{s.When(), s.When().Add(time.Second), 1},
			{s.When().Add(time.Second), s.When().Add(time.Hour), 0},
			{s.When().Add(-time.Hour), s.When(), 0},
		} {
			got, err := w.st.Held(w.Context(), w.couple, test.from, test.until)
			w.must(err)
			if len(got) != test.want || test.want == 1 && got[0].Times.Total() != want.Total() {
				w.Errorf("%v to %v: %+v, want %d of %v", test.from, test.until, got, test.want, want.Total())
			}
		}
	})
}
