package web

import (
	"errors"
	"fmt"
	"time"
)

// What is wrong with a time of day where the clocks are changed.
var (
	errTimeSkipped = errors.New("the clocks skip this time")
	ErrTimeTwice   = errors.New("the clocks show this time twice")
)

// Which of two times that the clocks show the same is meant.
const (
	firstOfTwo  = "first"
	secondOfTwo = "second"
)

// LocalTime reads a date and a time of day as typed in zone. It is
// errTimeSkipped where the clocks are set forward over it, and errTimeTwice
// where they are set back and which does not say which time is meant.
func LocalTime(date, clock, which string, zone *time.Location) (time.Time, error) {
	const layout = "2006-01-02 15:04"
	typed, err := time.Parse(layout, date+" "+clock)
	if err != nil {
		return typed, fmt.Errorf("read a time: %w", err)
	}
	var found []time.Time // earliest first: clocks that are set back were ahead before
	for _, near := range []time.Time{typed.AddDate(0, 0, -1), typed.AddDate(0, 0, 1)} {
		_, offset := near.In(zone).Zone()
		at := typed.Add(-time.Duration(offset) * time.Second).In(zone)
		if at.Format(layout) == typed.Format(layout) && (len(found) == 0 || !at.Equal(found[0])) {
			found = append(found, at)
		}
	}
	switch {
	case len(found) == 0:
		return typed, errTimeSkipped
	case len(found) == 1 || which == firstOfTwo:
		return found[0], nil
	case which == secondOfTwo:
		return found[1], nil
	}
	return typed, ErrTimeTwice
}

// WhichOf tells which of two times that the clocks show the same at is, or "".
func WhichOf(at time.Time) string {
	date, clock := at.Format(time.DateOnly), at.Format("15:04")
	for _, which := range []string{firstOfTwo, secondOfTwo} {
		_, twice := LocalTime(date, clock, "", at.Location())
		if found, err := LocalTime(date, clock, which, at.Location()); twice != nil && err == nil &&
			found.Equal(at.Truncate(time.Minute)) {
			return which
		}
	}
	return ""
}

// TimeProblem returns what to say of a time that could not be read, or "".
func TimeProblem(err error, malformed string) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, errTimeSkipped):
		return "Choose another time: the clocks are set forward that night and skip this one."
	case errors.Is(err, ErrTimeTwice):
		return "Choose which one you mean: the clocks are set back that night and show this time twice."
	}
	return malformed
}

// Clock is a time of the day, in a zone.
func Clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("3:04 PM") }

// Day is a day as a person says it, in the practice's zone.
func Day(t time.Time, zone *time.Location) string { return t.In(zone).Format("Mon, Jan 2") }

// Moment is a time as a person says it, in the practice's zone.
func Moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon, Jan 2, 2006, 3:04 PM")
}
