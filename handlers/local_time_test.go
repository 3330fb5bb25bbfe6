package handlers

import (
	"net/url"
	"testing"
	"time"
)

// TestATimeThatTheClocksSkipOrRepeatIsAskedFor: in a plan, keeping what was typed.
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
		kit.get("/my").want(t, 200, "Eastern Time")
		kit.get("/my/settings").want(t, 200).find(t, `(\d (?:AM|PM) E[DS]T)`)
	})
}
