package handlers

import (
	"net/url"
	"testing"
	"time"
)

// TestACodeIsNotAKeyToSomebodysPages: an owner who invites a counselor again, or a counselor who
// creates a new code for a partner, cannot sign in as them with it. The account's owner sees the
// code on every page, can cancel it, and finds it listed afterward.
func TestACodeIsNotAKeyToSomebodysPages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, ellis, kit := w.as(w.dana), w.as(w.ellis), w.as(w.partner(1, "A"))
		kit.get("/my").want(t, 200).never(t, "Refuse the code")
		theirs := dana.post("/couples/"+things["couple"]+"/invitations", url.Values{"partner": {things["partner"]}}).want(t,
			200).find(t, `>([0-9A-Z]{4}-[0-9A-Z]{4})<`)
		colleague := w.one(`SELECT id FROM counselors WHERE role = 'counselor'`)
		hers := dana.post("/settings/colleagues/"+colleague, url.Values{"do": {"invite"}}).want(t, 200).find(t,
			`>([0-9A-Z]{4}-[0-9A-Z]{4})<`)
		for range 3 {
			w.browser().post("/join",
				url.Values{"code": {theirs}, "name": {"amber-anchor-10"}, "passphrase": {"a kettle by the window"}}).
				want(t, 422, "in use", "A recovery code, or a code from your authenticator app")
			w.browser().post("/colleague", url.Values{"code": {hers}, "password": {"a kettle by the window"}}).want(t,
				422, "in use")
		}
		kit.get("/my").want(t, 200, "created a new code for your account", "Refuse the code")
		kit.get("/my/access").want(t, 200, "New codes for your account", "Dana Okafor-Lind", "It isn’t active yet. You can refuse it.")
		ellis.get("/couples").want(t, 200, "Refuse the code")
		ellis.get("/follow-ups").want(t, 200, "For your own account", "created by Dana Okafor-Lind", "You can refuse it.")
		dana.get("/follow-ups").want(t, 200, "New sign-in codes", "For Kit<", "For Ellis Marrowby<").never(t, "You can refuse it")
		noor := w.as(w.partner(1, "B"))
		noor.get("/my").want(t, 200).never(t, "Refuse the code")
		noor.get("/my/access").want(t, 200).never(t, "New codes")
		kit.post("/my/settings/code", url.Values{}).want(t, 303)
		ellis.post("/settings/code", url.Values{}).want(t, 303)
		kit.get("/my").want(t, 200).never(t, "Refuse the code")
		w.now = w.now.Add(25 * time.Hour)
		w.browser().post("/join",
			url.Values{"code": {theirs}, "name": {"amber-anchor-10"}, "passphrase": {"a kettle by the window"}}).want(t,
			422, "doesn’t work")
		w.browser().post("/colleague", url.Values{"code": {hers}, "password": {"a kettle by the window"}}).want(t,
			422, "doesn’t work")
		w.as(w.partner(1, "A")).get("/my/access").want(t, 200, "It was refused.")
	})
}

// TestReloadingACodeReplacesNone: the answer to a form can be sent again by reloading it, and the code
// that was just handed out goes on working. For an account in use it says when it works.
func TestReloadingACodeReplacesNone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		path, form := "/couples/"+things["couple"]+"/invitations", url.Values{"partner": {things["partner"]}, "last": {""}}
		dana.post(path, form).want(t, 200, "Private code for Kit", "Without one, it works from")
		dana.post(path, form).want(t, 422, "it still works").never(t, "Private code for")
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM invitations WHERE partner_id = ? AND closed_at IS NULL`,
			things["partner"]); n != "1" {
			t.Errorf("%s codes work", n)
		}
		last := dana.get("/couples/"+things["couple"]).want(t, 200, "Replace the code").find(t, `name="last" value="`+id+`"`)
		form.Set("last", last)
		dana.post(path, form).want(t, 200, "Private code for Kit")
	})
}
