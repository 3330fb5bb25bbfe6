package handlers

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"mend/sessions"
)

// TestAStatementForTheBillerIsOnePartnersAlone: its details are saved, printed and downloaded, and
// appear neither in the joint record nor on a partner's page.
func TestAStatementForTheBillerIsOnePartnersAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		page := "/partners/" + things["partner"] + "/statement"
		period := "?from=2030-01-01&to=2031-03-12"
		mine, theirs := kit.get("/my").body, noor.get("/my").body
		record := pdfText(t, dana.get("/couples/"+things["couple"]+"/record.pdf").want(t, 200))
		dana.get(page).want(t, 200, "Mend files no claims and takes no payments.")
		form := url.Values{"diagnosis": {strings.Repeat("x", 121)}, "code": {"=SUM(A1)"}, "fee": {"$120"}, "base": {"0"}}
		dana.post(page, form).want(t, 422, "Use 120 characters or fewer", "=SUM(A1)")
		form.Set("diagnosis", canary)
		dana.post(page, form).want(t, 303)
		form.Set("diagnosis", "Another window")
		dana.post(page, form).want(t, 409, "Another window")
		shown := dana.get(page+period).want(t, 200, canary, "in-person", "Download CSV").body
		for _, file := range []string{".pdf", ".csv"} {
			if !strings.Contains(shown, `href="`+page+file+strings.ReplaceAll(period, "&", "&amp;")+`"`) {
				t.Errorf("the %s that the page offers is of other days", file)
			}
		}
		dana.post(page+period, form).want(t, 409, `value="2030-01-01"`)

		file := pdfText(t, dana.get(page+".pdf"+period).want(t, 200))
		for _, said := range []string{"Kit Larkspur", canary, "Dana Okafor-Lind", "LMFT", "$120", "This is not a claim"} {
			if !strings.Contains(file, said) {
				t.Errorf("the PDF lacks %q: %s", said, file)
			}
		}
		if strings.Contains(file, "Noor") {
			t.Error("it names the other partner")
		}
		rows, err := csv.NewReader(strings.NewReader(dana.get(page+".csv"+period).want(t, 200).body)).ReadAll()
		if err != nil || len(rows) < 2 || rows[1][0] != "Kit Larkspur" || rows[1][1] != canary || rows[1][6] != "'=SUM(A1)" ||
			!strings.HasPrefix(rows[1][3], "2031-") {
			t.Error(rows, err)
		}

		other := "/partners/" + w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'B'`, things["couple"])
		dana.post(other+"/statement", url.Values{"base": {"0"}}).want(t, 422, "The other partner is the identified client.")
		dana.get(other+"/statement"+period).want(t, 200).never(t, canary)
		dana.get("/couples/"+things["couple"]).want(t, 200).never(t, canary)
		if kit.get("/my").body != mine || noor.get("/my").body != theirs ||
			pdfText(t, dana.get("/couples/"+things["couple"]+"/record.pdf")) != record {
			t.Error("it shows elsewhere")
		}
		for _, b := range []*browser{w.as(w.ellis), w.as(w.sam), w.as(w.drew), kit} {
			for _, path := range []string{page, page + ".pdf", page + ".csv"} {
				b.get(path).want(t, 404)
			}
		}
		dana.post(page, url.Values{"do": {"clear"}}).want(t, 303)
		dana.get(page).want(t, 200).never(t, canary)
	})
}

// TestAStatementLeavesOutWhatTheOtherPartnerCameToAlone: neither date nor minutes reach the biller
// or the partner who was absent.
func TestAStatementLeavesOutWhatTheOtherPartnerCameToAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		const period = "/statement?from=2030-01-01&to=2031-03-12"
		other := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'B'`, things["couple"])
		lines := func(partner string) int {
			return strings.Count(dana.get("/partners/"+partner+period).want(t, 200).body, " minutes · ")
		}
		before := lines(things["partner"])
		if before == 0 || lines(other) != before {
			t.Fatal(before, lines(other))
		}
		w.by(`UPDATE session_intervals SET kind = ? WHERE session_id = ?`, sessions.AloneB, things["held"])
		w.by(`UPDATE sessions SET corrected = FALSE WHERE id = ?`, things["held"])
		if a, b := lines(things["partner"]), lines(other); a != before-1 || b != before {
			t.Errorf("%d and %d appointments, were %d", a, b, before)
		}
	})
}
