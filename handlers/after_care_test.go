package handlers

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"mend/demo"
)

// carePages returns the pages that a partner sees.
func carePages(t *testing.T, b *browser) (all []string) {
	t.Helper()
	for _, path := range []string{"/my", "/my/answers", "/my/promises", "/my/access", "/my/pulse", "/my/after-care"} {
		all = append(all, keyless(b.get(path).want(t, 200).body))
	}
	return all
}

// TestEachPartnerChoosesAloneToBeAskedAboutTrustAfterCounseling: Kit says yes, stops, and says yes
// again. Each time there is one trust pulse, never two, and Noor sees none of it.
func TestEachPartnerChoosesAloneToBeAskedAboutTrustAfterCounseling(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		w.cancelAll(t, couple)
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		kit.get("/my/after-care").want(t, 404)
		kit.post("/my/after-care", url.Values{"answer": {"yes"}}).want(t, 404)
		kit.get("/my").want(t, 200).never(t, "After counseling")
		dana.closes(couple)
		before := carePages(t, noor)
		kit.get("/my").want(t, 200, "After counseling")
		kit.get("/my/after-care").want(t, 200, "If you say yes, your account stays open through April 12, 2032.",
			"Otherwise, it stays open through March 12, 2031.")
		kit.post("/my/after-care", url.Values{"answer": {"maybe"}}).want(t, 400)
		for range 2 { // pressed twice
			kit.post("/my/after-care", url.Values{"answer": {"yes"}}).want(t, 303)
		}
		kit.get("/my/after-care").want(t, 200, "You said yes on March 12, 2031.", "Stop the trust pulse")
		w.pulsesToCome(t, 4)
		dana.get("/couples/"+couple+"/close").want(t, 200, "yes, and can sign in through April 12, 2032", "no answer yet")
		kit.post("/my/after-care", url.Values{"answer": {"no"}}).want(t, 303)
		w.pulsesToCome(t, 0)
		kit.post("/my/after-care", url.Values{"answer": {"yes"}}).want(t, 303)
		w.pulsesToCome(t, 4)
		same(t, before, carePages(t, noor))

		noor.post("/my/after-care", url.Values{"answer": {"yes"}}).want(t, 303)
		w.pulsesToCome(t, 8)
		begun := w.one(`SELECT id FROM assignments WHERE form_key LIKE 'after-care % 3 %' AND audience = 'A'
			AND withdrawn_at IS NULL`)
		w.by(`UPDATE answers SET begun_at = ? WHERE assignment_id = ?`, w.now, begun)
		kit.post("/my/after-care", url.Values{"answer": {"no"}}).want(t, 303)
		w.pulsesToCome(t, 5) // Noor's, and the one that Kit has begun
		w.by(`UPDATE assignments SET withdrawn_at = ? WHERE id = ?`, w.now, begun)
		noor.post("/my/after-care", url.Values{"answer": {"no"}}).want(t, 303)
		kit.post("/my/after-care", url.Values{"answer": {"yes"}}).want(t, 303)

		w.now = time.Date(2031, 4, 13, 15, 0, 0, 0, time.UTC) // Noor's portal access has ended
		kit = w.as(w.partner(1, "A"))
		kit.get("/my").want(t, 200, "Trust pulse")
		id := w.one(`SELECT id FROM assignments WHERE form_key LIKE 'after-care % 1 %' AND withdrawn_at IS NULL`)
		pulse := url.Values{"a.share": {"no"}, "a.moved": {canary}, "seen": {"0"}, "key": {"p"}, "do": {"send"}}
		for row := range 8 {
			pulse.Set(fmt.Sprintf("a.items.t%d", row+1), "mostly")
		}
		kit.post("/my/worksheets/"+id, pulse).want(t, 303)
		w.pulsesToCome(t, 4) // no weekly one follows
		dana = w.as(w.dana)
		dana.get("/").want(t, 200, "Kit: Trust pulse", "Sun, Apr 13")
	})
}

// pulsesToCome checks the number of after-care pulses that were not withdrawn.
func (w *world) pulsesToCome(t *testing.T, want int) {
	t.Helper()
	n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM assignments s JOIN closings z ON z.couple_id = s.couple_id
		WHERE s.worksheet = 'trust-pulse' AND s.withdrawn_at IS NULL AND s.created_at >= z.closed_at`)
	if n != string(rune('0'+want)) {
		t.Errorf("%s trust pulses, want %d", n, want)
	}
}

// TestNobodyIsAskedAboutTrustWhereCounselingDidNotEndWell: and once a partner stops, the portal
// ends on the date that the counselor chose.
func TestNobodyIsAskedAboutTrustWhereCounselingDidNotEndWell(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		dana := w.as(w.dana)
		for _, ending := range []string{"separating", "one-partner-left", "lost-contact"} {
			dana.post("/couples/"+couple+"/close", url.Values{
				"ending": {ending}, "a_until": {"2031-03-20"}, "b_until": {"2031-03-20"}, "key": {ending},
			}).want(t, 303)
			for _, side := range []string{"A", "B"} {
				b := w.as(w.partner(1, side))
				b.get("/my").want(t, 200).never(t, "After counseling")
				b.get("/my/after-care").want(t, 404)
				b.post("/my/after-care", url.Values{"answer": {"yes"}}).want(t, 404)
			}
			dana.get("/couples/"+couple+"/close").want(t, 200).never(t, "Trust pulse after counseling")
			dana.post("/couples/"+couple+"/reopen", url.Values{"reason": {"They came back."}}).want(t, 303)
		}
		dana.closes(couple)
		kit := w.as(w.partner(1, "A"))
		kit.post("/my/after-care", url.Values{"answer": {"yes"}}).want(t, 303)
		w.now = w.now.AddDate(0, 0, 2)
		kit = w.as(w.partner(1, "A"))
		kit.get("/my/after-care").want(t, 200)
		kit.post("/my/after-care", url.Values{"answer": {"no"}}).want(t, 303)
		if a := kit.get("/my"); a.status != 303 {
			t.Error("the portal goes on after its day:", a.status)
		}
		w.browser().post("/login", url.Values{"sign_in": {w.partner(1, "A")}, "password": {demo.Password}}).want(t, 422)
	})
}
