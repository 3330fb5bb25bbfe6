package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"mend/handlers/web"
	"mend/internal/audit"
)

// last returns the newest entries of Dana's practice.
func (w *world) last(n int) []audit.Entry {
	w.t.Helper()
	practice := w.one(`SELECT practice_id FROM counselors ORDER BY created_at LIMIT 1`)
	list, err := w.site.Audit.Entries(w.t.Context(), practice, audit.Filter{Limit: n})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestReadingWhatIsPrivateIsRecordedAndShownToWhomItBelongs(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		kit.get("/my/access").want(t, 200, "No one at your practice has viewed your worksheets yet")
		before := noor.get("/my/access").want(t, 200).body
		dana.get("/assignments/"+things["sent"]).want(t, 200)
		newest := w.last(1)[0]
		if newest.Action != audit.Opened || newest.Object != audit.PageObject || newest.Side != "A" ||
			newest.Role != "owner" || newest.Couple != things["couple"] {
			t.Errorf("got %+v", newest)
		}
		kit.get("/my/access").want(t, 200, "Dana Okafor-Lind", "11:00 AM")
		if after := noor.get("/my/access").body; after != before {
			t.Error("the other learns of it")
		}
		dana.post("/partners/"+things["partner"]+"/file",
			url.Values{"worksheet": {"private-conversation-record"}, "key": {"x"}}).want(t, 303)
		dana.get("/partners/"+things["partner"]+"/file").want(t, 200)
		if strings.Count(kit.get("/my/access").body, "Dana Okafor-Lind") != 1 {
			t.Error("the individual file shows")
		}
		kit.get("/my/worksheets/"+things["sent"]).want(t, 200) // their own page
		if again := w.last(1)[0]; again.Role == "partner" && again.Action == audit.Opened {
			t.Error("reading the own page is recorded")
		}
	})
}

func TestTheOwnerReadsTheLogAndNobodyElse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, ellis, kit := w.as(w.dana), w.as(w.ellis), w.as(w.partner(1, "A"))
		nothing := kit.get("/audit").want(t, 404).body
		if ellis.get("/audit").want(t, 404); kit.get("/no/such/page").body != nothing {
			t.Error("the log can be told from nothing")
		}
		kit.get("/couples/"+things["couple"]).want(t, 404)
		dana.get("/audit").
			want(t, 200, "Dana Okafor-Lind", "<td>signed in", "a partner", "denied: GET", "/couples/:couple").
			never(t, "Kit", "Noor", "Larkspur", "How trust was broken", "riverbend.example")
		dana.get("/audit?action=denied").want(t, 200, "denied").never(t, "<td>created", "<td>signed in")
		dana.get("/audit?record=c-0002").want(t, 200, "<td>C-0002</td>", "<td>opened").never(t, "<td>C-0001</td>", "<td>signed in")
		dana.get("/audit?record=C-9999").want(t, 200, "No entries match these filters.")
		dana.get("/audit?record=%00&person=%27").want(t, 200)
		dana.get("/audit?from=2031-03-13").want(t, 200, "No entries match these filters.")
		dana.get("/audit?until=2031-03-12&before=2").want(t, 200).never(t, "<td>2</td>")
		dana.get("/audit?from=yesterday&before=x&person=%00").want(t, 200)
		if found, err := w.site.Audit.Verify(t.Context()); err != nil || found.Findings != nil {
			t.Error(found, err)
		}
	})
}

// TestEveryRouteThatChangesSomethingLeavesAnEntry calls each route as the person it is for.
func TestEveryRouteThatChangesSomethingLeavesAnEntry(t *testing.T) {
	quiet := map[string]bool{ // routes that autosave or change nothing
		"PUT /sessions/:session/fields/:field": true, "PUT /sessions/:session/note/fields/:field": true,
		"POST /sessions/:session/run":  true,
		"POST /sessions/:session/note": true, "POST /sessions/:session/note/format": true,
		"POST /notes/:note": true, "PUT /notes/:note/fields/:field": true,
		"POST /partners/:partner/notes/:note": true, "PUT /partners/:partner/notes/:note/fields/:field": true,
		"POST /sessions/:session/clock":      true,
		"POST /assignments/:assignment/read": true, "POST /couples/:couple/policy": true,
		"POST /couples/:couple/steps/:step/criteria":   true,
		"PUT /my/worksheets/:assignment/fields/:field": true, "PUT /assignments/:assignment/form/fields/:field": true,
		"POST /sessions/:session/end": true,
		"POST /settings/passkeys/ask": true, "POST /settings/passkeys/remove": true,
		"POST /my/settings/passkeys/remove": true, "POST /reauthenticate/passkey/ask": true,
		"POST /signature/passkey/ask": true,
		"POST /hide-names":            true, "POST /settings/spelling": true, "POST /my/settings/spelling": true, "POST /settings/factor": true,
		"POST /follow-ups/:followup/seen": true, "POST /reminders/:reminder/seen": true, "POST /emergency-accesses/:access/seen": true, "POST /settings/safety": true,
		"POST /settings/logins": true, "POST /settings/code": true, "POST /my/settings/code": true,
		"POST /my/settings/factor": true, "POST /my/settings/logins": true,
	}
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		people := map[string]*browser{}
		for _, who := range []web.Access{web.Counselor, web.Owner, web.Staff, web.FrontDesk, web.Partner} {
			people[who.Role] = w.as(w.rightful(who))
		}
		routes := routesOf(w.site)
		slices.SortStableFunc(routes, func(a, b web.Route) int { // last, because a running session blocks many routes
			return len(strings.SplitAfterN(a.Path, "/sessions/", 2)) - len(strings.SplitAfterN(b.Path, "/sessions/", 2))
		})
		for _, route := range routes {
			name := route.Method + " " + route.Path
			b := people[route.Who.Role]
			if b == nil || route.Method == "GET" || quiet[name] || visits[name].want >= 400 {
				continue
			}
			before := w.last(1)[0].Seq
			visits[name].with(things).call(b, name)
			if now := w.last(1)[0]; now.Seq == before {
				t.Errorf("%s left no entry", name)
			}
		}
	})
}

// TestAFailedSignatureIsInTheLog: a wrong password on a note or an addendum is logged with its
// author, and nothing is signed.
func TestAFailedSignatureIsInTheLog(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		person := w.one(`SELECT id FROM counselors WHERE role = 'owner' AND practice_id =
			(SELECT practice_id FROM counselors ORDER BY created_at LIMIT 1)`)
		for _, refused := range []struct {
			path, object string
			form         url.Values
		}{
			{"/sessions/" + things["held"] + "/note/sign", "signature", url.Values{"seen": {"x"}}},
			{"/sessions/" + things["signed"] + "/note/addenda", "addendum", url.Values{"reason": {"x"}, "text": {"y"}}},
		} {
			path, seq := refused.path, w.last(1)[0].Seq
			refused.form.Set("password", "wrong")
			dana.post(path, refused.form).want(t, 422)
			failed := func(e audit.Entry) bool {
				return e.Seq > seq && e.Action == audit.SignInFailed && e.Object == refused.object && e.Person == person
			}
			if !slices.ContainsFunc(w.last(20), failed) {
				t.Errorf("%s left no entry", path)
			}
			if slices.ContainsFunc(
				w.last(20),
				func(e audit.Entry) bool { return e.Seq > seq && e.Action == audit.Signed },
			) {
				t.Errorf("%s signed", path)
			}
		}
	})
}
