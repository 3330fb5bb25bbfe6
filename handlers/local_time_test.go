package handlers

import (
	"errors"
	"net/url"
	"testing"
	"time"
)

func TestATimeIsReadAsTheClocksShowIt(t *testing.T) {
	for _, c := range []struct {
		zone, date, clock, which, want string
		err                            error
	}{
		{"America/New_York", "2027-03-13", "02:30", "", "2027-03-13T07:30:00Z", nil},
		{"America/New_York", "2027-03-14", "02:30", "", "", errTimeSkipped},
		{"America/New_York", "2027-03-14", "03:00", "", "2027-03-14T07:00:00Z", nil},
		{"America/New_York", "2026-11-01", "01:30", "", "", errTimeTwice},
		{"America/New_York", "2026-11-01", "01:30", "first", "2026-11-01T05:30:00Z", nil},
		{"America/New_York", "2026-11-01", "01:30", "second", "2026-11-01T06:30:00Z", nil},
		{"America/New_York", "2026-11-01", "02:00", "", "2026-11-01T07:00:00Z", nil},
		{"Australia/Lord_Howe", "2027-04-04", "01:45", "", "", errTimeTwice}, // half an hour
		{"Europe/Berlin", "2027-03-28", "02:15", "", "", errTimeSkipped},
		{"Asia/Kolkata", "2027-03-28", "02:15", "", "2027-03-27T20:45:00Z", nil},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := localTime(c.date, c.clock, c.which, zone)
		if !errors.Is(err, c.err) || err == nil && at.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%+v: %v, %v", c, at, err)
		}
	}
	for _, typed := range []string{"", "25:00", "2:3"} {
		if _, err := localTime("2027-03-13", typed, "", time.UTC); err == nil || errors.Is(err, errTimeSkipped) ||
			errors.Is(err, errTimeTwice) {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

// TestATimeThatTheClocksSkipOrRepeatIsAskedFor: of a plan, with what was typed.
func TestATimeThatTheClocksSkipOrRepeatIsAskedFor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, page := w.as(w.dana), "/couples/"+w.things()["couple"]+"/sessions/new"
		plan := func(date, clock, twice string) url.Values {
			return url.Values{
				"key": {date + twice}, "date": {date}, "time": {clock}, "twice": {twice}, "minutes": {"50"},
				"place": {"office"}, "step": {"intake"}, "plan": {"Begin with the letter."},
			}
		}
		dana.post(page, plan("2032-03-14", "02:30", "")).want(t, 422, "skip this one",
			"Begin with the letter.").never(t, `name="twice"`)
		dana.post(page, plan("2031-11-02", "01:30", "")).want(t, 422, "show this time twice", `name="twice" value="second"`,
			"Begin with the letter.")
		dana.post(page, plan("2031-11-02", "01:30", "second")).want(t, 303)
		if got := w.one(`SELECT COUNT(*) FROM sessions WHERE starts_at = ?`,
			time.Date(2031, 11, 2, 6, 30, 0, 0, time.UTC)); got != "1" {
			t.Errorf("%s sessions begin at the second 1:30", got)
		}
	})
}

func TestATimeThatAPartnerReadsHasItsZone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kit := w.as(w.partner(1, "A"))
		kit.get("/my").want(t, 200).find(t, `(\d (?:AM|PM) E[DS]T)`)
		kit.get("/my/settings").want(t, 200).find(t, `(\d (?:AM|PM) E[DS]T)`)
	})
}
