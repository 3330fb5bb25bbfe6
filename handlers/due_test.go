package handlers

import (
	"net/url"
	"testing"
)

// TestARequestIsAnsweredWithinTheDaysThatThePracticeSet: it appears among the follow-ups a week
// before it is due, never on Today.
func TestARequestIsAnsweredWithinTheDaysThatThePracticeSet(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		kit := "/partners/" + w.partnerID("Kit Larkspur") + "/requests"
		dana.get("/settings/practice").want(t, 200, `name="days" value="30"`)
		dana.get(kit).want(t, 200, `value="2031-04-11"`)
		dana.post("/settings/record-requests", url.Values{"days": {"a week"}}).want(t, 422,
			"Enter a number of days from 1 to 90.", "a week")
		dana.post("/settings/record-requests", url.Values{"days": {"91"}}).want(t, 422)
		dana.post("/settings/record-requests", url.Values{"days": {"15"}}).want(t, 303)
		w.as(w.ellis).post("/settings/record-requests", url.Values{"days": {"1"}}).want(t, 404)
		dana.get(kit).want(t, 200, `value="2031-03-27"`)
		form := url.Values{
			"capacity": {"lawyer"}, "requester": {canary}, "purpose": {canary}, "received": {"2031-03-10"},
			"due": {"2031-03-20"}, "key": {"r"},
		}
		dana.post(kit, form).want(t, 303)
		dana.get("/follow-ups").want(t, 200).never(t, "Thursday, March 20")
		w.now = w.now.AddDate(0, 0, 1)
		dana = w.as(w.dana)
		dana.get("/follow-ups").want(t, 200, "Record requests to answer", "Kit and Noor", "Due Thursday, March 20").
			never(t, canary)
		dana.get("/follow-ups").want(t, 200).never(t, "caught up")
		dana.get("/").want(t, 200).never(t, "Record requests", "March 20", canary)
		w.as(w.ellis).get("/follow-ups").want(t, 200).never(t, "Kit and Noor", "March 20")
		id := w.one(`SELECT id FROM record_requests WHERE partner_id = ? ORDER BY entered_at DESC, id LIMIT 1`,
			w.partnerID("Kit Larkspur"))
		dana.post(kit+"/"+id, url.Values{"do": {"decline"}, "reason": {"Withdrawn by phone."}}).want(t, 303)
		dana.get("/follow-ups").want(t, 200).never(t, "Thursday, March 20")
	})
}

// TestANoteWithoutASessionWaitsWhereItsReaderLooks: one of the joint record on Today, one of an
// individual file among the follow-ups only, and neither once it is signed or for a colleague.
func TestANoteWithoutASessionWaitsWhereItsReaderLooks(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		dana := w.as(w.dana)
		for filed, kind := range map[string]string{"joint": "contact", "A": "consultation"} {
			dana.post("/couples/"+couple+"/notes/new",
				url.Values{"kind": {kind}, "filed": {filed}, "key": {kind}}).want(t, 303)
		}
		w.now = w.now.AddDate(0, 0, 2)
		dana = w.as(w.dana)
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM notes WHERE couple_id = ? AND session_id IS NULL
			AND signed_at IS NULL`, couple); n != "2" {
			t.Fatalf("%s notes were begun", n)
		}
		dana.get("/").want(t, 200, "Contact note · 2 days ago").never(t, "Consultation note")
		dana.get("/follow-ups").want(t, 200, "Consultation note · 2 days ago").never(t, "Contact note")
		note := w.one(`SELECT id FROM notes WHERE couple_id = ? AND kind = 'contact' AND signed_at IS NULL`, couple)
		dana.sign("/notes/"+note, "A call.")
		dana.get("/").want(t, 200).never(t, "Contact note")
		ellis := w.as(w.ellis)
		ellis.get("/").want(t, 200).never(t, "Contact note")
		ellis.get("/follow-ups").want(t, 200).never(t, "Consultation note")
	})
}
