package calendar

import (
	"strings"
	"testing"
	"time"

	"mend/internal/dbtest"

	ics "github.com/arran4/golang-ical"
)

// TestAFeedTellsTheHourThatWasTypedInSixZonesOverTwoYears writes an appointment for each third hour
// of two years and reads it back: another calendar that shows it in the zone of the appointment
// shows the typed time.
func TestAFeedTellsTheHourThatWasTypedInSixZonesOverTwoYears(t *testing.T) {
	dbtest.Long(t)
	for _, name := range []string{
		"America/New_York", "America/Phoenix", "America/St_Johns", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		tried := 0
		for typed := time.Date(2031, 1, 1, 0, 30, 0, 0, time.UTC); typed.Year() < 2033; typed = typed.Add(3 * time.Hour) {
			date, clock := typed.Format(time.DateOnly), typed.Format("15:04")
			at, err := LocalTime(date, clock, FirstOccurrence, zone)
			if err != nil {
				continue // the clocks skip this hour
			}
			a := Appointment{UID: "x", Slot: Slot{at, name, 50, "office", ""}, ChangedAt: noon}
			if got := a.Local().Format("2006-01-02 15:04"); got != date+" "+clock {
				t.Fatalf("%s: the page says %s, typed %s %s", name, got, date, clock)
			}
			cal, err := ics.ParseCalendar(strings.NewReader(WriteOne(a, "")))
			if err != nil {
				t.Fatal(err)
			}
			read, err := cal.Events()[0].GetStartAt()
			if got := read.In(zone).Format("2006-01-02 15:04"); err != nil || got != date+" "+clock {
				t.Fatalf("%s: the feed says %s, typed %s %s, %v", name, got, date, clock, err)
			}
			tried++
		}
		if tried < 5800 {
			t.Errorf("%s: only %d hours", name, tried)
		}
	}
}
