package calendar

import (
	"errors"
	"fmt"
	"time"
)

// Errors for clock times on a day when the clocks change.
var (
	ErrTimeSkipped   = errors.New("the clocks skip this time")
	ErrTimeAmbiguous = errors.New("the clocks show this time twice")
)

// Which of two equal local times an appointment uses.
const (
	FirstOccurrence  = "first"
	SecondOccurrence = "second"
)

// LocalTime parses a date and clock time in zone. It returns ErrTimeSkipped if the clocks are set
// forward over that time, and ErrTimeAmbiguous if they are set back over it and which does not choose
// one.
func LocalTime(date, clock, which string, zone *time.Location) (time.Time, error) {
	const layout = "2006-01-02 15:04"
	typed, err := time.Parse(layout, date+" "+clock)
	if err != nil {
		return typed, fmt.Errorf("read a time: %w", err)
	}
	var found []time.Time // earliest first: the offset is larger before clocks are set back
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
	case len(found) == 1 || which == FirstOccurrence:
		return found[0], nil
	case which == SecondOccurrence:
		return found[1], nil
	}
	return typed, ErrTimeAmbiguous
}

// WhichOccurrence returns which of two equal clock times at is, or "" if it is unique.
func WhichOccurrence(at time.Time) string {
	date, clock := at.Format(time.DateOnly), at.Format("15:04")
	for _, which := range []string{FirstOccurrence, SecondOccurrence} {
		_, twice := LocalTime(date, clock, "", at.Location())
		if found, err := LocalTime(date, clock, which, at.Location()); twice != nil && err == nil &&
			found.Equal(at.Truncate(time.Minute)) {
			return which
		}
	}
	return ""
}
