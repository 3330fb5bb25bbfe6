package handlers

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/demo"
	"mend/internal/dbtest"
)

// wordsOfACouple puts a unique word into each kind of text of Kit and Noor.
func (w *world) wordsOfACouple(t *testing.T, things map[string]string) {
	t.Helper()
	dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
	couple, page := "/couples/"+things["couple"], "/my/worksheets/"+things["joint"]
	dana.post("/partners/"+things["partner"],
		url.Values{"name": {"Kit word-name"}, "address_as": {"Kit"}, "reach": {"word-contact"}}).want(t, 303)
	reached := safeContact("kit@word-address.example")
	reached.Set("sender", "word-address")
	contact := "/partners/" + things["partner"] + "/contact"
	dana.post(contact, dana.basedOn(t, contact, reached)).want(t, 303)
	dana.post(couple+"/breaches",
		url.Values{"breach.0.name": {"word-breach"}, "breach.0.broke": {"A"}, "breach.0.kinds": {"lying"}}).want(t, 303)
	dana.post(couple+"/goals", url.Values{"goal": {"word-goal"}, "key": {"w1"}}).want(t, 303)
	dana.put("/sessions/"+things["held"]+"/fields/observation",
		url.Values{"v.observation": {"word-session"}, "base": {"0"}, "key": {"w2"}}).want(t, 200)
	dana.put("/sessions/"+things["held"]+"/note/fields/risk_text",
		url.Values{"v.risk_text": {"word-draft"}, "base": {"0"}, "key": {"w3"}}).want(t, 200)
	dana.post("/sessions/"+things["signed"]+"/note/addenda",
		url.Values{"reason": {"Added later"}, "text": {"word-signed"}, "key": {"w4"}, "password": {demo.Password}}).want(t,
		303)
	dana.post("/assignments/"+things["form"]+"/form",
		url.Values{"a.choice": {"word-file"}, "seen": {"0"}, "key": {"w5"}, "do": {"save"}}).want(t, 303)
	kit.put("/my/worksheets/"+things["open"]+"/fields/moved",
		url.Values{"a.moved": {"word-unsent"}, "base": {"0"}, "key": {"w6"}}).want(t, 200)
	private := howTrustWasBroken("send")
	private.Set("a.events.0.what", "word-private")
	private.Set("a.counselor_only", "word-counselor")
	kit.post("/my/worksheets/"+things["shareable"], private).want(t, 303)

	for _, b := range []*browser{kit, noor} {
		b.post(page, url.Values{"a.free_confirm": {"i-agree-freely"}, "seen": {"0"}, "key": {"w7"}, "do": {"send"}}).want(t,
			303)
	}
	dana.post("/assignments/"+things["joint"]+"/active", url.Values{}).want(t, 303)
	kit.put(page+"/fields/exit", url.Values{"a.exit": {"word-joint"}, "base": {"0"}, "key": {"w8"}}).want(t, 200)
	dana.post("/assignments/"+things["joint"]+"/close", url.Values{}).want(t, 303)
}

// words returns which of these words can be reached by following links.
func (b *browser) words(from string) string {
	b.w.t.Helper()
	found := map[string]bool{}
	for path, page := range b.crawl(from) {
		for _, word := range []string{
			"name", "contact", "breach", "goal", "session", "draft", "signed", "file", "unsent",
			"private", "counselor", "joint", "address",
		} {
			if strings.Contains(page, "word-"+word) && path != "/join" {
				found[word] = true
			}
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), " ")
}

// TestEverybodyReachesJustTheWordsThatThePolicyGivesThem follows every link as each kind of person.
func TestEverybodyReachesJustTheWordsThatThePolicyGivesThem(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		w.wordsOfACouple(t, w.things())
		for _, test := range []struct {
			who, signIn, from string
			want              string
		}{
			{"their counselor", w.dana, "/", "address breach contact counselor draft file goal joint name private session signed"},
			{"a supervisor", w.sam, "/supervision", "breach name signed"},
			{"the front desk", w.drew, "/front-desk", "contact name"},
			{"the author", w.partner(1, "A"), "/my", "counselor joint private unsent"},
			{"the other", w.partner(1, "B"), "/my", "joint"},
			{"another counselor", w.ellis, "/", ""},
			{"another practice", w.stranger, "/", ""},
			{"a partner of another couple", w.partner(0, "A"), "/my", ""},
		} {
			if got := w.as(test.signIn).words(test.from); got != test.want {
				t.Errorf("%s reaches %q, want %q", test.who, got, test.want)
			}
		}
	})
}

