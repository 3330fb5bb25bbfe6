package worksheets

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/couples"
)

// sendPulse sends a partner's pulse with the sum of its items and whether its direction may be
// shown, a number of days after noon.
func (w *world) sendPulse(side couples.Side, sum int, share string, days int) {
	w.Helper()
	values := pulseSheet(sum)
	values["share"] = textValue(share)
	for _, p := range w.pages() {
		if p.Worksheet.ID == trustPulse && p.Side == side && !p.Sent() {
			w.send(p, values, days*24*60)
			return
		}
	}
	w.Fatalf("%s has no open pulse", side)
}

func (w *world) promiseLines(c couples.Couple, newest int) (says []string) {
	w.Helper()
	list, err := w.st.Pulses(w.Context(), c, newest)
	w.must(err)
	for _, p := range list {
		figure := "no data"
		if p.Figure != nil {
			figure = fmt.Sprint(*p.Figure)
		}
		says = append(says, string(p.Side)+" "+figure+" "+p.Direction.String())
	}
	return says
}

func TestEachSeesTheOwnLineAndTheCounselorBoth(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.give(trustPulse, ToEach, -1, 0)
		for week, sums := range [][2]int{{16, 30}, {20, 30}, {8, 31}} {
			w.sendPulse(couples.A, sums[0], "yes", 7*week)
			w.sendPulse(couples.B, sums[1], "no", 7*week+1)
		}
		a, b := []string{"A 50 no comparison", "A 63 up", "A 25 down a lot"},
			[]string{"B 94 no comparison", "B 94 steady", "B 97 steady"}
		if diff := cmp.Diff(a, w.promiseLines(w.asPartner(couples.A), 9)); diff != "" {
			w.Error("A:", diff)
		}
		if diff := cmp.Diff(b, w.promiseLines(w.asPartner(couples.B), 9)); diff != "" {
			w.Error("B:", diff)
		}
		if diff := cmp.Diff([]string{a[0], b[0], a[1], b[1], a[2], b[2]}, w.promiseLines(w.couple, 9)); diff != "" {
			w.Error(diff)
		}
		if diff := cmp.Diff([]string{a[0], a[2][:len("A 25 ")] + "down a lot"}, w.promiseLines(w.asPartner(couples.A), 1)); diff != "" {
			w.Error("the newest, and the first to compare with:", diff)
		}
		list, err := w.st.Pulses(w.Context(), w.couple, 9)
		w.must(err)
		if points, ok := PulseDistance(list); !ok || points != 72 {
			w.Errorf("%d points apart, %v", points, ok)
		}
		var look []string
		for _, f := range w.st.PulseFlags(list, couples.A) {
			look = append(look, f.Text)
		}
		if diff := cmp.Diff([]string{
			"The pulse is down a lot, or down twice in a row.",
			"The partners' newest figures are thirty points or more apart.", "Limits respected: a little or not at all.",
		},
			look); diff != "" {
			w.Error(diff)
		}
	})
}

func TestTooFewAnswersAreNoDataAndNeverZero(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.give(trustPulse, ToA, -1, 0)
		page := w.pages()[0]
		cells := map[string]string{"t1": "mostly"}
		for _, row := range []string{"t2", "t3", "t4", "t5", "t6", "t7", "t8"} {
			cells[row] = "no-occasion"
		}
		w.send(page, map[string]Value{"items": {Cells: cells}}, 0)
		if diff := cmp.Diff([]string{"A no data not enough to show"}, w.promiseLines(w.couple, 9)); diff != "" {
			w.Error(diff)
		}
		list, err := w.st.Pulses(w.Context(), w.couple, 9)
		w.must(err)
		if _, ok := PulseDistance(list); ok || MayShowPulse(list) {
			w.Error("something is compared with nothing")
		}
	})
}

// TestTheDirectionIsShownWithAYesOfBothInOneWeek tries combinations of both partners' pulses.
func TestTheDirectionIsShownWithAYesOfBothInOneWeek(t *testing.T) {
	t.Parallel()
	figure := 50
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	pulse := func(side couples.Side, share bool, at time.Time) Pulse {
		return Pulse{Side: side, Share: share, SentAt: at, Figure: &figure}
	}
	for name, test := range map[string]struct {
		list []Pulse
		want bool
	}{
		"both":        {[]Pulse{pulse("A", true, day(0)), pulse("B", true, day(6))}, true},
		"weeks apart": {[]Pulse{pulse("A", true, day(0)), pulse("B", true, day(8))}, false},
		"one":         {[]Pulse{pulse("A", true, day(0)), pulse("B", false, day(0))}, false},
		"one alone":   {[]Pulse{pulse("A", true, day(0))}, false},
		"an earlier yes": {
			[]Pulse{pulse("A", true, day(0)), pulse("B", true, day(0)), pulse("B", false, day(1))},
			false,
		},
		"a yes after an old no": {
			[]Pulse{pulse("A", true, day(1)), pulse("B", false, day(0)), pulse("B", true, day(1))},
			true,
		},
		"no figure": {[]Pulse{pulse("A", true, day(0)), {Side: "B", Share: true, SentAt: day(0)}}, false},
	} {
		if got := MayShowPulse(test.list); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
