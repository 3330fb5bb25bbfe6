package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"mend/demo"
	"mend/handlers/web"
	"mend/internal/audit"
	"mend/internal/dbtest"
)

// A sentPage is a page that its author sent.
type sentPage struct {
	Assignment string `db:"assignment_id"`
	Answer     string `db:"id"`
	Couple     string `db:"couple_id"`
	Side       string `db:"side"`
}

// sentPages returns the partners' own pages that Dana can read.
func (w *world) sentPages() []sentPage {
	w.t.Helper()
	var list []sentPage
	err := w.db.Select(w.t.Context(), &list, `
		SELECT a.assignment_id, a.id, s.couple_id, p.side
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		JOIN partners p ON p.id = a.partner_id
		JOIN couples c ON c.id = s.couple_id
		JOIN counselors d ON d.id = c.counselor_id
		WHERE a.state = 'sent' AND s.portal AND s.audience <> 'joint' AND d.role = 'owner' AND d.practice_id = c.practice_id
		  AND c.practice_id = (SELECT practice_id FROM counselors ORDER BY created_at LIMIT 1)`)
	if err != nil || len(list) < 6 {
		w.t.Fatal(len(list), err)
	}
	return list
}

// openedSince returns the ids of answers logged as opened after an entry.
func (w *world) openedSince(seq int64) []string {
	w.t.Helper()
	var ids []string
	for _, e := range w.last(60) {
		if e.Seq > seq && e.Action == audit.Opened && e.Object == audit.PageObject {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// TestOpenedIsWrittenForWhatWasShownAlone opens each sent page, on screen, on paper and as a file.
// Other pages of its worksheet are read for comparison, but not logged as opened.
func TestOpenedIsWrittenForWhatWasShownAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		for _, p := range w.sentPages() {
			for _, path := range []string{"", ".pdf", "/answers"} {
				before := w.last(1)[0].Seq
				dana.get("/assignments/"+p.Assignment+path).want(t, 200)
				if opened := w.openedSince(before); !slices.Equal(opened, []string{p.Answer}) {
					t.Errorf("%s shows %s and opened %v", path, p.Answer, opened)
				}
			}
		}
	})
}

// TestWhatIsComparedIsNotOpened: a refused signature, an addendum and a refused worksheet read
// pages that are not shown.
func TestWhatIsComparedIsNotOpened(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		compared := func(status int, path string, form url.Values) {
			t.Helper()
			before := w.last(1)[0].Seq
			dana.post(path, form).want(t, status)
			if opened := w.openedSince(before); opened != nil {
				t.Errorf("%s opened %v", path, opened)
			}
			recorded := slices.ContainsFunc(w.last(20), func(e audit.Entry) bool {
				return e.Seq > before && e.Action == audit.Compared && e.Couple == things["couple"] && e.ID == "" && e.Side == ""
			})
			if !recorded && status != 303 { // a response without a page logs no reading
				t.Errorf("%s left no entry of a comparison", path)
			}
		}
		compared(422, "/sessions/"+things["held"]+"/note/sign", url.Values{"password": {demo.Password}, "seen": {"x"}})
		compared(303, "/sessions/"+things["signed"]+"/note/addenda",
			url.Values{"password": {demo.Password}, "key": {"a"}, "reason": {"Corrects"}, "text": {"A title."}})
		compared(422, "/couples/"+things["couple"]+"/worksheets",
			url.Values{"worksheet": {"transparency-agreement"}, "to": {"joint"}, "key": {"gate"}})
	})
}

// TestTheCardBeforeASessionOpensWhatItShowsAlone: it does not show another couple's topics, a
// promise that only its counselor knows of, or how the other partner saw a promise.
func TestTheCardBeforeASessionOpensWhatItShowsAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit, noor, dana := w.as(w.partner(1, "A")), w.as(w.partner(1, "B")), w.as(w.dana)
		kit.post("/my/promises", url.Values{"what": {"Call at noon"}, "often": {"daily"}, "key": {"own"}}).want(t, 303)
		kit.post("/my/promises/"+things["promise"]+"/marks", url.Values{"day": {"2031-03-11"}, "result": {"same"}}).want(t,
			303)
		noor.post("/my/promises/"+things["promise"]+"/marks", url.Values{"day": {"2031-03-11"}, "result": {"kept"}}).want(t,
			303)
		proposed := w.one(`SELECT id FROM promises WHERE form_key LIKE 'own~%'`)
		for _, couple := range []string{things["couple"], w.people[2].Couple} {
			seq := w.last(1)[0].Seq
			dana.get("/couples/"+couple+"/prepare").want(t, 200)
			for _, e := range w.last(60) {
				hidden := e.Couple != couple || e.ID == proposed || e.ID == things["promise"] && e.Object == audit.PageObject
				if e.Seq > seq && e.Action == audit.Opened && hidden {
					t.Errorf("it opened %+v", e)
				}
			}
		}
	})
}