// TestAColleagueIsInvitedGivenARoleAndLetGo covers all of it without scripts, with a second factor
// required.
func TestAColleagueIsInvitedGivenARoleAndLetGo(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		invited := url.Values{"name": {"Remy Newcome"}, "email": {"remy@riverbend.example"}, "role": {"supervisor"}}
		dana.post("/settings/colleagues",
			url.Values{"name": {"Remy Newcome"}, "email": {"nothing"}, "role": {"supervisor"}}).want(t, 422, "Remy Newcome",
			"nothing", "Enter an email address")
		code := dana.post("/settings/colleagues", invited).want(t, 200, "For Remy Newcome", "Invited until").find(t,
			`([0-9A-Z]{4}-[0-9A-Z]{4})`)
		dana.get("/settings/colleagues").want(t, 200, "Remy Newcome", "remy@riverbend.example").never(t, code)

		w.demanding()
		remy := w.browser()
		remy.post("/join",
			url.Values{"code": {code}, "name": {"calm-otter-11"}, "passphrase": {"long enough to be one"}}).want(t, 422)
		remy.post("/colleague", url.Values{"code": {"AAAA-AAAA"}, "password": {"nine loud herons"}}).want(t, 422,
			"That code doesn’t work", "AAAA-AAAA").never(t, "nine loud herons")
		if a := remy.post("/colleague", url.Values{"code": {code}, "password": {"nine loud herons"}}); a.status != 303 ||
			a.location() != "/settings/security" {
			t.Fatalf("%d %s", a.status, a.location())
		}
		remy.get("/settings/security").want(t, 200, "First, set up two-step verification").never(t,
			"/couples", "/settings/colleagues")
		if a := remy.get("/supervision"); a.status != 303 || a.location() != "/settings/security" {
			t.Errorf("without a second factor: %d %s", a.status, a.location())
		}
		w.site.RequireSetup = false
		w.server.Config.Handler = New(w.site)

		remy.get("/supervision").want(t, 200, "No couples assigned to you yet")
		remy.get("/supervision/"+things["couple"]).want(t, 404)
		colleague := "/settings/colleagues/" + w.one(`SELECT id FROM counselors WHERE role = 'supervisor' AND id <> ?`,
			things["colleague"])
		dana.post(colleague, url.Values{"do": {"supervise"}}).want(t, 422, "Choose a counselor, or enter the record number")
		dana.post(colleague,
			url.Values{
				"do":        {"supervise"},
				"record_no": {w.one(`SELECT record_no FROM couples WHERE id = ?`, things["couple"])},
			}).want(t, 303)
		dana.get("/settings/colleagues").want(t, 200, "The couple C-000").never(t, "Larkspur", "Kit")
		remy.get("/supervision").want(t, 200, "Kit Larkspur")
		note := "/supervision/" + things["couple"] + "/notes/"
		remy.get(note+things["signed"]).want(t, 200, "Signed and locked")
		if e := w.last(1)[0]; e.Role != "supervisor" || e.Object != "note" || e.Couple != things["couple"] {
			t.Errorf("the reading left %+v", e)
		}
		remy.get(note+things["held"]).want(t, 404) // not signed
		remy.post(note+things["held"], url.Values{"password": {"nine loud herons"}}).want(t, 404)
		remy.post(note+things["signed"], url.Values{"password": {"wrong"}}).want(t, 422, "Co-sign note")
		for range 2 {
			remy.post(note+things["signed"], url.Values{"password": {"nine loud herons"}}).want(t, 303)
		}
		if n := strings.Count(remy.get(note+things["signed"]).body, "Supervisor co-signature"); n != 1 {
			t.Errorf("two presses made %d co-signatures", n)
		}
		dana.get("/sessions/"+things["signed"]+"/note").want(t, 200, "Supervisor co-signature", "Remy Newcome")
		remy.get("/sessions/"+things["signed"]+"/note").want(t, 404)

		dana.post(colleague, url.Values{"do": {"role"}, "role": {"front desk"}}).want(t, 303)
		remy.get("/supervision").want(t, 303) // signed out
		dana.post(colleague, url.Values{"do": {"disable"}}).want(t, 303)
		remy.post("/login", url.Values{"sign_in": {"remy@riverbend.example"}, "password": {"nine loud herons"}}).want(t,
			422, "don’t match", "After several tries, wait 15 minutes.")
		dana.get("/settings/colleagues").want(t, 200, "Cannot sign in")
		dana.post(colleague, url.Values{"do": {"invite"}}).want(t, 200, "For Remy Newcome")
		dana.post(colleague, url.Values{"do": {"anything"}}).want(t, 400)
	})
}

