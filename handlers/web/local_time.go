package web

import (
	"errors"
	"time"

	"mend/calendar"
	"mend/internal/i18n"
)

// TimeProblem returns the message for a time that could not be parsed, or "".
func TimeProblem(err error, malformed i18n.Message) i18n.Message {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, calendar.ErrTimeSkipped):
		return "Choose another time: the clocks are set forward that night and skip this one."
	case errors.Is(err, calendar.ErrTimeAmbiguous):
		return "Choose which one you mean: the clocks are set back that night and show this time twice."
	}
	return malformed
}

// Clock formats the time of day in zone.
func Clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("3:04 PM") }

// Day formats a date in the practice's zone.
func Day(t time.Time, zone *time.Location) string { return t.In(zone).Format("Mon, Jan 2") }

// Moment formats a date and time in the practice's zone.
func Moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon, Jan 2, 2006, 3:04 PM")
}
