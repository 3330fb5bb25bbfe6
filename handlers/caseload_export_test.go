package handlers

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mend/internal/audit"
	"mend/internal/database"
)

// unzipped returns the files of a ZIP archive by name.
func unzipped(t *testing.T, body string) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// TestAnExportPartsWhatIsOfEach: Kit and Noor both write, and each text is in the right folder.
func TestAnExportPartsWhatIsOfEach(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, noor := w.as(w.dana), w.as(w.partner(1, "B"))
		noor.put("/my/worksheets/"+things["tohand"]+"/fields/counselor_only",
			url.Values{"a.counselor_only": {"CANARY-DRAFT"}, "base": {"0"}, "key": {"draft"}}).want(t, 200)
		before := w.last(1)[0].Seq
		a := dana.get("/settings/data/caseload.zip").want(t, 200)
		if got := a.header.Get("Content-Disposition"); got != "attachment; filename=mend-2031-03-12.zip" {
			t.Errorf("it is named %q", got)
		}
		number := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])
		files := unzipped(t, a.body)
		if own := files[number+"/partner-A/worksheets.csv"]; !strings.Contains(own, "Going quiet.") {
			t.Errorf("Kit’s own words are missing: %s", own)
		}
		for name, text := range files {
			if strings.Contains(text, "CANARY-DRAFT") || strings.Contains(text, "Going quiet.") && !strings.Contains(name, "/partner-A/") {
				t.Errorf("%s holds what is not its own", name)
			}
		}
		for _, name := range []string{
			"README.txt", "couples.csv", number + "/joint/goals.csv", number + "/joint/sessions.csv",
			number + "/joint/appointments.csv", number + "/joint/worksheets.fhir.json", number + "/partner-A/partner.csv",
			number + "/partner-B/consents.csv", number + "/partner-B/worksheets.fhir.json",
			number + "/joint/promises.csv", number + "/partner-A/promises.csv", number + "/partner-A/patient.fhir.json",
			number + "/partner-A/privacy-policy.csv",
		} {
			if files[name] == "" {
				t.Errorf("%s is missing", name)
			}
		}
		if files["NOT-EXPORTED.csv"] != "" {
			t.Errorf("left out: %s", files["NOT-EXPORTED.csv"])
		}
		notes := 0
		for name, text := range files {
			if strings.HasSuffix(name, ".pdf") {
				if notes++; !strings.HasPrefix(text, "%PDF-") {
					t.Errorf("%s is no PDF", name)
				}
			}
		}
		if notes == 0 {
			t.Error("there is no note")
		}
		if e := w.last(1)[0]; e.Seq == before || e.Action != audit.Opened {
			t.Errorf("the log ends with %+v", e)
		}
		ellis := unzipped(t, w.as(w.ellis).get("/settings/data/caseload.zip").want(t, 200).body)
		if _, ok := ellis[number+"/joint/couple.csv"]; ok {
			t.Error("another counselor’s couple is in it")
		}
	})
}

