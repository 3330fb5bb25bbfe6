package homework

import (
	"fmt"
	"strings"
	"time"

	"mend/internal/i18n"
)

// A Chart plots lines of values from 0 to 100 over time, rendered on the server as SVG. A missing
// answer is a gap, never a zero. Each Chart is shown next to a table of the same values.
type Chart struct {
	Title   string // for screen readers
	Series  []chartSeries
	Events  []chartEvent
	From    string
	Until   string
	Empty   bool
	in      *i18n.Language
	started time.Time
	ended   time.Time
}

// A chartSeries is one line of a Chart.
type chartSeries struct {
	Name  string
	Style string // CSS class of the line: one or two
	Paths []string
	Dots  []chartDot
}

type chartDot struct {
	X, Y  string
	Label string
}

type chartEvent struct {
	X     string
	Label string
}

// A ChartPoint is one value; Figure is nil if there was none.
type ChartPoint struct {
	At     time.Time
	Figure *int
}

// The dimensions of the SVG, in its own units.
const (
	chartLeft, chartRight = 52, 626
	chartTop, chartBottom = 14, 194
)

// NewChart returns an empty Chart whose time axis spans all points.
func NewChart(in *i18n.Language, title string, all ...[]ChartPoint) Chart {
	c := Chart{Title: title, Empty: true, in: in}
	for _, points := range all {
		for _, p := range points {
			if c.started.IsZero() || p.At.Before(c.started) {
				c.started = p.At
			}
			if p.At.After(c.ended) {
				c.ended = p.At
			}
			c.Empty = c.Empty && p.Figure == nil
		}
	}
	if !c.started.IsZero() {
		c.From, c.Until = in.Date(c.started, "date.day"), in.Date(c.ended, "date.day")
	}
	return c
}

// x returns the horizontal position of a time. If the Chart covers a single moment, that is the
// middle.
func (c Chart) x(at time.Time) float64 {
	length := c.ended.Sub(c.started)
	if length <= 0 {
		return (chartLeft + chartRight) / 2
	}
	return chartLeft + (chartRight-chartLeft)*float64(at.Sub(c.started))/float64(length)
}

func chartY(figure int) float64 { return chartBottom - (chartBottom-chartTop)*float64(figure)/100 }

// Line adds a line through points, oldest first, with a gap where a value is missing.
func (c *Chart) Line(name, style string, points []ChartPoint) {
	s := chartSeries{Name: name, Style: style}
	var path strings.Builder
	for _, p := range points {
		if p.Figure == nil {
			if path.Len() > 0 {
				s.Paths = append(s.Paths, path.String())
				path.Reset()
			}
			continue
		}
		x, y := c.x(p.At), chartY(*p.Figure)
		fmt.Fprintf(&path, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[path.Len() == 0], x, y)
		s.Dots = append(s.Dots,
			chartDot{
				fmt.Sprintf("%.1f", x), fmt.Sprintf("%.1f", y),
				fmt.Sprintf("%s, %s: %d", name, c.in.Date(p.At, "date.day_of_month"), *p.Figure),
			})
	}
	if path.Len() > 0 {
		s.Paths = append(s.Paths, path.String())
	}
	c.Series = append(c.Series, s)
}

// Event marks a day on the Chart. A day outside its time range appears in the table only.
func (c *Chart) Event(at time.Time, label string) {
	if c.Empty || at.Before(c.started) || at.After(c.ended) {
		return
	}
	c.Events = append(c.Events, chartEvent{fmt.Sprintf("%.1f", c.x(at)), label})
}
