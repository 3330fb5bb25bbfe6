package handlers

import (
	"net/url"
	"testing"

	"mend/internal/demo"
)

func TestAHandedOverDeviceShowsOnlyTheQuestionsAndLocksAfterwards(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		page := "/assignments/" + things["record"] + "/handover"
		dana.get("/partners/"+things["partner"]+"/file").want(t, 200, page)
		dana.get(page).want(t, 200, `class="handover`, "I am done", "Do I feel safe where I live right now?").
			never(t, "Kit", "Private conversation", "a.decision", "could become, control", "Asked further", `class="trail"`)
		dana.get("/assignments/"+things["form"]+"/handover").want(t, 404) // has no such part
		dana.post(page, url.Values{"a.decision": {"proceed-with-joint-work"}, "seen": {"0"}, "key": {"h"}, "do": {"save"}}).want(t, 400)
		dana.get(page).want(t, 200)
		if a := dana.post(page, url.Values{"a.safe_home": {"no"}, "seen": {"0"}, "key": {"h"}, "do": {"save"}}); a.status != 303 || a.location() != "/login?did=kept" {
			t.Errorf("afterwards: %d %s", a.status, a.location())
		}
		dana.get("/").want(t, 303)
		again := w.as(w.dana)
		again.get("/assignments/"+things["record"]+"/form").want(t, 200, `value="no" checked`, "Asked further")
	})
}

func TestAPageThatTheWrongPersonFilledInIsSetAsideAndGivenAnew(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		desk := "/assignments/" + things["sent"]
		dana.get(desk).want(t, 200, "filled in by the wrong person")
		for range 2 { // pressed twice
			if a := dana.post(desk+"/wrong-person", url.Values{}); a.status != 303 && a.status != 404 {
				t.Fatalf("%d", a.status)
			}
		}
		kit.get("/my").want(t, 303)
		if a := w.browser().post("/login", url.Values{"sign_in": {w.partner(1, "A")}, "password": {demo.Password}}); a.status != 422 {
			t.Errorf("the old sign-in: %d", a.status)
		}
		dana.get(desk).want(t, 404)
		anew := w.one(`SELECT id FROM assignments WHERE form_key = ?`, "instead of "+things["sent"])
		dana.get("/assignments/"+anew).want(t, 200, "belongs to its author alone")
	})
}
