package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"mend/internal/fault"
	"mend/internal/i18n"
)

// How many days ahead an open-ended series has appointments, how many appointments other series may
// have, and for how many years they may run.
const (
	aheadDays   = 26 * 7
	mostRepeats = 104
	mostYears   = 3
)

// A Repeat is how a series repeats, as entered in a form.
type Repeat struct {
	Every string // "week", "two weeks" or "month"
	Count int    // the number of appointments; 0 for no limit
	Until string // the last day as 2006-01-02; "" for no limit
}

// Rule returns r as an RRULE of RFC 5545 beginning with the day first. Monthly series repeat by
// weekday, such as "the second Thursday"; a fifth one means the last of the month.
func (r Repeat) Rule(first time.Time) (string, error) {
	bad := fault.Fields{}
	weekday := strings.ToUpper(first.Weekday().String()[:2])
	rule := map[string]string{
		"week":      "FREQ=WEEKLY;BYDAY=" + weekday,
		"two weeks": "FREQ=WEEKLY;INTERVAL=2;BYDAY=" + weekday,
		"month":     "FREQ=MONTHLY;BYDAY=" + strconv.Itoa(weekOfMonth(first)) + weekday,
	}[r.Every]
	if rule == "" {
		bad["every"] = "error.promise_often"
	}
	if r.Count < 0 || r.Count == 1 || r.Count > mostRepeats {
		bad["count"] = i18n.Plain("Enter how many appointments, from 2 to %d.", mostRepeats)
	}
	if r.Count > 0 {
		rule += ";COUNT=" + strconv.Itoa(r.Count)
	}
	if r.Until != "" {
		last, err := time.Parse(time.DateOnly, r.Until)
		if day := first.Format(time.DateOnly); err != nil || r.Until < day ||
			last.After(first.AddDate(mostYears, 0, 0)) {
			bad["until"] = i18n.Plain("Enter the last day: after the first, and within %d years.", mostYears)
		}
		rule += ";UNTIL=" + last.Format("20060102") + "T235959Z"
	}
	return rule, bad.Err()
}

// weekOfMonth returns which occurrence of its weekday in the month a day is, or -1 (the last) for a
// fifth.
func weekOfMonth(day time.Time) int {
	if n := (day.Day() + 6) / 7; n < 5 {
		return n
	}
	return -1
}

// Days returns the days of a rule after one day and up to another, as 2006-01-02. The rule is
// evaluated on calendar days, so clock changes do not matter.
func Days(rule, first, after, until string) ([]string, error) {
	options, err := rrule.StrToROption(rule)
	if err != nil {
		return nil, fmt.Errorf("rule of a series: %w", err)
	}
	if options.Dtstart, err = time.Parse(time.DateOnly, first); err != nil {
		return nil, err
	}
	last, err := time.Parse(time.DateOnly, until)
	if err != nil {
		return nil, err
	}
	repeats, err := rrule.NewRRule(*options)
	if err != nil {
		return nil, fmt.Errorf("rule of a series: %w", err)
	}
	var days []string
	for _, at := range repeats.Between(options.Dtstart, last, true) {
		if day := at.Format(time.DateOnly); day > after {
			days = append(days, day)
		}
	}
	return days, nil
}

// isOpen reports whether a rule has no end.
func isOpen(rule string) bool {
	return !strings.Contains(rule, "COUNT=") && !strings.Contains(rule, "UNTIL=")
}
