package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/demo"
)

// closes closes the couple as Dana: Kit can sign in through March 12, Noor through March 20.
func (b *browser) closes(couple string) {
	b.w.t.Helper()
	b.post("/couples/"+couple+"/close", url.Values{
		"ending": {"enough-for-now"}, "a_until": {"2031-03-12"}, "b_until": {"2031-03-20"}, "key": {"close"},
	}).want(b.w.t, 303)
}

func TestACoupleIsClosedSummedUpAndReopened(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, kit, _ := w.kits()
		dana, page := w.as(w.dana), "/couples/"+couple
		dana.post(page+"/close", url.Values{"a_until": {"2031-03-11"}, "b_until": {"soon"}, "key": {"k"}}).want(t, 422,
			"Choose how counseling ended.", "Choose a day from today on")
		dana.get(page).want(t, 200, "End counseling").never(t, "has ended")
		dana.closes(couple)
		dana.closes(couple) // pressed twice
		dana.get(page+"/close").want(t, 200, "Closed March 12, 2031", "Enough for now", "through March 20, 2031")
		dana.get(page).want(t, 200, "Counseling with this couple has ended.").never(t, "End counseling<")
		dana.get("/couples").want(t, 200).never(t, "Kit Larkspur")
		dana.get("/couples?only=closed").want(t, 200, "Kit Larkspur")
		dana.get("/couples?only=closed&find=kit").want(t, 200, "Kit Larkspur")
		dana.post(page+"/invitations", url.Values{"partner": {kit}}).want(t, 422, "Reopen the record before you invite")
		summary := dana.post(page+"/close/summary", url.Values{}).want(t, 303).location()
		if again := dana.post(page+"/close/summary", url.Values{}).location(); again != summary {
			t.Error("a second press began a second summary")
		}
		dana.get(summary).want(t, 200, "Closing summary", "Joint record", "Ending: Enough for now.",
			"2 sessions were held", "Talk about the hidden loan", "settled")
		seen := dana.get(summary).find(t, `name="seen" value="([0-9a-f]+)"`)
		dana.post(summary+"/sign",
			url.Values{"seen": {seen}, "reviewed": {"yes"}, "password": {demo.Password}}).want(t, 303)
		dana.get(page+"/record?kind=closing").want(t, 200, summary+"/note.pdf", "Note signed")
		w.lettersTellNothing(t, dana, couple)
		dana.post(page+"/reopen", url.Values{"reason": {""}}).want(t, 422)
		dana.post(page+"/reopen", url.Values{"reason": {"Both called again."}}).want(t, 303)
		dana.get("/couples").want(t, 200, "Kit Larkspur")
		dana.get(page+"/close").want(t, 200, "reopened March 12, 2031", "Both called again.")
		dana.get("/audit").want(t, 200, "closed", "reopened")
	})
}

// TestNothingIsPlannedWithACoupleWhoseCounselingEnded, and each partner is told so, and until when they
// can sign in.
func TestNothingIsPlannedWithACoupleWhoseCounselingEnded(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		dana, page := w.as(w.dana), "/couples/"+couple
		kit, noor := w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		kit.get("/my").want(t, 200).never(t, "Counseling has ended")
		dana.closes(couple)
		at := w.now.AddDate(0, 0, 3)
		plan := merged(w.slotValues(at, "plan"), map[string]string{"step": "acknowledge"})
		delete(plan, "zone")
		for path, form := range map[string]url.Values{
			"/sessions/new":     plan,
			"/appointments/new": merged(w.slotValues(at, "book"), map[string]string{"anyway": "yes"}),
			"/worksheets":       {"worksheet": {"trust-pulse"}, "again": {"yes"}, "to": {"each"}, "key": {"k2"}},
		} {
			dana.post(page+path, form).want(t, 422, "Reopen the record to plan or assign more.")
		}
		dana.get(page).want(t, 200).never(t, "Plan a session", "Book appointments", "Assign a worksheet")
		kit.get("/my").want(t, 200, "Counseling has ended. You can sign in here until March 12").never(t, "will be in touch", "all caught up")
		noor.get("/my/appointment").want(t, 200, "Counseling has ended. You can sign in here until March 20")
	})
}

// TestOnePartnersPortalEndsAndTheOtherSeesNothingOfIt compares Noor's pages before and after the
// end of Kit's portal access, with no session to come.
func TestOnePartnersPortalEndsAndTheOtherSeesNothingOfIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		couple, _, _ := w.kits()
		kit, noor, dana := w.as(w.partner(1, "A")), w.as(w.partner(1, "B")), w.as(w.dana)
		pages := func() (all []string) {
			for _, path := range []string{"/my", "/my/answers", "/my/promises", "/my/access"} {
				all = append(all, keyless(noor.get(path).want(t, 200).body))
			}
			return all
		}
		w.cancelAll(t, couple)
		dana.closes(couple)
		kit.get("/my").want(t, 200)
		// March 12 ends in New York at 04:00 UTC.
		w.now = time.Date(2031, 3, 13, 3, 59, 0, 0, time.UTC)
		kit, noor = w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		kit.get("/my").want(t, 200)
		before := pages()
		w.now = w.now.Add(time.Minute)
		if a := kit.get("/my"); a.status != 303 || !strings.HasPrefix(a.location(), "/login") {
			t.Error("Kit's portal goes on:", a.status, a.location())
		}
		w.browser().post("/login", url.Values{"sign_in": {w.partner(1, "A")}, "password": {demo.Password}}).want(t, 422)
		same(t, before, pages())
	})
}

// lettersTellNothing checks each partner's closing letter: it is in their own language and does not
// mention the other partner or how the work ended.
func (w *world) lettersTellNothing(t *testing.T, dana *browser, couple string) {
	t.Helper()
	_, kit, noor := w.kits()
	w.by(`UPDATE sign_ins SET language = 'es' WHERE partner_id = ?`, noor)
	for partner, says := range map[string][]string{
		kit:  {"Dear Kit,", "through March 12, 2031", "(555) 010-0142", "988"},
		noor: {"Hola, Noor:", "20 de marzo de 2031", "(555) 010-0142", "988"},
	} {
		letter := pdfText(t, dana.get("/partners/"+partner+"/closing-letter.pdf").want(t, 200))
		for _, want := range says {
			if !strings.Contains(letter, want) {
				t.Errorf("the letter does not say %q: %.900s", want, letter)
			}
		}
		other := map[string]string{kit: "Noor", noor: "Kit"}[partner]
		for _, secret := range []string{other, "Enough for now", "March 20, 2031", "hasta el 12"} {
			if strings.Contains(letter, secret) {
				t.Errorf("the letter to one says %q", secret)
			}
		}
	}
	for _, somebody := range []*browser{w.as(w.ellis), w.as(w.partner(1, "A")), w.as(w.partner(1, "B")), w.as(w.drew)} {
		somebody.get("/partners/"+kit+"/closing-letter.pdf").want(t, 404)
	}
}
