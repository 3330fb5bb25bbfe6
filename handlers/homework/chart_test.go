package homework

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/internal/i18n"
)

func points(figures ...int) []ChartPoint {
	var list []ChartPoint
	for i, f := range figures {
		p := ChartPoint{At: time.Date(2031, 3, 1+7*i, 12, 0, 0, 0, time.UTC)}
		if f >= 0 {
			p.Figure = &f
		}
		list = append(list, p)
	}
	return list
}

// TestAChartDrawsWhatWasAnsweredAndAGapForTheRest: a missing value is never a zero, nor bridged by
// the line.
func TestAChartDrawsWhatWasAnsweredAndAGapForTheRest(t *testing.T) {
	for name, test := range map[string]struct {
		figures []int
		paths   []string
		empty   bool
	}{
		"a line":   {[]int{0, 50, 100}, []string{"M52.0 194.0L339.0 104.0L626.0 14.0"}, false},
		"a gap":    {[]int{0, -1, 100}, []string{"M52.0 194.0", "M626.0 14.0"}, false},
		"one":      {[]int{50}, []string{"M339.0 104.0"}, false},
		"nothing":  {nil, nil, true},
		"no data":  {[]int{-1, -1}, nil, true},
		"gap last": {[]int{50, 50, -1}, []string{"M52.0 104.0L339.0 104.0"}, false},
	} {
		list := points(test.figures...)
		c := NewChart(i18n.English, "x", list)
		c.Line("Mine", "one", list)
		if c.Empty != test.empty {
			t.Errorf("%s: empty %v", name, c.Empty)
		}
		if diff := cmp.Diff(test.paths, c.Series[0].Paths); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAnEventOutsideTheTimeOfTheChartIsLeftToTheTable(t *testing.T) {
	list := points(10, 20)
	c := NewChart(i18n.English, "x", list)
	for _, day := range []int{-30, 3, 30} {
		c.Event(list[0].At.AddDate(0, 0, day), "x")
	}
	if len(c.Events) != 1 {
		t.Errorf("got %+v", c.Events)
	}
}
