package handlers

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
	"mend/handlers/web"
	"mend/internal/dbtest"
	"mend/internal/rowmac"
)

// by changes a row directly in the database, bypassing the program.
func (w *world) by(query string, args ...any) {
	w.t.Helper()
	if n, err := w.db.Exec(w.t.Context(), query, args...); err != nil || n == 0 {
		w.t.Fatalf("%s: %d %v", query, n, err)
	}
}

// TestWhatAHandAtTheDatabaseDecidesDecidesNothing: a row that the program did not write in this
// form is treated as missing, and the log names it.
func TestWhatAHandAtTheDatabaseDecidesDecidesNothing(t *testing.T) {
	book := captureLog(t)
	t.Cleanup(func() { // after all subtests
		for _, k := range []rowmac.Kind{
			rowmac.SignIn, rowmac.Staff, rowmac.Answer, rowmac.Couple, rowmac.Holds, rowmac.Factors,
			rowmac.Supervision, rowmac.Policies, rowmac.Safety, rowmac.Practice,
		} {
			named := regexp.MustCompile(`a row is not as it was written[^\n]+"kind":"` + k.String() + `","id":"[A-Z2-7]{26}"`)
			if !named.MatchString(book.String()) {
				t.Errorf("the log does not name the %s", k)
			}
		}
	})
	for what, story := range map[string]func(t *testing.T, w *world){
		"the password of one put beside the name of another": func(t *testing.T, w *world) {
			kit := w.partnerID("Kit Larkspur")
			noor := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'B'`, w.people[4].Couple)
			w.by(`UPDATE sign_ins SET password_hash = (SELECT password_hash FROM sign_ins WHERE partner_id = ?)
				WHERE partner_id = ?`, noor, kit)
			a := w.browser().post("/login", url.Values{"sign_in": {w.partner(1, "A")}, "password": {demo.Password}})
			a.want(t, 422, "don’t match")
			w.as(w.partner(1, "B")).get("/my").want(t, 200)
		},
		"the role of an owner": func(t *testing.T, w *world) {
			ellis := w.as(w.ellis)
			ellis.get("/couples").want(t, 200)
			w.by(`UPDATE counselors SET role = 'owner' WHERE role = 'counselor'`)
			if a := ellis.get("/settings/practice"); a.status != 303 || a.location() != "/login" {
				t.Errorf("a made owner gets %d %s", a.status, a.location())
			}
			w.browser().post("/login", url.Values{"sign_in": {w.ellis}, "password": {demo.Password}}).want(t, 422)
		},
		"access that was ended": func(t *testing.T, w *world) {
			dana := w.as(w.dana)
			colleague := w.one(`SELECT id FROM counselors WHERE role = 'counselor'`)
			dana.post("/settings/colleagues/"+colleague, url.Values{"do": {"disable"}}).want(t, 303)
			w.by(`UPDATE counselors SET disabled_at = NULL WHERE id = ?`, colleague)
			w.browser().post("/login", url.Values{"sign_in": {w.ellis}, "password": {demo.Password}}).want(t, 422)
		},
		"a page shared with the other partner": func(t *testing.T, w *world) {
			things := w.things()
			noor := w.as(w.partner(1, "B"))
			w.by(`UPDATE answers SET consent = 'yes', decision = 'release' WHERE assignment_id = ?`, things["sent"])
			noor.get("/my/worksheets/"+things["sent"]).want(t, 404)
			noor.get("/my/answers").never(t, things["sent"])
		},
		"a couple of another counselor": func(t *testing.T, w *world) {
			couple := w.people[4].Couple
			ellis := w.as(w.ellis)
			w.by(`UPDATE couples SET counselor_id = (SELECT id FROM counselors WHERE role = 'counselor') WHERE id = ?`, couple)
			ellis.get("/couples/"+couple).want(t, 404)
		},
		"a hold taken away": func(t *testing.T, w *world) {
			things := w.things()
			dana := w.as(w.dana)
			w.by(`INSERT INTO follow_ups (id, practice_id, couple_id, partner_id, answer_id, urgent, holds, placed_at)
				SELECT 'FOLLOWUP', practice_id, couple_id, id, 'x', FALSE, FALSE, ? FROM partners WHERE id = ?`,
				w.now, things["partner"])
			dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 409)
		},
		"a second factor taken away": func(t *testing.T, w *world) {
			dana := w.as(w.dana)
			secret := dana.post("/settings/factor", url.Values{"do": {"begin"}}).want(t, 200).find(t,
				`<code>([A-Z2-7]{32})</code>`)
			dana.post("/settings/factor", url.Values{"do": {"confirm"}, "code": {w.code(secret)}}).want(t, 200)
			w.by(`DELETE FROM factors WHERE confirmed_at IS NOT NULL`)
			w.browser().post("/login", url.Values{"sign_in": {w.dana}, "password": {demo.Password}}).want(t, 422)
		},
		"a supervision": func(t *testing.T, w *world) {
			sam := w.as(w.sam)
			w.by(`UPDATE supervisions
				SET counselor_id = (SELECT id FROM counselors WHERE role = 'counselor' AND practice_id = supervisions.practice_id)`)
			sam.get("/supervision").want(t, 404)
		},
		"a privacy policy": func(t *testing.T, w *world) {
			things := w.things()
			kit := w.as(w.partner(1, "A"))
			kit.get("/my").want(t, 200).never(t, "/my/policy")
			w.by(`UPDATE privacy_policies SET variant = 'C' WHERE couple_id = ?`, things["couple"])
			kit.get("/my").want(t, 200, "/my/policy")
			kit.get("/my/policy").want(t, 404)
			kit.post("/my/policy", url.Values{"read": {"yes"}, "name": {"Kit"}, "policy": {""}, "wording": {"en"}}).want(t, 404)
		},
		"a signature under a privacy policy": func(t *testing.T, w *world) {
			things := w.things()
			kit := w.as(w.partner(1, "A"))
			w.as(w.dana).post("/couples/"+things["couple"]+"/policy", url.Values{"variant": {"C"}}).want(t, 303)
			kit.get("/my").want(t, 200, "/my/policy")
			w.by(`INSERT INTO policy_signatures (policy_id, partner_id, practice_id, name, wording, title, text, signed_at)
				SELECT y.id, s.partner_id, s.practice_id, s.name, s.wording, s.title, s.text, s.signed_at
				FROM privacy_policies y JOIN privacy_policies o ON o.couple_id = y.couple_id AND o.version < y.version
				JOIN policy_signatures s ON s.policy_id = o.id
				WHERE y.couple_id = ?`, things["couple"])
			kit.get("/my").want(t, 200, "/my/policy")
		},
		"a partner who was erased": func(t *testing.T, w *world) {
			things := w.things()
			kit := w.as(w.partner(1, "A"))
			w.by(`UPDATE partners SET erased_at = ? WHERE id = ?`, w.now, things["partner"])
			kit.get("/my").want(t, 404)
			w.as(w.dana).get("/couples/"+things["couple"]).want(t, 404)
		},
		"the way out and the help numbers": func(t *testing.T, w *world) {
			kit := w.as(w.partner(1, "A"))
			w.by(`UPDATE practice_safety SET exit_url = 'https://elsewhere.example/'`)
			kit.get("/my").want(t, 200).never(t, "elsewhere.example")
			kit.post("/exit", url.Values{}).want(t, 200, accounts.DefaultSafety().ExitURL).never(t, "elsewhere.example")
			w.browser().get("/login").want(t, 200).never(t, "elsewhere.example")
			dana := w.as(w.dana)
			dana.get("/settings/safety").want(t, 200).never(t, "elsewhere.example")
			dana.post("/couples/"+w.people[4].Couple+"/invitations", url.Values{"partner": {w.things()["partner"]}}).
				never(t, `class="code"`)
		},
		"how long a new code waits": func(t *testing.T, w *world) {
			things := w.things()
			w.by(`UPDATE practices SET wait_hours = 48`)
			code := w.as(w.dana).post("/couples/"+things["couple"]+"/invitations", url.Values{"partner": {things["partner"]}}).
				want(t, 200).find(t, `>([0-9A-Z]{4}-[0-9A-Z]{4})<`)
			w.now = w.now.Add(30*24*time.Hour - time.Minute)
			w.browser().post("/join", url.Values{
				"code": {code}, "name": {"amber-anchor-10"}, "passphrase": {"a kettle by the window"},
			}).want(t, 422, "in use")
		},
		"for how long records are kept": func(t *testing.T, w *world) {
			things := w.things()
			w.by(`UPDATE practices SET keep_years = 0`)
			record := w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])
			w.as(w.dana).post("/couples/"+things["couple"]+"/erase", url.Values{
				"of": {""}, "record_no": {record}, "reason": {"Asked for in writing, long after the work."},
			}).want(t, 422, "This record is retained until")
		},
	} {
		t.Run(what, func(t *testing.T) { eachWorld(t, story) })
	}
}

// TestWhatTheProgramWritesHasValidMACs calls every route as the person it is for and then verifies
// all rows.
func TestWhatTheProgramWritesHasValidMACs(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		people := map[string]*browser{}
		for _, who := range []web.Access{web.Counselor, web.Owner, web.Staff, web.FrontDesk, web.Partner} {
			people[who.Role] = w.as(w.rightful(who))
		}
		for _, route := range routesOf(w.site) {
			name := route.Method + " " + route.Path
			if b := people[route.Who.Role]; b != nil && route.Method != "GET" {
				visits[name].with(things).call(b, name)
			}
		}
		w.verified()
	})
}

// verified fails the test if any row is not as the program wrote it.
func (w *world) verified() {
	w.t.Helper()
	things, found, err := rowmac.Verify(w.t.Context(), w.db, dbtest.Vault(w.t, w.db))
	if err != nil || len(found) > 0 || things < 50 {
		w.t.Error(things, found, err)
	}
}
