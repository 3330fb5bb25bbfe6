package handlers

import (
	"net/url"
	"testing"
)

// TestTheOpennessAgreementStaysClosedUntilBothWereSpokenToAlone: it can become
// a tool of control, so no tick of the counselor opens it early.
func TestTheOpennessAgreementStaysClosedUntilBothWereSpokenToAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		give := func(key string) answer {
			return dana.post("/couples/"+things["couple"]+"/worksheets", url.Values{"worksheet": {"transparency-agreement"}, "to": {"joint"}, "anyway": {"yes"}, "key": {key}})
		}
		speak := func(name, control, decision string) {
			t.Helper()
			partner := w.partnerID(name)
			dana.post("/partners/"+partner+"/file", url.Values{"worksheet": {"private-conversation-record"}, "key": {name + control + decision}}).want(t, 303)
			w.now = w.now.Add(1e9)
			record := w.one(`SELECT s.id FROM assignments s JOIN answers a ON a.assignment_id = s.id
				WHERE a.partner_id = ? AND s.form_key = ?`, partner, name+control+decision)
			dana.post("/assignments/"+record+"/form", url.Values{"a.setting": {"in-person-alone"}, "a.control": {control}, "a.decision": {decision},
				"a.rationale": {"Short and factual."}, "seen": {"0"}, "key": {"r"}, "do": {"send"}}).want(t, 303)
		}
		give("one").want(t, 422, "stays closed until")
		speak("Kit Larkspur", "none-seen", "proceed-with-joint-work")
		give("two").want(t, 422, "stays closed until")
		speak("Noor Meadowsweet", "unclear", "proceed-with-joint-work")
		give("three").want(t, 422, "stays closed until")
		speak("Noor Meadowsweet", "none-seen", "hold-joint-work")
		give("four").want(t, 422, "stays closed until")
		speak("Noor Meadowsweet", "none-seen", "proceed-with-joint-work")
		give("five").want(t, 303)
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM assignments WHERE worksheet = 'transparency-agreement'`); n != "1" {
			t.Errorf("%s agreements were given", n)
		}
		w.as(w.partner(1, "B")).get("/my").want(t, 200, "Our openness agreement")
	})
}

// TestAPageThatShouldComeLaterAsksTheCounselorFirst: the counselor is told what
// should come first, and decides.
func TestAPageThatShouldComeLaterAsksTheCounselorFirst(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		form := url.Values{"worksheet": {"closeness-comfort-map"}, "to": {"each"}, "session": {things["held"]}, "key": {"early"}}
		dana.post("/couples/"+things["couple"]+"/worksheets", form).want(t, 422, "repeats the private conversation", "give it now", `name="session" value="`+things["held"]+`"`)
		form.Set("anyway", "yes")
		dana.post("/couples/"+things["couple"]+"/worksheets", form).want(t, 303)
	})
}
