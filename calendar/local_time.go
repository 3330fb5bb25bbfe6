package calendar

import (
	"errors"
	"fmt"
	"time"
)

// What is wrong with a time of day where the clocks are changed.
var (
	ErrTimeSkipped = errors.New("the clocks skip this time")
	ErrTimeTwice   = errors.New("the clocks show this time twice")
)

// Which of two times that the clocks show the same is meant.
const (
	FirstOfTwo  = "first"
	SecondOfTwo = "second"
)

// LocalTime reads a date and a time of day as typed in zone. It is
// ErrTimeSkipped where the clocks are set forward over it, and ErrTimeTwice
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
		return typed, ErrTimeSkipped
	case len(found) == 1 || which == FirstOfTwo:
		return found[0], nil
	case which == SecondOfTwo:
		return found[1], nil
	}
	return typed, ErrTimeTwice
}

// WhichOf tells which of two times that the clocks show the same at is, or "".
func WhichOf(at time.Time) string {
	date, clock := at.Format(time.DateOnly), at.Format("15:04")
	for _, which := range []string{FirstOfTwo, SecondOfTwo} {
		_, twice := LocalTime(date, clock, "", at.Location())
		if found, err := LocalTime(date, clock, which, at.Location()); twice != nil && err == nil &&
			found.Equal(at.Truncate(time.Minute)) {
			return which
		}
	}
	return ""
}
