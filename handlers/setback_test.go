package handlers

import (
	"net/url"
	"strings"
	"testing"

	"mend/couples"
)

// TestANewDisclosurePausesSharingAndAsksForThePrivateConversationsAgain: what Noor had not opened
// is withheld, what she had opened stays, and nothing more is released until both were seen alone.
func TestANewDisclosurePausesSharingAndAsksForThePrivateConversationsAgain(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		page := "/couples/" + things["couple"]
		mine, desk := "/my/worksheets/"+things["shareable"], "/assignments/"+things["shareable"]
		kit.post(mine, howTrustWasBroken("send")).want(t, 303)
		kit.post(mine+"/sharing", url.Values{"do": {"yes"}}).want(t, 303)
		dana.post(desk+"/sharing", url.Values{"do": {"release"}}).want(t, 303)
		shared := keyless(kit.get(mine).want(t, 200, "You’re sharing this with Noor").body)
		told := func(when string) { // nothing of the setback, nor of whether Noor opened it
			t.Helper()
			if keyless(kit.get(mine).body) != shared {
				t.Errorf("%s, the author is told something else", when)
			}
		}

		dana.post(page+"/setback", url.Values{"words": {"Kept words"}, "key": {"s"}}).want(t, 422, "Choose a type.",
			"Choose today or an earlier date.", "Kept words")
		records := func(name string) int {
			file := dana.get("/partners/"+w.partnerID(name)+"/file").want(t, 200).body
			return strings.Count(file, "Private conversation record</strong>")
		}
		had := []int{records("Kit Larkspur"), records("Noor Meadowsweet")}
		form := url.Values{
			"kind": {"disclosure"}, "day": {"2031-03-12"}, "words": {"A second account"}, "key": {"s"},
		}
		dana.post(page+"/setback", form).want(t, 303)
		dana.post(page+"/setback", form).want(t, 303) // pressed twice
		dana.get(page).want(t, 200, "Sharing is paused.")
		dana.get(page+"/pulse").want(t, 200, "Disclosure", "A second account")
		for i, name := range []string{"Kit Larkspur", "Noor Meadowsweet"} {
			if n := records(name) - had[i]; n != 1 {
				t.Errorf("%s has %d more records of a private conversation to fill", name, n)
			}
		}
		dana.get(page+"/setback").want(t, 200, `value="intake"> Getting started`) // offered but not preselected
		noor.get("/my").want(t, 200).never(t, "Shared with you", "paused", "Paused", "account")
		noor.get(mine).want(t, 404)
		told("while sharing is paused")
		dana.get(desk).want(t, 200, "Sharing is paused, so Noor can’t read it").never(t, "Noor can read it.")
		dana.post(desk+"/sharing", url.Values{"do": {"release"}}).want(t, 422, "Sharing has been paused")

		dana.post("/assignments/"+things["joint"]+"/active", url.Values{}).want(t, 422, "Sharing has been paused")
		dana.post(page+"/setback/resume", url.Values{}).want(t, 422, "Have it first")
		w.speakAlone(t, dana, "Kit Larkspur", "none-seen", "proceed-with-joint-work")
		dana.get(page+"/setback").want(t, 200, "Kit</a>:\n          recorded", "not recorded yet")
		dana.post(page+"/setback/resume", url.Values{}).want(t, 422, "Have it first")
		w.speakAlone(t, dana, "Noor Meadowsweet", "none-seen", "proceed-with-joint-work")
		dana.post(page+"/setback/resume", url.Values{}).want(t, 303)
		dana.get(page).want(t, 200).never(t, "Sharing is paused")
		noor.get(mine).want(t, 200, "The second account")
		told("once it was opened")

		dana.post(page+"/setback", url.Values{"kind": {"setback"}, "day": {"2031-03-12"}, "key": {"again"}}).want(t, 303)
		noor.get(mine).want(t, 200, "The second account") // it was opened before
		told("while sharing of other pages is paused")
		dana.post("/couples/"+things["couple"]+"/worksheets", url.Values{
			"worksheet": {"transparency-agreement"}, "to": {"joint"}, "anyway": {"yes"}, "key": {"gate"},
		}).want(t, 422, "stays closed until")
		dana.get("/audit").want(t, 200, "sharing paused", "sharing resumed")
	})
}

// TestNeitherPartnerIsToldOfASetback compares both partners' pages before and after.
func TestNeitherPartnerIsToldOfASetback(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		pages := func() (all []string) {
			for _, side := range []string{"A", "B"} {
				b := w.as(w.partner(1, side))
				for _, path := range []string{"/my", "/my/answers", "/my/promises", "/my/access", "/my/pulse", "/my/treatment-plan"} {
					all = append(all, keyless(b.get(path).body))
				}
			}
			return all
		}
		before := pages()
		w.as(w.dana).post("/couples/"+couple+"/setback", url.Values{
			"kind": {"setback"}, "day": {"2031-03-12"}, "words": {canary}, "steps": {"acknowledge"}, "key": {"s"},
		}).want(t, 303)
		same(t, before, pages())
	})
}

// TestASetbackAsksForNoConversationWithSomebodyWhoWasErased: and resuming sharing does not, either.
func TestASetbackAsksForNoConversationWithSomebodyWhoWasErased(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		w.eraseB(t, couple)
		dana, page := w.as(w.dana), "/couples/"+couple
		dana.post(page+"/setback", url.Values{"kind": {"setback"}, "day": {"2031-03-12"}, "key": {"s"}}).want(t, 303)
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM assignments WHERE couple_id = ? AND audience = 'B'
			AND NOT portal AND created_at = ?`, couple, w.now); n != "0" {
			t.Errorf("%s records for Noor", n)
		}
		dana.post(page+"/setback/resume", url.Values{}).want(t, 422, "Have it first")
		w.speakAlone(t, dana, "Kit Larkspur", "none-seen", "proceed-with-joint-work")
		dana.post(page+"/setback/resume", url.Values{}).want(t, 303)
	})
}

// eraseB erases partner B's private data, long after the work ended.
func (w *world) eraseB(t *testing.T, couple string) {
	t.Helper()
	practice, owner := w.one(`SELECT practice_id FROM couples WHERE id = ?`, couple),
		w.one(`SELECT counselor_id FROM couples WHERE id = ?`, couple)
	c, err := w.site.Couples.Find(t.Context(), practice, owner, couple)
	if err == nil {
		err = w.site.Accounts.SetKeepYears(t.Context(), practice, owner, 0)
	}
	if err == nil {
		err = w.site.Couples.Erase(t.Context(), w.site.Accounts, c, couples.Erasure{
			Of: "B", Reason: "Asked for in writing, long after the work.", RecordNo: c.RecordNo,
		}, w.now.AddDate(1, 0, 0))
	}
	if err != nil {
		t.Fatal(err)
	}
}
