package handlers

import (
	"net/url"
	"testing"

	"mend/demo"
)

func TestAHandedOverDeviceShowsOnlyTheQuestionsAndLocksAfterwards(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		page := "/assignments/" + things["record"] + "/handover"
		dana.get("/partners/"+things["partner"]+"/file").want(t, 200, page)
		dana.get(page).want(t, 200, `data-surface="handover"`, "I’m done", "Do I feel safe where I live right now?").
			never(t, "Kit", "Private conversation", "a.decision", "could become, control", "Asked further", `class="trail"`)
		dana.get("/assignments/"+things["form"]+"/handover").want(t, 404) // it has no part for handover
		dana.post(page,
			url.Values{"a.decision": {"proceed-with-joint-work"}, "seen": {"0"}, "key": {"h"}, "do": {"save"}}).want(t, 400)
		dana.get(page).want(t, 200)
		if a := dana.post(page,
			url.Values{"a.safe_home": {"no"}, "seen": {"0"}, "key": {"h"}, "do": {"save"}}); a.status != 303 ||
			a.location() != "/login?did=kept" {
			t.Errorf("afterwards: %d %s", a.status, a.location())
		}
		dana.get("/").want(t, 303)
		again := w.as(w.dana)
		again.get("/assignments/"+things["record"]+"/form").want(t, 200, `value="no" checked`, "Asked further")
	})
}

// TestAHandedOverDeviceKeepsEachAnswerAndNothingElse: it autosaves, and shows the same few
// questions after a conflict or an error.
func TestAHandedOverDeviceKeepsEachAnswerAndNothingElse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		page := "/assignments/" + things["record"] + "/handover"
		dana.get(page).want(t, 200, `data-save="`+page+`/fields/"`)
		dana.put(page+"/fields/safe_home", url.Values{"a.safe_home": {"yes"}, "base": {"0"}, "key": {"1"}}).want(t, 200)
		dana.put(page+"/fields/decision", url.Values{"a.decision": {"hold-joint-work"}, "base": {"0"}, "key": {"2"}}).want(t,
			400)
		dana.post(page, url.Values{"a.safe_home": {"no"}, "seen": {"0"}, "key": {"h"}, "do": {"save"}}).want(t, 409,
			"A few questions", "changed in another window").
			never(t, "a.decision", "Asked further", "Private conversation")
	})
}

// TestAHandedOverDeviceSpeaksThePartnersLanguage: in the private conversation and on a page of
// their own, up to the sign-in page at the end.
func TestAHandedOverDeviceSpeaksThePartnersLanguage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		if _, err := w.db.Exec(t.Context(), `UPDATE sign_ins SET language = 'es'`); err != nil {
			t.Fatal(err)
		}
		page := "/assignments/" + things["record"] + "/handover"
		dana.get(page).want(t, 200, `<html lang="es"`, "Unas preguntas", "Solo lo lee tu terapeuta.", "Mi pareja me empujó",
			"Ya terminé").never(t, "my partner")
		dana.put(page+"/fields/safe_home", url.Values{"a.safe_home": {"maybe"}, "base": {"0"}, "key": {"1"}}).want(t,
			422, "Elige de la lista")
		if a := dana.post(page,
			url.Values{
				"a.safe_home": {"no"}, "seen": {"0"}, "key": {"h"},
				"do": {"save"},
			}); a.location() != "/login?lang=es&did=kept" {
			t.Errorf("afterwards: %d %s", a.status, a.location())
		}
		w.as(w.dana).get("/assignments/"+things["record"]+"/form").want(t, 200, `<html lang="en"`,
			"Do I feel safe where I live right now?").never(t, "pareja")
	})
}

func TestAPageThatTheWrongPersonFilledInIsSetAsideAndGivenAnew(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		desk := "/assignments/" + things["sent"]
		dana.get(desk).want(t, 200, "completed by the wrong person")
		for range 2 { // pressed twice
			if a := dana.post(desk+"/wrong-person", url.Values{}); a.location() != "/couples/"+w.people[4].Couple+"?did=aside" {
				t.Fatalf("%d", a.status)
			}
		}
		kit.get("/my").want(t, 303)
		if a := w.browser().post("/login",
			url.Values{"sign_in": {w.partner(1, "A")}, "password": {demo.Password}}); a.status != 422 {
			t.Errorf("the old sign-in: %d", a.status)
		}
		dana.get(desk).want(t, 404)
		anew := w.one(`SELECT id FROM assignments WHERE form_key = ?`, "instead of "+things["sent"])
		dana.get("/assignments/"+anew).want(t, 200, "visible only to their author")
	})
}
