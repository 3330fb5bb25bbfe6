package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestACounselorImportsACaseloadAndUndoesIt goes from a file to couples and back.
func TestACounselorImportsACaseloadAndUndoesIt(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, ellis := w.as(w.dana), w.as(w.ellis)
		dana.get("/couples").want(t, 200, `href="/couples/import"`)
		dana.get("/settings/data").want(t, 200, `href="/couples/import"`)
		dana.get("/couples/import/sample.csv").want(t, 200, "Robin,Invented")
		page := dana.upload([]byte("Partner 1,Partner 2,Notes\nUma <b>Early,Vic Early,Herons\n=1+1,\nKit Larkspur,Noor Meadowsweet,\n"+
			"Uma <b>Early,Vic Early,\n")).want(t, 303).location()
		ellis.get(page).want(t, 404)
		review := dana.get(page).want(t, 200, "Row 3, Second partner: Name: Please fill this in.", "Uma &lt;b&gt;Early",
			"“Notes” is not imported", "Possible duplicate of row 2", "Import 1 couple", "No one is invited")
		review.never(t, "Herons", "<b>Early")
		dana.post(page, url.Values{}).want(t, 303)
		done := dana.get(page).want(t, 200, "Couples imported", "Undo import", "Uma &lt;b&gt;Early and Vic Early")
		couple := done.find(t, `/couples/`+id)
		dana.post(page, url.Values{}).want(t, 303) // pressed twice
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM imported_couples`); n != "1" {
			t.Errorf("%s couples were imported", n)
		}
		dana.get("/couples/"+couple).want(t, 200, "Add the breach of trust", "Not invited yet")
		dana.post(page+"/undo", url.Values{}).want(t, 303)
		dana.get(page).want(t, 200, "All imported couples were removed.").never(t, "Undo import")
		dana.get("/couples/"+couple).want(t, 404)
		dana.post(page+"/undo", url.Values{}).want(t, 409, "can’t be undone anymore")
	})
}

func TestUndoNamesTheCouplesThatStay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		page := dana.upload([]byte("Partner 1,Partner 2\nUma Early,Vic Early\nWes Early,Xan Early\n")).want(t, 303).location()
		dana.post(page, url.Values{}).want(t, 303)
		couple := dana.get(page).find(t, `/couples/`+id+`"><strong>Wes Early`)
		dana.post("/couples/"+couple+"/goals", url.Values{"goal": {"Talk."}, "key": {"k"}}).want(t, 303)
		dana.post(page+"/undo", url.Values{}).want(t, 303)
		dana.get(page).want(t, 200, "were kept because something was done", "Wes Early").never(t, "Uma Early")
		w.now = w.now.Add(25 * time.Hour)
		w.as(w.dana).get(page).want(t, 200).never(t, "Undo import")
	})
}

func TestNothingIsPlannedOrAssignedBeforeTheBreachIsKnown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		page := dana.upload([]byte("Partner 1,Partner 2\nUma Early,Vic Early\n")).want(t, 303).location()
		dana.post(page, url.Values{}).want(t, 303)
		couple := "/couples/" + dana.get(page).find(t, `/couples/`+id)
		const says = "Add the breach of trust on the couple’s page first."
		plan := url.Values{
			"date": {"2031-03-20"}, "time": {"10:00"}, "minutes": {"50"}, "place": {"office"}, "step": {"acknowledge"},
			"key": {"plan"},
		}
		dana.post(couple+"/sessions/new", plan).want(t, 422, says)
		for _, to := range []string{"A", "B", "each"} {
			dana.post(couple+"/worksheets", url.Values{"worksheet": {"trust-pulse"}, "to": {to}, "key": {to}}).
				want(t, 422, says)
		}
		for _, path := range []string{
			"", "/worksheets", "/sessions/new", "/record", "/prepare", "/pulse", "/promises", "/boundaries", "/retention",
			"/close", "/notes/new", "/steps/acknowledge", "/appointments/new",
		} {
			dana.get(couple+path).want(t, 200)
		}
		dana.get(couple+"/steps/acknowledge").want(t, 200, "Hurt partner", "Partner who broke trust")
		dana.post(couple+"/breaches", url.Values{
			"breach.0.name": {"The loan"}, "breach.0.broke": {"B"}, "breach.0.kinds": {"lying"},
		}).want(t, 303)
		dana.post(couple+"/sessions/new", plan).want(t, 303)
		dana.post(couple+"/worksheets", url.Values{"worksheet": {"trust-pulse"}, "to": {"A"}, "key": {"A"}}).want(t, 303)
	})
}

func TestAFileThatCannotBeReadIsRefusedBesideItsField(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		for _, c := range map[string]struct{ file, says string }{
			"20 MB":           {strings.Repeat("=cmd|'/c calc'!A0,x\n", 1<<20), "larger than 1 MB"},
			"empty":           {"", "The file is empty."},
			"headings alone":  {"Partner 1,Partner 2\n", "headings and no rows"},
			"unclosed quotes": {"Partner 1,Partner 2\n\"Uma,Vic\n", "A quotation mark is opened"},
			"5,000 columns":   {strings.Repeat("x,", 5000), "5001 columns"},
		} {
			dana.upload([]byte(c.file)).want(t, 422, c.says, `id="file-problem"`).never(t, "calc")
		}
		if n := w.one(`SELECT CAST(COUNT(*) AS TEXT) FROM caseload_imports`); n != "0" {
			t.Errorf("%s uploads are kept", n)
		}
		dana.post("/couples/import", url.Values{"file": {"x"}}).want(t, 422, "Choose a CSV file.")
	})
}
