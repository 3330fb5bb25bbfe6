package handlers

import (
	"net/url"
	"testing"
)

// TestAPromiseIsMarkedInTwoTapsAndTheOtherSaysHowTheySawIt uses the list on both partners' pages
// and the counselor's.
func TestAPromiseIsMarkedInTwoTapsAndTheOtherSaysHowTheySawIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		list := "/couples/" + things["couple"] + "/promises"
		noor.get("/my").want(t, 200, `href="/my/promises"`)
		noor.get("/my/promises").want(t, 200, `name="result" value="kept"`, "It starts once you’ve both said yes",
			"Yes, freely").never(t, "%", "Other partner’s view")
		noor.post("/my/promises/"+things["promise"]+"/marks",
			url.Values{"day": {"2031-03-12"}, "result": {"kept"}, "note": {"<b>Even late</b>"}}).want(t, 303)
		noor.get("/my/promises").want(t, 200, "1 kept", "&lt;b&gt;Even late&lt;/b&gt;", `class="gold"`)
		kit.get("/my/promises").want(t, 200, "Wednesday, March 12", "How did you see it?",
			"1 kept").never(t, "Differing views")
		kit.post("/my/promises/"+things["promise"]+"/marks",
			url.Values{"day": {"2031-03-12"}, "result": {"not-kept"}, "note": {"Noor fell asleep first."}}).want(t, 303)
		kit.get("/my/promises").want(t, 200, "You: Not kept. Only your counselor knows.")
		noor.get("/my/promises").want(t, 200).never(t, "Noor fell asleep", "You: Not kept")
		dana.get(list).want(t, 200, "Differing views", "Noor fell asleep first.", "1 kept (100%)", "1 not kept (0%)")

		kit.post("/my/promises",
			url.Values{"what": {""}, "often": {"daily"}, "if_not": {"I call by six."}, "key": {"k1"}}).want(t, 422,
			"Please fill this in", "I call by six.", `value="daily" selected`)
		proposed := kit.post("/my/promises",
			url.Values{"what": {"Home by seven"}, "often": {"weekdays"}, "if_not": {"I call by six."}, "key": {"k1"}}).want(t,
			303).location()
		kit.get(proposed).want(t, 200, "Sent to your counselor.")
		kit.get("/my/promises").want(t, 200, "Waiting for your counselor to review it", "Home by seven")
		noor.get("/my/promises").want(t, 200).never(t, "Home by seven", "for review")
		id := dana.get(list).want(t, 200, "Proposed", "Home by seven").find(t,
			`promises/`+id+`" class="buttons"><button name="do" value="open"`)
		dana.post(list+"/"+id, url.Values{"do": {"open"}}).want(t, 303)
		noor.post("/my/promises/"+id+"/answer", url.Values{"do": {"talk"}}).want(t, 303)
		dana.get(list).want(t, 200, "would like to talk it over with you first", "agreed freely")
		kit.get("/my/promises").want(t, 200).never(t, "talk it over with you")
		noor.post("/my/promises/"+id+"/answer", url.Values{"do": {"yes"}}).want(t, 303)
		kit.post("/my/promises/"+id+"/marks", url.Values{"day": {"2031-03-12"}, "result": {"kept"}}).want(t, 303)
		kit.post("/my/promises/"+id+"/marks", url.Values{"day": {"2031-03-14"}, "result": {"kept"}}).want(t, 422,
			"Choose today or one of the last 31 days.")
		kit.post("/my/promises/"+id+"/answer", url.Values{"do": {"end"}}).want(t, 303)
		noor.get("/my/promises").want(t, 200, "Past promises", "Home by seven")
		dana.post(list, url.Values{"what": {"x"}, "often": {"once"}, "key": {"k2"}}).want(t, 422,
			"Choose whose promise it is", `value="x"`)
		w.as(w.ellis).get(list).want(t, 404)
		w.as(w.partner(0, "A")).post("/my/promises/"+things["promise"]+"/marks",
			url.Values{"day": {"2031-03-12"}, "result": {"kept"}}).want(t, 404)
	})
}

// TestWhatIsTypedAboutAPromiseIsShownAgainWhenItIsRefused: for a wrong day, and when the list closed
// because the partners separate.
func TestWhatIsTypedAboutAPromiseIsShownAgainWhenItIsRefused(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		noor, kit := w.as(w.partner(1, "B")), w.as(w.partner(1, "A"))
		marks := "/my/promises/" + things["promise"] + "/marks"
		noor.post(marks, url.Values{"day": {"2031-03-11"}, "result": {"kept"}}).want(t, 303)
		typed := url.Values{"day": {"2031-01-01"}, "result": {"kept"}, "note": {"It was a long way home."}}
		noor.post(marks, typed).want(t, 422, `value="It was a long way home."`, `value="2031-01-01"`)
		seen := url.Values{"day": {"2031-03-11"}, "result": {"nothing"}, "note": {"I saw it otherwise."}}
		kit.post(marks, seen).want(t, 422, `value="I saw it otherwise."`)

		w.as(w.dana).post("/couples/"+things["couple"]+"/close", url.Values{
			"ending": {"separating"}, "a_until": {"2031-03-20"}, "b_until": {"2031-03-20"}, "key": {"s"},
		}).want(t, 303)
		typed.Set("day", "2031-03-12")
		noor.post(marks, typed).want(t, 422, "This list is closed.", "It was a long way home.")
		noor.post("/my/promises", url.Values{"what": {"I call at noon"}, "often": {"daily"}, "key": {"k"}}).want(t, 422,
			"This list is closed.", `I call at noon`)
		noor.get("/my/promises").want(t, 200, "This list is closed.").never(t, `name="result"`, `name="what"`)
		kit.post(marks, seen).want(t, 404)
	})
}
