package handlers

import (
	"net/url"
	"testing"
	"time"
)

func TestAWorksheetThatIsStillOpenIsAssignedAgainOnlyOnceConfirmed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, homework := w.as(w.dana), "/couples/"+things["couple"]+"/worksheets"
		given := func() string {
			return w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM assignments WHERE couple_id = ? AND worksheet = 'setback-plan'`,
				things["couple"])
		}
		form := func(to, key, again string) url.Values {
			return url.Values{"worksheet": {"setback-plan"}, "to": {to}, "anyway": {"yes"}, "key": {key}, "again": {again}}
		}
		before := given()
		dana.post(homework, form("A", "one", "")).want(t, 303)
		dana.post(homework, form("A", "one", "")).want(t, 303) // pressed twice
		first := given()
		if first == before {
			t.Fatal("it was not assigned")
		}
		dana.post(homework, form("A", "two", "")).want(t, 422,
			"Kit already has this worksheet, not sent yet. Assign it again?", "Assign it again</button>")
		dana.post(homework, form("each", "three", "")).want(t, 422, "Kit already has this worksheet")
		if given() != first {
			t.Error("it was assigned before it was confirmed")
		}
		dana.post(homework, form("B", "four", "")).want(t, 303)
		dana.post(homework, form("each", "five", "")).want(t, 422, "Both partners already have this worksheet")
		second := given()
		dana.post(homework, form("A", "two", "yes")).want(t, 303)
		if given() == second {
			t.Error("it was not assigned again")
		}

		planned := w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'planned'`, things["couple"])
		w.now = w.now.Add(time.Minute)
		dana.post("/sessions/"+planned+"/start", url.Values{}).want(t, 303)
		dana.post(homework, form("A", "six", "")).want(t, 303) // both may see the screen
	})
}
