package handlers

import (
	"net/url"
	"testing"
)

// howTrustWasBroken returns Kit's page filled in: with text that can be shared, text for the
// counselor only, and text that is withheld.
func howTrustWasBroken(do string) url.Values {
	return url.Values{
		"a.kinds": {"lying"}, "a.who": {"my-partner"}, "a.clarity": {"7"}, "a.counselor_only": {canary + " alone"},
		"a.events.0.what": {"The second account"}, "a.events.0.known": {"found-out"},
		"a.events.1.what": {canary + " not out"}, "a.events.1.known": {"not-out-yet"},
		"seen": {"0"}, "key": {"share"}, "do": {do},
	}
}

// TestAPageIsSharedAfterAnExactPreviewByBothKeys covers all of it without scripts: the author's
// consent and the counselor's decision.
func TestAPageIsSharedAfterAnExactPreviewByBothKeys(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		mine, desk := "/my/worksheets/"+things["shareable"], "/assignments/"+things["shareable"]
		sent := kit.post(mine, howTrustWasBroken("send")).want(t, 303)
		kit.get(sent.location()).want(t, 200, "May Noor see this?", "What Noor would see", "The second account", "Not now")
		noor.get(mine).want(t, 404)
		dana.get(desk).want(t, 200, "Kit has not said yet", canary+" not out").never(t, "Release to Noor")
		dana.post(desk+"/sharing", url.Values{"do": {"release"}}).want(t, 403)

		kit.post(mine+"/sharing", url.Values{"do": {"yes"}}).want(t, 303)
		kit.get(mine).want(t, 200, "You said yes. Your counselor decides")
		noor.get(mine).want(t, 404)
		noor.get("/my").want(t, 200).never(t, "Shared with you")
		dana.get(desk).want(t, 200, "Kit said yes after seeing the preview", "Release to Noor")
		dana.post(desk+"/sharing", url.Values{"do": {"release"}}).want(t, 303)

		noor.get("/my").want(t, 200, "Shared with you", "How trust was broken", "From Kit")
		noor.get(mine).want(t, 200, "The second account", "From Kit, who chose to share it with you",
			"You don’t have to answer it").never(t, canary, "Not out yet", "Found out", "Still going on", "talk over alone")
		noor.post(mine+"/sharing", url.Values{"do": {"take-back"}}).want(t, 404)
		noor.post(mine, url.Values{"seen": {"0"}, "key": {"x"}, "do": {"save"}}).want(t, 404)
		dana.get(desk).want(t, 200, "Noor can read it.", "Opened")
		kit.get(mine).want(t, 200, "You’re sharing this with Noor").never(t, "Opened") // not reported to the author

		kit.post(mine+"/sharing", url.Values{"do": {"take-back"}}).want(t, 303)
		noor.get(mine).want(t, 404)
		noor.get("/my").want(t, 200).never(t, "Shared with you", "How trust was broken")
	})
}

func TestAJointPageGoesFromReviewToBothAndIsClosed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		page, desk := "/my/worksheets/"+things["joint"], "/assignments/"+things["joint"]
		for _, b := range []*browser{kit, noor} {
			b.get("/my").want(t, 200, "Waiting for your counselor to review it")
			b.get(page).want(t, 200, "Do I agree to this freely?", "Only your counselor reads what you answer here").never(t,
				"Our plan")
		}
		kit.post(page,
			url.Values{
				"a.free_confirm": {"talk-first"}, "a.counselor_only": {canary}, "seen": {"0"}, "key": {"k"},
				"do": {"send"},
			}).want(t, 303)
		kit.get(page).want(t, 200, "Waiting for your counselor to review it")
		dana.get(desk).want(t, 200, "I would like to talk it over with my counselor first", canary, "Open to both partners")
		dana.post(desk+"/active", url.Values{}).want(t, 303)

		kit.get(page).want(t, 200, "Our plan", "You both write on this page").never(t, "Do I agree")
		noor.get(page).want(t, 200, "Do I agree to this freely?") // each answers alone first
		noor.post(page, url.Values{"a.free_confirm": {"i-agree-freely"}, "seen": {"0"}, "key": {"n"}, "do": {"send"}}).want(t,
			303)
		kit.put(page+"/fields/exit", url.Values{"a.exit": {"We stop and walk."}, "base": {"0"}, "key": {"e1"}}).want(t, 200)
		noor.put(page+"/fields/exit", url.Values{"a.exit": {"We say the word."}, "base": {"0"}, "key": {"e2"}}).want(t,
			409, "We stop and walk.")
		noor.get(page).want(t, 200, "We stop and walk.").never(t, canary, "talk it over")
		dana.get(desk).want(t, 200, "We stop and walk.", "Close worksheet")

		dana.post(desk+"/close", url.Values{}).want(t, 303)
		noor.get(page).want(t, 200, "We stop and walk.", "Completed").never(t, canary)
		noor.put(page+"/fields/exit", url.Values{"a.exit": {"later"}, "base": {"1"}, "key": {"e3"}}).want(t, 423)
	})
}