// TestTheCounselorsWorkWithOnePartnerShowsOnNoPageOfTheOther: reading, comparing, exporting,
// searching, and a refused signature, in a single world.
func TestTheCounselorsWorkWithOnePartnerShowsOnNoPageOfTheOther(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		for _, side := range []string{"A", "B"} {
			w.workWithOne(t, side)
		}
	})
}

// workWithOne has Dana work with the pages of the partner on one side of each couple, and compares
// the other partner's pages before and after.
func (w *world) workWithOne(t *testing.T, side string) {
	t.Helper()
	other := map[string]string{"A": "B", "B": "A"}[side]
	dana := w.as(w.dana)
	for couple := range 5 {
		reader := w.as(w.partner(couple, other))
		before, opened := reader.crawl("/my"), reader.get("/my/access").want(t, 200).body
		id := w.people[2+2*couple].Couple
		for _, p := range w.sentPages() {
			if p.Couple != id || p.Side != side {
				continue
			}
			for _, path := range []string{"", ".pdf", "/answers", "/earlier"} {
				dana.get("/assignments/" + p.Assignment + path)
			}
			dana.post("/assignments/"+p.Assignment+"/sharing", url.Values{"do": {"release"}})
			dana.post("/assignments/"+p.Assignment+"/comments", url.Values{"key": {"c"}})
		}
		for _, session := range w.sessionsOf(id) {
			dana.post("/sessions/"+session+"/note/sign", url.Values{"password": {demo.Password}, "seen": {"x"}})
			dana.post("/sessions/"+session+"/note/addenda", url.Values{"password": {demo.Password}, "key": {"a"}})
		}
		dana.get("/jump?find=a")
		after := reader.crawl("/my")
		before["/my/access"], after["/my/access"] = opened, reader.get("/my/access").body
		for path, page := range before {
			if after[path] != page {
				t.Errorf("couple %d, %s changed for %s: %.600s", couple, path, other, stripTags(after[path]))
			}
		}
	}
}

func (w *world) sessionsOf(couple string) []string {
	w.t.Helper()
	var ids []string
	if err := w.db.Select(w.t.Context(), &ids, `SELECT id FROM sessions WHERE couple_id = ? AND state = 'ended'`,
		couple); err != nil {
		w.t.Fatal(err)
	}
	return ids
}

// TestWhatIsExportedOfOnePartnerShowsOnNoPageOfTheOther: Dana downloads every file, found by trying
// every route.
func TestWhatIsExportedOfOnePartnerShowsOnNoPageOfTheOther(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		noor, dana := w.as(w.partner(1, "B")), w.as(w.dana)
		before, opened := noor.crawl("/my"), noor.get("/my/access").want(t, 200).body
		files := map[string]string{}
		for _, route := range routesOf(w.site) {
			name := route.Method + " " + route.Path
			if route.Method != "GET" || route.Who.Role != web.Counselor.Role && route.Who.Role != web.Owner.Role ||
				visits[name].want != http.StatusOK || route.Path == "/sessions/:session/changes" {
				continue
			}
			path := visits[name].with(things).path
			for _, at := range []string{path, path + ".pdf"} {
				a := dana.get(at)
				if a.status == http.StatusOK && a.header.Get("Content-Disposition") != "" {
					files[at], _, _ = strings.Cut(a.header.Get("Content-Type"), ";")
				}
			}
		}
		for _, need := range []string{
			"/assignments/" + things["sent"] + ".pdf application/pdf",
			"/assignments/" + things["sent"] + "/answers application/fhir+json",
			"/sessions/" + things["held"] + "/note.pdf application/pdf",
		} {
			if path, kind, _ := strings.Cut(need, " "); files[path] != kind {
				t.Errorf("%s is not among the files: %v", need, files)
			}
		}
		after := noor.crawl("/my")
		before["/my/access"], after["/my/access"] = opened, noor.get("/my/access").body
		if len(before) < 5 || len(after) != len(before) {
			t.Errorf("Noor reached %d pages and now %d", len(before), len(after))
		}
		for path, page := range before {
			if after[path] != page {
				t.Errorf("%s changed for Noor: %.600s", path, stripTags(after[path]))
			}
		}
	})
}

// TestWhatCannotBeRecordedIsNotShown: while the log rejects entries, a partner's page is not shown,
// printed or exported.
func TestWhatCannotBeRecordedIsNotShown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		page := w.sentPages()[0]
		change := func(statement string) {
			t.Helper()
			if _, err := w.db.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		for _, path := range []string{"", ".pdf", "/answers"} {
			dana.get("/assignments/"+page.Assignment+path).want(t, 200)
		}
		change(`ALTER TABLE audit_log RENAME TO log_elsewhere`)
		for _, path := range []string{"", ".pdf", "/answers"} {
			a := dana.get("/assignments/" + page.Assignment + path)
			if a.status < 500 || a.header.Get("Content-Disposition") != "" {
				t.Errorf("%s: %d %s", path, a.status, a.header.Get("Content-Disposition"))
			}
		}
		change(`ALTER TABLE log_elsewhere RENAME TO audit_log`)
		dana.get("/assignments/"+page.Assignment).want(t, 200)
	})
}
