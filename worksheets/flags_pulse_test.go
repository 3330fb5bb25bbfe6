package worksheets

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pulseSheet returns a trust pulse with the figure 100·sum/32, its eight items as even as possible.
// For a negative sum it returns one without enough answers.
func pulseSheet(sum int) map[string]Value {
	if sum < 0 {
		return map[string]Value{"items": cells("t1", "mostly", "t2", "no-occasion")}
	}
	words := []string{"not-at-all", "a-little", "somewhat", "mostly", "completely"}
	v := cells()
	for i, row := range []string{"t4", "t1", "t2", "t3", "t5", "t6", "t7", "t8"} {
		score := sum / 8
		if i < sum%8 {
			score++
		}
		v.Cells[row] = words[score]
	}
	return map[string]Value{"items": v}
}

func TestThePulseIsComparedWithTheSamePersonsEarlierFigures(t *testing.T) {
	const falling, apart = "The pulse is down a lot, or down twice in a row.",
		"The partners' newest figures are thirty points or more apart."
	for name, tt := range map[string]struct {
		now     int
		earlier []int // sums of its items, newest first
		other   int   // sum of the other partner's items, -1 for none
		want    []string
	}{
		"the first": {16, nil, -1, []string{"Trust pulse: 50, no comparison."}},
		"steady": {
			16,
			[]int{16, 10},
			-1,
			[]string{"Trust pulse: 50, steady since the last one, up a lot since the first."},
		},
		"not enough to show": {-1, []int{30, 30}, 30, []string{"Trust pulse: not enough to show."}},
		"the last had no figure": {
			20,
			[]int{-1, 16},
			-1,
			[]string{"Trust pulse: 63, up since the last one, up since the first."},
		},
		"down once": {
			16,
			[]int{20},
			-1,
			[]string{"Trust pulse: 50, down since the last one, down since the first."},
		},
		"down twice running": {
			16,
			[]int{20, 24},
			-1,
			[]string{"Trust pulse: 50, down since the last one, down a lot since the first.", falling},
		},
		"down a lot": {
			16,
			[]int{30},
			-1,
			[]string{"Trust pulse: 50, down a lot since the last one, down a lot since the first.", falling},
		},
		"thirty points below":       {16, nil, 26, []string{"Trust pulse: 50, no comparison.", apart}},
		"thirty points above":       {26, nil, 16, []string{"Trust pulse: 81, no comparison.", apart}},
		"less than thirty apart":    {16, nil, 25, []string{"Trust pulse: 50, no comparison."}},
		"the other shows no figure": {16, nil, -1, []string{"Trust pulse: 50, no comparison."}},
		"up after having gone down ": {
			24,
			[]int{16, 30},
			-1,
			[]string{"Trust pulse: 75, up a lot since the last one, down a lot since the first."},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := Context{Answers: pulseSheet(tt.now), Other: pulseSheet(tt.other)}
			for _, sum := range tt.earlier {
				c.Earlier = append(c.Earlier, pulseSheet(sum))
			}
			var got []string
			for _, f := range wordingOf(t, "trust-pulse").Raise(c) {
				got = append(got, f.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// entry returns a line of the promise tracker's log.
