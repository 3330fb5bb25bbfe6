package handlers

import (
	"net/url"
	"strings"
	"testing"

	"mend/handlers/web"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// things returns the ids that replace the placeholders in visits.
func (w *world) things() map[string]string {
	w.t.Helper()
	w.one(`SELECT id FROM practices WHERE name = 'Elsewhere Practice'`)
	token, err := w.site.Accounts.BeginSetup(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	kit := w.partnerID("Kit Larkspur")
	couple := w.one(`SELECT couple_id FROM partners WHERE id = ?`, kit)
	dana := w.as(w.dana)
	dana.post("/couples/"+couple+"/worksheets",
		url.Values{"worksheet": {"trust-pulse"}, "to": {"A"}, "key": {"things"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets",
		url.Values{"worksheet": {"how-trust-was-broken"}, "to": {"A"}, "key": {"things-share"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets",
		url.Values{"worksheet": {"date-night-plan"}, "to": {"joint"}, "anyway": {"yes"}, "key": {"things-joint"}}).want(w.t,
		303)
	dana.post("/couples/"+couple+"/worksheets",
		url.Values{
			"worksheet": {"maintenance-plan"}, "to": {"joint"}, "rule": {"release"}, "anyway": {"yes"},
			"key": {"things-waits"},
		}).want(w.t, 303)
	kitAs := w.as(w.partner(1, "A"))
	dana.post("/couples/"+couple+"/worksheets",
		url.Values{"worksheet": {"setback-plan"}, "to": {"A"}, "anyway": {"yes"}, "key": {"things-topic"}}).want(w.t, 303)
	kitAs.post("/my/worksheets/"+w.one(`SELECT id FROM assignments WHERE form_key LIKE 'things-topic~%'`),
		url.Values{
			"a.signs": {"Going quiet."}, "a.line.instead": {"in-person"},
			"a.tell_rule": {"decide-together-in-session"}, "seen": {"0"}, "key": {"topic"}, "do": {"send"},
		}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets",
		url.Values{"worksheet": {"feelings-log"}, "to": {"A"}, "key": {"things-paper"}}).want(w.t, 303)
	dana.post("/couples/"+couple+"/worksheets",
		url.Values{"worksheet": {"feelings-log"}, "to": {"B"}, "key": {"things-handed"}}).want(w.t, 303)
	dana.post("/library/pathways",
		url.Values{"name": {"Calm first"}, "line.0.worksheet": {"reminder-care-plan"}, "key": {"things-path"}}).want(w.t, 303)
	own := dana.post("/library/own", url.Values{"from": {""}, "key": {"things-own"}}).want(w.t, 303).location()
	dana.post(own, ownForm("1", "things-own", "publish")).want(w.t, 303)
	for key, room := range map[string]string{"promise": "yes", "offered": "", "ended": ""} {
		dana.post("/couples/"+couple+"/promises",
			url.Values{
				"maker": {"B"}, "what": {"Ask out loud"}, "often": {"daily"}, "room": {room},
				"key": {"things-" + key},
			}).want(w.t, 303)
	}
	dana.post("/partners/"+kit+"/file", url.Values{"worksheet": {"referral-plan"}, "key": {"things-form"}}).want(w.t, 303)
	dana.post("/partners/"+kit+"/file",
		url.Values{"worksheet": {"private-conversation-record"}, "key": {"things-record"}}).want(w.t, 303)
	dana.post("/partners/"+kit+"/file",
		url.Values{"worksheet": {"individual-note"}, "key": {"things-finished"}}).want(w.t, 303)
	finished := w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-finished~%'`, couple)
	dana.post("/assignments/"+finished+"/form", url.Values{
		"a.day": {"2031-03-11"}, "a.time": {"4 to 5"}, "a.focus": {"Work."}, "a.risk": {"None raised."}, "a.plan": {"Go on."},
		"seen": {"0"}, "key": {"finished"}, "do": {"send"},
	}).want(w.t, 303)
	for filed, key := range map[string]string{"joint": "things-jointnote", "A": "things-partnernote"} {
		dana.post("/couples/"+couple+"/notes/new",
			url.Values{"kind": {"contact"}, "filed": {filed}, "key": {key}}).want(w.t, 303)
	}
	things := map[string]string{
		"finished":        finished,
		"note":            w.one(`SELECT id FROM notes WHERE couple_id = ? AND form_key LIKE 'things-jointnote~%'`, couple),
		"partnernote":     w.one(`SELECT id FROM notes WHERE couple_id = ? AND form_key LIKE 'things-partnernote~%'`, couple),
		"signednote":      w.one(`SELECT id FROM notes WHERE couple_id = ? AND kind = 'contact' AND signed_at IS NOT NULL`, couple),
		"signedofpartner": w.one(`SELECT id FROM notes WHERE couple_id = ? AND side = 'A' AND signed_at IS NOT NULL`, couple),
		"version":         dana.get("/").find(w.t, `/assets/([0-9a-f]+)/mend.css`), "setup": token, "couple": couple, "partner": kit,
		"colleague": w.one(`SELECT id FROM counselors WHERE role = 'supervisor'`),
		"goal":      w.one(`SELECT id FROM goals WHERE couple_id = ? ORDER BY created_at LIMIT 1`, couple),
		"planned":   w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'planned'`, couple),
		"held":      w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'ended' AND NOT signed`, couple),
		"signed":    w.one(`SELECT id FROM sessions WHERE couple_id = ? AND signed`, couple),
		"sent": w.one(
			`SELECT s.id FROM assignments s JOIN answers a ON a.assignment_id = s.id
				WHERE s.couple_id = ? AND a.partner_id = ? AND a.state = 'sent' AND s.worksheet = 'acknowledgment-statement'`,
			couple, kit),
		"open":      w.one(`SELECT id FROM assignments WHERE couple_id = ? AND worksheet = 'trust-pulse'`, couple),
		"shareable": w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-share~%'`, couple),
		"record":    w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-record~%'`, couple),
		"aside": w.one(
			`SELECT id FROM assignments WHERE couple_id = ? AND portal AND audience <> 'joint' ORDER BY id LIMIT 1`,
			w.people[6].Couple),
		"joint":   w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-joint~%'`, couple),
		"waits":   w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-waits~%'`, couple),
		"own":     strings.TrimPrefix(own, "/library/own/"),
		"pathway": w.one(`SELECT id FROM pathways WHERE form_key LIKE 'things-path~%'`),
		"topic":   w.one(`SELECT id FROM follow_up_topics WHERE couple_id = ?`, couple),
		"unbegun": w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-paper~%'`, couple),
		"tohand":  w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-handed~%'`, couple),
		"promise": w.one(`SELECT id FROM promises WHERE form_key LIKE 'things-promise~%' AND couple_id = ?`, couple),
		"offered": w.one(`SELECT id FROM promises WHERE form_key LIKE 'things-offered~%' AND couple_id = ?`, couple),
		"ended":   w.one(`SELECT id FROM promises WHERE form_key LIKE 'things-ended~%' AND couple_id = ?`, couple),
		"form":    w.one(`SELECT id FROM assignments WHERE couple_id = ? AND form_key LIKE 'things-form~%'`, couple),
	}
	w.addEllis(things)
	w.addAppointments(things)
	w.addConsents(things)
	w.addReleases(things)
	w.addTreatment(things)
	w.addImports(things)
	things["contactbase"] = dana.get("/partners/"+kit+"/contact").find(w.t, `name="base" value="([^"]*)"`)
	return things
}

// TestEveryRouteAnswersOnlyWhomItIsFor calls every route signed out, as the other partner, a
// partner of another couple, another counselor, a supervisor, the front desk and another practice,
// and only then as the person it is for. Everybody else must get exactly the bytes of a page that
// does not exist.
func TestEveryRouteAnswersOnlyWhomItIsFor(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		nobody, ellis, stranger := w.browser(), w.as(w.ellis), w.as(w.stranger)
		noor, robin := w.as(w.partner(1, "B")), w.as(w.partner(0, "A"))
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		sam, drew := w.as(w.sam), w.as(w.drew)
		for _, route := range routesOf(w.site) {
			name := route.Method + " " + route.Path
			v, ok := visits[name]
			if !ok {
				t.Errorf("%s has no row in the table", name)
				continue
			}
			v = v.with(things)
			shared := !strings.Contains(v.path, things["couple"]) && !strings.Contains(route.Path, ":session") &&
				!strings.Contains(route.Path, ":assignment") && !strings.Contains(route.Path, ":partner") &&
				!strings.Contains(route.Path, ":couple") && !strings.Contains(route.Path, ":appointment") &&
				!strings.Contains(route.Path, ":note") && !strings.Contains(route.Path, ":import")
			switch route.Who.Role {
			case web.Owner.Role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, ellis, sam, drew, kit, noor)
				v.answers(t, name, dana)
			case web.Supervisor.Role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, dana, ellis, stranger, drew, kit, noor)
				v.answers(t, name, sam)
			case web.FrontDesk.Role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, dana, ellis, stranger, sam, kit, noor)
				v.answers(t, name, drew)
			case web.Staff.Role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, kit, noor)
				v.answers(t, name, sam)
				v.answers(t, name, drew)
				v.answers(t, name, dana)
			case web.Counselor.Role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, kit, noor, robin, sam, drew)
				if !shared {
					v.hidden(t, name, ellis, stranger)
				}
				v.answers(t, name, dana)
			case web.Partner.Role:
				v.signedOut(t, name, nobody)
				v.hidden(t, name, dana, ellis, stranger, sam, drew)
				if !shared {
					v.hidden(t, name, noor, robin)
				}
				v.answers(t, name, kit)
			case web.Somebody.Role:
				v.signedOut(t, name, nobody)
				v.answers(t, name, dana)
				v.answers(t, name, kit)
			default:
				v.answers(t, name, nobody)
			}
		}
		if n := w.db.Statements(); n < 200 || n > database.MostStatements/4 {
			t.Errorf("all routes prepared %d statements", n)
		}
	})
}
