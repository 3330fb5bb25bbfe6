package handlers

import (
	"net/url"
	"testing"
	"time"
)

// TestAWorksheetIsFilledInTheRoom fills in, during a session, a joint page on the screen and a
// partner's own page on the handed-over device.
func TestAWorksheetIsFilledInTheRoom(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		dana.post("/assignments/"+things["joint"]+"/active", url.Values{}).want(t, 303)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		w.now = w.now.Add(10 * time.Minute)
		page := "/sessions/" + things["planned"] + "/pages/" + things["joint"]
		dana.get(page).want(t, 200, "You both write on this page").never(t, "free_confirm", "counselor_only")
		dana.put(page+"/fields/exit", url.Values{"a.exit": {"We go home."}, "base": {"0"}, "key": {"r1"}}).want(t, 200)
		dana.put(page+"/fields/counselor_only", url.Values{"a.counselor_only": {"x"}, "base": {"0"}, "key": {"r2"}}).want(t,
			400)
		kit := w.as(w.partner(1, "A"))
		kit.post("/my/worksheets/"+things["joint"],
			url.Values{"a.free_confirm": {"i-agree-freely"}, "seen": {"0"}, "key": {"slip"}, "do": {"send"}}).want(t, 303)
		kit.get("/my/worksheets/"+things["joint"]).want(t, 200, "We go home.")
		dana.get("/sessions/"+things["planned"]+"/pages/"+things["open"]).want(t, 404)

		handed := "/assignments/" + things["tohand"] + "/handed"
		dana.get(handed).want(t, 303) // requires the password
		dana.post("/reauthenticate", url.Values{"password": {"riverbend-demo"}, "then": {handed}})
		w.now = w.now.Add(20 * time.Minute) // longer than a fresh login lasts
		form := url.Values{
			"a.entry.0.what": {"A loud door."}, "a.pattern": {"Evenings."}, "seen": {"0"},
			"key": {"h1"}, "do": {"send"},
		}
		dana.post(handed, form).want(t, 422, "please fill at least one line", "Evenings.").never(t, "Follow-ups", "Couples")
		form.Set("a.entry.0.day", "2031-03-11")
		if a := dana.post(handed, form).want(t, 303); a.location() != "/login" {
			t.Errorf("the device is not locked: %s", a.location())
		}
		dana.get("/").want(t, 303)
		w.as(w.partner(1, "B")).get("/my/answers").want(t, 200, "Feelings log")
		again := w.as(w.dana)
		again.get("/assignments/"+things["tohand"]).want(t, 200, "on paper, or handed over", "Evenings.")
		again.get("/assignments/"+things["tohand"]+"/handed").want(t, 404)
	})
}

// TestAPageForTwoIsInTheLanguageOfBoth checks a joint page on the counselor's screen.
func TestAPageForTwoIsInTheLanguageOfBoth(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		dana.post("/assignments/"+things["joint"]+"/active", url.Values{}).want(t, 303)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		page := "/sessions/" + things["planned"] + "/pages/" + things["joint"]
		w.as(w.partner(1, "A")).post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		dana.get(page).want(t, 200, `<html lang="en"`, "You both write on this page")
		w.as(w.partner(1, "B")).post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		dana.get(page).want(t, 200, `<html lang="es"`, "Tú y tu pareja escriben en esta página").never(t, "You both write")
		dana.put(page+"/fields/exit", url.Values{"a.exit": {"A casa."}, "base": {"0"}, "key": {"r1"}}).want(t, 200)
		dana.post(page, url.Values{"a.exit": {"Al parque."}, "seen": {"0"}, "key": {"r2"}, "do": {"save"}}).want(t, 409,
			"Esta hoja cambió en otra ventana", "Al parque.")
	})
}
