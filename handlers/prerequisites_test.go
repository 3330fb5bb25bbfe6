package handlers

import (
	"net/url"
	"testing"
)

// TestTheOpennessAgreementStaysClosedUntilBothWereSpokenToAlone: it can become a tool of control,
// so the counselor cannot override this.
func TestTheOpennessAgreementStaysClosedUntilBothWereSpokenToAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		give := func(key string) answer {
			return dana.post("/couples/"+things["couple"]+"/worksheets",
				url.Values{"worksheet": {"transparency-agreement"}, "to": {"joint"}, "anyway": {"yes"}, "key": {key}})
		}
		speak := func(name, control, decision string) { t.Helper(); w.speakAlone(t, dana, name, control, decision) }
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
		noor, kit := w.as(w.partner(1, "B")), w.as(w.partner(1, "A"))
		noor.get("/my").want(t, 200, "Our openness agreement")

		id := w.one(`SELECT id FROM assignments WHERE worksheet = 'transparency-agreement'`)
		page, mine := "/assignments/"+id, "/my/worksheets/"+id
		noors := "/partners/" + w.partnerID("Noor Meadowsweet")
		dana.post(noors+"/decision", url.Values{
			"decision": {"Proceed with joint work"}, "reasons": {"Met again alone."}, "open": dana.openConcerns(t, noors),
		}).want(t, 303)
		speak("Kit Larkspur", "unclear", "proceed-with-joint-work")
		dana.post(page+"/active", url.Values{}).want(t, 422, "stays closed until")
		speak("Kit Larkspur", "none-seen", "proceed-with-joint-work")
		dana.post(page+"/active", url.Values{}).want(t, 303)
		for _, b := range []*browser{noor, kit} {
			b.post(mine,
				url.Values{"a.free_confirm": {"i-agree-freely"}, "seen": {"0"}, "key": {"slip"}, "do": {"send"}}).want(t, 303)
		}
		dana.post(page+"/close", url.Values{}).want(t, 422, "you will review it")
		dana.post(page+"/close", url.Values{"review_on": {"2031-04-12"}, "expires_on": {"2031-09-12"}}).want(t, 303)
		kit.get(mine).want(t, 200, "In effect until September 12, 2031", "Pause agreement")
		noor.post(mine+"/pause", url.Values{}).want(t, 303)
		noor.get(mine).want(t, 200, "This agreement is paused")
		kit.get(mine).want(t, 200, "This agreement is paused").never(t, "Noor paused", "Pause agreement")
		speak("Noor Meadowsweet", "yes", "proceed-with-joint-work")
		dana.post(page+"/agreement", url.Values{"do": {"resume"}}).want(t, 422, "stays closed until")
		speak("Noor Meadowsweet", "none-seen", "proceed-with-joint-work")
		dana.post(page+"/agreement", url.Values{"do": {"resume"}}).want(t, 303)
		w.now = w.now.AddDate(0, 7, 0)
		w.as(w.partner(1, "A")).get(mine).want(t, 200, "This agreement ended on September 12, 2031.")
	})
}

// speakAlone stores a private conversation with one partner.
func (w *world) speakAlone(t *testing.T, dana *browser, name, control, decision string) {
	t.Helper()
	partner, key := w.partnerID(name), w.now.String()
	dana.post("/partners/"+partner+"/file", url.Values{"worksheet": {"private-conversation-record"}, "key": {key}}).want(t,
		303)
	w.now = w.now.Add(1e9)
	record := w.one(`SELECT s.id FROM assignments s JOIN answers a ON a.assignment_id = s.id
		WHERE a.partner_id = ? AND s.form_key LIKE ?`, partner, key+"~%")
	dana.post("/assignments/"+record+"/form", url.Values{
		"a.setting": {"in-person-alone"}, "a.control": {control}, "a.decision": {decision},
		"a.rationale": {"Short and factual."}, "seen": {"0"}, "key": {"r"}, "do": {"send"},
	}).want(t, 303)
}

// TestWhatCouldBeTurnedAgainstSomebodyStaysClosedWithoutTheConversations: a warning that can be
// dismissed is not enough.
func TestWhatCouldBeTurnedAgainstSomebodyStaysClosedWithoutTheConversations(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		for worksheet, to := range map[string]string{
			"transparency-agreement": "joint", "closeness-comfort-map": "each",
			"what-led-up-to-it": "each", "who-we-tell": "joint",
		} {
			form := url.Values{"worksheet": {worksheet}, "to": {to}, "anyway": {"yes"}, "key": {worksheet}}
			dana.post("/couples/"+things["couple"]+"/worksheets", form).want(t, 422, "stays closed until")
			dana.get("/library/"+worksheet).want(t, 200, "stays closed until")
		}
	})
}

// TestAPageThatShouldComeLaterAsksTheCounselorFirst: the counselor reads what should come first,
// and decides.
func TestAPageThatShouldComeLaterAsksTheCounselorFirst(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		for _, name := range []string{"Kit Larkspur", "Noor Meadowsweet"} {
			w.speakAlone(t, dana, name, "none-seen", "proceed-with-joint-work")
		}
		form := url.Values{
			"worksheet": {"closeness-comfort-map"}, "to": {"each"},
			"session": {things["held"]}, "key": {"early"},
		}
		dana.post("/couples/"+things["couple"]+"/worksheets", form).want(t, 422,
			"Have the private conversation with each partner again", "Assign anyway",
			`name="session" value="`+things["held"]+`"`)
		form.Set("anyway", "yes")
		dana.post("/couples/"+things["couple"]+"/worksheets", form).want(t, 303)
	})
}
