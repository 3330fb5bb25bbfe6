package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// basedOn adds to a form the version that a page shows now.
func (b *browser) basedOn(t *testing.T, page string, form url.Values) url.Values {
	t.Helper()
	form.Set("base", b.get(page).find(t, `name="base" value="([^"]*)"`))
	return form
}

// safeContact returns the form of a partner who allows neutral e-mail to an address.
func safeContact(address string) url.Values {
	return url.Values{
		"channel": {"email"}, "address": {address}, "wording": {"neutral"}, "sender": {"Front office"},
		"from": {"8"}, "until": {"20"}, "no_voicemail": {"yes"}, "asked_on": {"2031-03-12"}, "asked": {"yes"},
	}
}

// TestASafeContactIsConfirmedAloneAndShownWhereverAContactIs: invalid input is reported and kept.
func TestASafeContactIsConfirmedAloneAndShownWhereverAContactIs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, drew := w.as(w.dana), w.as(w.drew)
		couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Robin Ashgrove"))
		partner := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'B'`, couple)
		file, page := "/partners/"+partner+"/file", "/partners/"+partner+"/contact"
		desk := "/front-desk/couples/" + couple
		const unasked, asked = "Not asked yet. Don’t send messages.", "Email only, in the words that were agreed."

		dana.get(file).want(t, 200, unasked, page)
		drew.get(desk).want(t, 200, unasked)
		dana.get(page).want(t, 200, "Fill this in only while you are alone", "Not asked yet", "Reminders are off")
		form := safeContact("b@private.example")
		form.Del("asked")
		dana.post(page, form).want(t, 422, "Confirm that you asked this partner alone.", "b@private.example")
		form.Set("asked", "yes")
		form.Set("until", "never")
		dana.post(page, form).want(t, 422, "Choose a time that is after the first one.", "b@private.example")
		drew.get(desk).want(t, 200, unasked)

		dana.post(page, safeContact("b@private.example")).want(t, 303)
		dana.get(page).want(t, 200, "Confirmed March 12, 2031", `value="b@private.example"`)
		dana.get(file).want(t, 200, asked)
		drew.get(desk).want(t, 200, asked, "Don’t leave a voice").never(t, "b@private.example", "Front office")
		w.as(w.ellis).get(page).want(t, 404)
		w.as(w.ellis).post(page, safeContact("b@private.example")).want(t, 404)
	})
}

// TestACautionInTheFileStopsMessagesAndTheFrontDeskIsNotToldWhy: a caution in the individual file
// stops messages.
func TestACautionInTheFileStopsMessagesAndTheFrontDeskIsNotToldWhy(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana, drew := w.things(), w.as(w.dana), w.as(w.drew)
		page, desk := "/partners/"+things["partner"]+"/contact", "/front-desk/couples/"+things["couple"]
		drew.get(desk).want(t, 200, "Email only")
		w.fileForm(dana, things["partner"], "contact-cautions", "caution",
			url.Values{"a.ways": {"phone-call"}, "a.never": {canary}, "a.asked": {"2031-03-12"}})
		dana.get(page).want(t, 200, "may not be private")
		drew.get(desk).want(t, 200, "Don’t send messages.").never(t, "Email only", "caution", canary)
		w.fileForm(dana, things["partner"], "contact-cautions", "lifted",
			url.Values{"a.ways": {"phone-call", "email"}, "a.asked": {"2031-03-12"}})
		dana.get(page).want(t, 200).never(t, "may not be private")
		drew.get(desk).want(t, 200, "Email only")
	})
}

// TestASafeContactIsAwayWhileASessionRuns: both partners may see the screen, so the password is
// required.
func TestASafeContactIsAwayWhileASessionRuns(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		page := "/partners/" + things["partner"] + "/contact"
		dana.post(page, dana.basedOn(t, page, safeContact("kit@private.example"))).want(t, 303)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		if a := dana.get(page); a.status == 200 && strings.Contains(a.body, "kit@private.example") {
			t.Error("the address faces the couple")
		}
		dana.post(page, safeContact("kit@elsewhere.example")).want(t, 422, "Confirm your password")
	})
}