// TestWhatIsKeptOfOnePartnerIsExportedInThatPartnersFolderAlone: requests and releases,
// authorizations, billing, answers to the plan, comments, and one partner's answer to a promise.
func TestWhatIsKeptOfOnePartnerIsExportedInThatPartnersFolderAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		a := w.partnerID("Kit Larkspur")
		dana.post("/partners/"+a+"/requests", url.Values{
			"capacity": {"lawyer"}, "requester": {"CANARY-LAWYER"}, "purpose": {"CANARY-PURPOSE"},
			"received": {"2031-03-10"}, "due": {"2031-03-20"}, "key": {"r"},
		}).want(t, 303)
		dana.post("/partners/"+a+"/statement", url.Values{
			"diagnosis": {"CANARY-DIAGNOSIS"}, "code": {"90847"}, "fee": {"150"}, "base": {"0"},
		}).want(t, 303)
		kit.post("/my/treatment-plan", url.Values{
			"answer": {"disagreed"}, "version": {things["planversion"]}, "line": {"CANARY-DISSENT"}, "key": {"line"},
		}).want(t, 303)
		noor.get("/my").want(t, 200)
		number := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])
		files := unzipped(t, dana.get("/settings/data/caseload.zip").want(t, 200).body)
		for word, name := range map[string]string{
			"CANARY-LAWYER":  "/partner-A/individual-file/record-requests.csv",
			"CANARY-PURPOSE": "/partner-A/individual-file/record-requests.csv",
			"CANARY-DISSENT": "/partner-A/treatment-plan.csv", "CANARY-DIAGNOSIS": "/partner-A/individual-file/billing.csv",
		} {
			if !strings.Contains(files[number+name], word) {
				t.Errorf("%s is not in %s", word, name)
			}
		}
		for name, text := range files {
			if strings.Contains(text, "CANARY") && !strings.HasPrefix(name, number+"/partner-A/") {
				t.Errorf("%s holds what is Kit's own", name)
			}
		}
		if files[number+"/joint/treatment-plan.pdf"] == "" {
			t.Error("the plan is missing")
		}
	})
}

// TestACoupleThatWasChangedPastTheProgramHoldsUpNoOther: the export names it and contains all
// others.
func TestACoupleThatWasChangedPastTheProgramHoldsUpNoOther(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		before := unzipped(t, dana.get("/settings/data/caseload.zip").want(t, 200).body)
		number := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])
		w.by(`UPDATE consents SET given_at = ? WHERE couple_id = ?`, w.now, things["couple"])
		after := unzipped(t, dana.get("/settings/data/caseload.zip").want(t, 200).body)
		if !strings.Contains(after["NOT-EXPORTED.csv"], number) {
			t.Errorf("it is not named: %q", after["NOT-EXPORTED.csv"])
		}
		for name := range before {
			if gone := after[name] == ""; gone != strings.HasPrefix(name, number+"/") {
				t.Errorf("%s: gone is %v", name, gone)
			}
		}
	})
}

// unguardNoteFiles removes the guards against changing the files of notes.
func (w *world) unguardNoteFiles() {
	w.t.Helper()
	queries := []string{`DROP TRIGGER note_files_update`, `DROP TRIGGER note_files_delete`}
	if w.db.Engine() == database.Postgres {
		queries = []string{`DROP TRIGGER note_files_update ON note_files`}
	}
	for _, query := range queries {
		if _, err := w.db.Exec(w.t.Context(), query); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestASignedNoteWithoutAFileIsExportedAllTheSame: such a record came from elsewhere.
func TestASignedNoteWithoutAFileIsExportedAllTheSame(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		pdfs := func() (names []string) {
			for name := range unzipped(t, dana.get("/settings/data/caseload.zip").want(t, 200).body) {
				if strings.HasSuffix(name, ".pdf") {
					names = append(names, name)
				}
			}
			return names
		}
		before := pdfs()
		w.unguardNoteFiles()
		w.by(`DELETE FROM note_files`)
		if after := pdfs(); len(before) == 0 || len(after) != len(before) {
			t.Errorf("there were %d notes, and now %d", len(before), len(after))
		}
	})
}

// TestALineThatIsCutLeavesNoHalfExport: the browser notices the aborted download, and the next one
// is complete.
func TestALineThatIsCutLeavesNoHalfExport(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		whole := len(dana.get("/settings/data/caseload.zip").want(t, 200).body)
		w.unguardNoteFiles()
		w.by(`UPDATE note_files SET file = ?`, []byte("broken"))
		request, err := http.NewRequest("GET", w.url+"/settings/data/caseload.zip", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		response, err := dana.client.Do(request)
		if err != nil {
			return // aborted before the first byte
		}
		defer response.Body.Close()
		var got bytes.Buffer
		if _, err := io.Copy(&got, response.Body); err == nil && response.StatusCode == 200 {
			t.Errorf("%d of %d bytes came as if they were the whole", got.Len(), whole)
		}
	})
}
