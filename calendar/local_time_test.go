package calendar

import (
	"errors"
	"testing"
	"time"
)

func TestATimeIsReadAsTheClocksShowIt(t *testing.T) {
	for _, c := range []struct {
		zone, date, clock, which, want string
		err                            error
	}{
		{"America/New_York", "2027-03-13", "02:30", "", "2027-03-13T07:30:00Z", nil},
		{"America/New_York", "2027-03-14", "02:30", "", "", ErrTimeSkipped},
		{"America/New_York", "2027-03-14", "03:00", "", "2027-03-14T07:00:00Z", nil},
		{"America/New_York", "2026-11-01", "01:30", "", "", ErrTimeAmbiguous},
		{"America/New_York", "2026-11-01", "01:30", "first", "2026-11-01T05:30:00Z", nil},
		{"America/New_York", "2026-11-01", "01:30", "second", "2026-11-01T06:30:00Z", nil},
		{"America/New_York", "2026-11-01", "02:00", "", "2026-11-01T07:00:00Z", nil},
		{"Australia/Lord_Howe", "2027-04-04", "01:45", "", "", ErrTimeAmbiguous}, // the clocks change by half an hour
		{"Europe/Berlin", "2027-03-28", "02:15", "", "", ErrTimeSkipped},
		{"Asia/Kolkata", "2027-03-28", "02:15", "", "2027-03-27T20:45:00Z", nil},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := LocalTime(c.date, c.clock, c.which, zone)
		if !errors.Is(err, c.err) || err == nil && at.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%+v: %v, %v", c, at, err)
		}
	}
	for _, typed := range []string{"", "25:00", "2:3"} {
		if _, err := LocalTime("2027-03-13", typed, "", time.UTC); err == nil || errors.Is(err, ErrTimeSkipped) ||
			errors.Is(err, ErrTimeAmbiguous) {
			t.Errorf("%q: %v", typed, err)
		}
	}
}
