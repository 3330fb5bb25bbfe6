package handlers

import (
	"bytes"
	"net/url"
	"testing"
)

// TestWhatIsErasedIsGoneForEverybodyButTheOther erases one partner's pages and then the couple.
func TestWhatIsErasedIsGoneForEverybodyButTheOther(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, ellis, kit, noor := w.as(w.dana), w.as(w.ellis), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		couple := "/couples/" + things["couple"]
		number := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])
		a := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'A'`, things["couple"])
		pagesOfA := w.one(
			`SELECT a.id FROM answers a JOIN assignments s ON s.id = a.assignment_id WHERE a.partner_id = ? AND s.audience = 'A'
				ORDER BY a.id LIMIT 1`, a)
		assignment := w.one(`SELECT assignment_id FROM answers WHERE id = ?`, pagesOfA)
		before := noor.get("/my").want(t, 200).body

		dana.get(couple+"/retention").want(t, 200, "7 years", "Nothing in it can be deleted before then.")
		form := url.Values{"of": {"A"}, "reason": {"Kit asked for it in writing."}, "record_no": {number}}
		dana.post(couple+"/erase", form).want(t, 422, "This record is retained until")
		ellis.get(couple+"/retention").want(t, 404)
		kit.post(couple+"/erase", form).want(t, 404)

		dana.post("/settings/retention", url.Values{"years": {"soon"}}).want(t, 422, "from 0 to 99")
		dana.post("/settings/retention", url.Values{"years": {"0"}}).want(t, 303)
		dana.post(couple+"/hold", url.Values{"hold": {"A letter from a court."}}).want(t, 303)
		dana.get(couple+"/retention").want(t, 200, "A letter from a court.")
		dana.post(couple+"/erase", form).want(t, 422, "legal hold")
		dana.post(couple+"/hold", url.Values{"hold": {""}}).want(t, 303)
		dana.post(couple+"/erase", url.Values{"of": {""}, "reason": {"x"}, "record_no": {number}}).want(t, 422,
			"Choose what to delete.", "at least 20 characters", ">x</textarea>")
		dana.post(couple+"/erase", form).want(t, 303)

		kit.get("/my").want(t, 303)
		if again := noor.get("/my").want(t, 200).body; again != before {
			t.Error("the other's page changed")
		}
		dana.get(couple).want(t, 200, "private material deleted")
		for _, path := range []string{"/partners/" + a + "/file", "/assignments/" + assignment} {
			dana.get(path).want(t, 404)
		}
		for _, path := range []string{couple, couple + "/worksheets", couple + "/record", "/follow-ups", "/"} {
			dana.get(path).want(t, 200).never(t, assignment)
		}
		dana.post(couple+"/invitations", url.Values{"partner": {a}}).want(t, 404)
		dana.post(couple+"/worksheets", url.Values{"worksheet": {"commitment-check"}, "to": {"each"}, "key": {"x"}}).want(t,
			422, "was deleted")
		dana.post(couple+"/worksheets", url.Values{"worksheet": {"commitment-check"}, "to": {"B"}, "key": {"y"}}).want(t, 303)

		form.Set("of", "all")
		dana.post(couple+"/erase", form).want(t, 303)
		for _, path := range []string{
			couple, couple + "/record", "/sessions/" + things["session"],
			"/sessions/" + things["session"] + "/note",
		} {
			dana.get(path).want(t, 404)
		}
		noor.get("/my").want(t, 303)
		dana.get("/").want(t, 200).never(t, "Kit", "Noor")
		dana.get("/settings/retention").want(t, 200, number, "What was partner A’s alone", "Everything about the couple",
			"Kit asked for it in writing.")
		dana.get("/audit?action=erased").want(t, 200, "<td>erased")
		if bytes.Contains(w.raw(), []byte("Kit asked for it")) {
			t.Error("the reason is not sealed")
		}
		if report, err := w.site.Audit.Verify(t.Context()); err != nil || report.Findings != nil {
			t.Error(report, err)
		}
		if _, bad, err := w.site.Sessions.VerifyNotes(t.Context()); err != nil || bad != nil {
			t.Error("an erased note is called changed:", bad, err)
		}
	})
}