// TestWhoDoesWhatInThePracticeIsChangedWithAFreshPassword: an unattended screen cannot be used to
// change roles.
func TestWhoDoesWhatInThePracticeIsChangedWithAFreshPassword(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		w.now = w.now.Add(6 * time.Minute)
		if a := dana.get("/settings/colleagues"); a.status != 303 || !strings.HasPrefix(a.location(), "/reauthenticate") {
			t.Errorf("%d %s", a.status, a.location())
		}
		dana.post("/settings/colleagues", url.Values{}).want(t, 422, "Confirm your password")
		dana.post("/settings/colleagues/"+things["colleague"], url.Values{"do": {"role"}, "role": {"owner"}}).want(t,
			422, "Confirm your password")
		w.as(w.sam).get("/supervision").want(t, 200)
	})
}

func TestTheFrontDeskSeesDatesAndKeepsContacts(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		drew := w.as(w.drew)
		first := w.one(`SELECT CAST(MIN(starts_at) AS TEXT) FROM appointments`)[:10]
		next := w.one(`SELECT CAST(MIN(starts_at) AS TEXT) FROM appointments WHERE form_key = 'things-appointment'`)[:10]
		for _, view := range []string{"day", "week", "month"} {
			drew.get("/front-desk?view="+view+"&on="+next).want(t, 200, "Kit and Noor", "Dana Okafor-Lind", "50 min")
			drew.get("/front-desk?view="+view+"&on="+first).want(t, 200, "Held").never(t, "Acknowledge the betrayal", "Note",
				"signed")
		}
		drew.get("/front-desk?on=%00&view=%00").want(t, 200)
		drew.get("/front-desk/couples?find=larkspur").want(t, 200, "Kit Larkspur and Noor").never(t, "Robin")
		contact := "/front-desk/couples/" + things["couple"]
		long := strings.Repeat("x", 201)
		drew.post(contact, url.Values{"partner": {things["partner"]}, "reach": {long}}).want(t, 422, long, "you have 201")
		drew.post(contact, url.Values{"partner": {"nobody"}, "reach": {"x"}}).want(t, 404)
		drew.post(contact, url.Values{"partner": {w.partnerID("Robin Ashgrove")}, "reach": {"x"}}).want(t, 404) // of another couple
		drew.post(contact, url.Values{"partner": {things["partner"]}, "reach": {"555 0123, mornings"}}).want(t, 303)
		drew.get(contact).want(t, 200, "555 0123, mornings")
		w.as(w.dana).get("/partners/"+things["partner"]+"/file").want(t, 200, "555 0123, mornings")
	})
}

// TestDetailsThatSomebodyElseChangedAreNotOverwritten by a page that was opened before: what was typed
// stays, beside what is saved now, and saving again stores it.
func TestDetailsThatSomebodyElseChangedAreNotOverwritten(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, drew := w.as(w.dana), w.as(w.drew)
		file, desk := "/partners/"+things["partner"], "/front-desk/couples/"+things["couple"]
		version := func(b *browser, page string) string {
			return b.get(page).want(t, 200).find(t, `name="version" value="([0-9a-f]{16})"`)
		}
		opened := version(dana, file+"/file")
		contact := url.Values{"partner": {things["partner"]}, "reach": {"555 0199, evenings"}, "version": {version(drew, desk)}}
		drew.post(desk, contact).want(t, 303)

		details := url.Values{
			"name": {"Kit Larkspur"}, "address_as": {"Kit"}, "reach": {"kit@example.org"}, "version": {opened},
		}
		again := dana.post(file, details).want(t, 422, "555 0199, evenings", "Compare, then save again.", `value="kit@example.org"`)
		details.Set("version", again.find(t, `name="version" value="([0-9a-f]{16})"`))
		dana.post(file, details).want(t, 303)
		contact.Set("reach", "555 0100")
		drew.post(desk, contact).want(t, 422, "kit@example.org", `value="555 0100"`)
	})
}
