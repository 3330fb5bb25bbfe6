package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"mend/accounts"
)

// confirmed returns the safety page's form with all lines confirmed.
func (b *browser) confirmed(t *testing.T) url.Values {
	t.Helper()
	form := url.Values{}
	page := b.get("/settings/safety").want(t, 200).parse(t)
	for _, n := range elements(page,
		func(n *html.Node) bool { return n.Data == "input" || n.Data == "textarea" || n.Data == "option" }) {
		name, _ := attribute(n, "name")
		value, _ := attribute(n, "value")
		kind, _ := attribute(n, "type")
		_, selected := attribute(n, "selected")
		switch {
		case n.Data == "option" && selected:
			form.Set("region", value)
		case n.Data == "textarea":
			form.Set(name, spoken(n))
		case n.Data == "input" && kind != "checkbox" && name != "": // browsers send inputs that have a name
			form.Add(name, value)
		}
	}
	form.Set("reviewed", "yes")
	return form
}

// TestAPracticeConfirmsItsLinesBeforeItInvites plays the first day of a practice.
func TestAPracticeConfirmsItsLinesBeforeItInvites(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ola := w.as(w.stranger)
		made := ola.post("/couples/new", url.Values{
			"key": {"c"}, "a_name": {"Wren Nettlebed"}, "b_name": {"Ash Nettlebed"}, "breach.0.name": {"the bet"},
			"breach.0.broke": {"B"}, "breach.0.kinds": {"lying"},
		}).want(t, 303)
		couple := strings.TrimSuffix(made.location(), "?did=saved")
		wren := url.Values{"partner": {w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'A'`,
			strings.TrimPrefix(couple, "/couples/"))}}
		ola.post(couple+"/invitations", wren).want(t, 422, "Confirm your crisis resources first",
			`href="/settings/safety"`).never(t, "Private code for Wren")
		if n := w.one(
			`SELECT CAST(COUNT(*) AS TEXT) FROM invitations
				WHERE practice_id = (SELECT id FROM practices WHERE name = 'Elsewhere Practice')`); n != "0" {
			t.Errorf("%s invitations", n)
		}
		ola.get("/settings/safety").want(t, 200, "before inviting anyone", `value="1-800-799-7233"`)
		form := ola.confirmed(t)
		form.Set("no_cover", "I work alone. I tell every couple whom to call.")
		form.Del("reviewed")
		ola.post("/settings/safety", form).want(t, 422, "verified every resource", "I work alone. I tell every couple")
		ola.post(couple+"/invitations", wren).want(t, 422, "Confirm your crisis resources first")
		form.Set("reviewed", "yes")
		for range 2 { // pressed twice
			ola.post("/settings/safety", form).want(t, 303)
		}
		ola.get("/settings/safety?did=reviewed").want(t, 200, "Confirmed March 12, 2031",
			"Partners now see these resources", "I work alone")
		ola.post(couple+"/invitations", wren).want(t, 200, "Private code for Wren")
	})
}

func TestWhoIsNotTheOwnerIsToldWhoCanConfirm(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if _, err := w.db.Exec(t.Context(), `DELETE FROM practice_safety`); err != nil {
			t.Fatal(err)
		}
		couple := w.people[2+2*4].Couple // Ellis is the fifth couple's counselor
		ellis := w.as(w.ellis)
		partner := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = 'A'`, couple)
		ellis.post("/couples/"+couple+"/invitations", url.Values{"partner": {partner}}).want(t, 422,
			"the owner of your practice").never(t, `href="/settings/safety"`)
		ellis.get("/settings/me").want(t, 200).never(t, `href="/settings/safety"`,
			`href="/settings/practice"`, `href="/audit"`)
		w.as(w.dana).get("/settings/me").want(t, 200, `href="/settings/safety"`, `href="/settings/practice"`, `href="/audit"`)
	})
}

// TestTheSafetyPageKeepsWhatWasTyped submits several invalid values together.
func TestTheSafetyPageKeepsWhatWasTyped(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		form := dana.confirmed(t)
		form["for"], form["call"], form["text"], form["web"] = []string{"Emergency", "", "Typed & kept", ""},
			[]string{"999", "", "", ""}, []string{"", "", "", ""}, []string{"", "", "", "https://example.org/chat/"}
		form["answers"], form["hours"] = []string{"", "", "Anyone <here>", ""}, []string{"", "", "9 to 5 & later", ""}
		form.Set("app_name", "Couples’ corner")
		form.Set("exit_url", "http://localhost/")
		form.Set("escalate_hours", "many")
		form.Set("cover_name", "Ellis <Marrowby>")
		form.Set("cover_contact", "")
		a := dana.post("/settings/safety", form).want(t, 422, "doesn’t mention counseling", "public site",
			"between 1 and 72", "a covering clinician", "a number to call",
			"Couples’ corner", "http://localhost/", "Ellis &lt;Marrowby&gt;", "Typed &amp; kept", `value="many"`,
			"Anyone &lt;here&gt;", "9 to 5 &amp; later",
			`value="example.org/chat"`, `id="line-1-problem"`)
		if strings.Contains(a.body, `<button class="hide" tabindex="-1" aria-hidden="true">`) && strings.Index(a.body,
			`class="hide"`) > strings.Index(a.body, `value="pack"`) {
			t.Error("the Enter key would take other lines instead of confirming")
		}
		dana.get("/settings/safety").want(t, 200, "thehotline.org", `value="Notes"`).never(t, "Typed &amp; kept")
		form["web"] = form["web"][:1]
		dana.post("/settings/safety", form).want(t, 400)
	})
}

func TestEachLineSaysWhetherItWasCheckedAndWhereAPracticesOwnSaysNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		shipped := strings.Count(dana.get("/settings/safety").body, "To be verified</p>")
		if shipped != len(accounts.CrisisRegions()[0].Lines) {
			t.Errorf("%d lines are to be verified", shipped)
		}
		form := dana.confirmed(t)
		form["call"][0] = "112"
		dana.post("/settings/safety", form).want(t, 303)
		if n := strings.Count(dana.get("/settings/safety").body, "To be verified</p>"); n != shipped-1 {
			t.Errorf("%d lines after one was changed, of %d", n, shipped)
		}
	})
}

// TestWhatALineAnswersAndWhenIsShownToPartnersOnceItIsKnown: the owner sees which lines lack it.
func TestWhatALineAnswersAndWhenIsShownToPartnersOnceItIsKnown(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		unknown := func() int { return strings.Count(dana.get("/settings/safety").body, "To be verified</span>") }
		before := unknown()
		kit.get("/my").want(t, 200, "Police, fire and ambulance · 24/7").never(t, "To be verified", "Anybody here")
		form := dana.confirmed(t)
		form["answers"][1], form["hours"][1] = "Anybody here", "8 AM to 8 PM"
		dana.post("/settings/safety", form).want(t, 303)
		if now := unknown(); before == 0 || now != before-2 {
			t.Errorf("%d places were to be verified, and then %d", before, now)
		}
		kit.get("/my").want(t, 200, "Anybody here · 8 AM to 8 PM")
		kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		kit.get("/my").want(t, 200, "Policía, bomberos y ambulancia · Las 24 horas")
		form = dana.confirmed(t)
		form["hours"] = form["hours"][1:]
		dana.post("/settings/safety", form).want(t, 400)
	})
}

func TestTheLinesOfAnotherRegionAreShownAndNotYetKept(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		form := dana.confirmed(t)
		form.Set("region", "nz")
		form.Set("do", "pack")
		form.Set("app_name", "Typed meanwhile")
		dana.post("/settings/safety", form).want(t, 200, "Violence and abuse", `value="Women"`, `value="1737"`, "Typed meanwhile",
			"no one has checked", "New Zealand (to be verified)", `<p class="hint">To be verified</p>`).never(t,
			"thehotline.org", `value="yes" checked`)
		w.as(w.partner(1, "A")).get("/my").want(t, 200, "thehotline.org").never(t, "1737")
		form.Set("region", "moon")
		dana.post("/settings/safety", form).want(t, 404)
	})
}

func TestTwoWindowsOfTheOwnerDoNotOverwriteEachOther(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		here, there := dana.confirmed(t), dana.confirmed(t)
		here.Set("app_name", "Lists")
		there.Set("app_name", "Pages")
		dana.post("/settings/safety", here).want(t, 303)
		again := dana.post("/settings/safety", there).want(t, 409, "changed in another window", `value="Pages"`)
		there.Set("base", again.find(t, `name="base" value="([0-9]+)"`))
		dana.post("/settings/safety", there).want(t, 303)
		dana.get("/settings/safety").want(t, 200, `value="Pages"`)

		practice := url.Values{
			"practice": {"Riverbend & Partners"}, "address": {"2 Invented Lane\r\nExample City"},
			"time_zone": {"Europe/Berlin"}, "paper": {"A4"}, "base": {"1"},
		}
		dana.post("/settings/practice", practice).want(t, 303)
		dana.get("/settings/practice").want(t, 200, "Riverbend &amp; Partners", "2 Invented Lane\nExample City",
			`value="Europe/Berlin"`, "<option selected>A4", `name="base" value="2"`)
		practice.Set("practice", "Another name")
		again = dana.post("/settings/practice", practice).want(t, 409, "changed in another window", "Another name")
		practice.Set("base", again.find(t, `name="base" value="([0-9]+)"`))
		dana.post("/settings/practice", practice).want(t, 303)
		practice.Set("time_zone", "Nowhere/Land")
		practice.Set("practice", strings.Repeat("x", 201))
		dana.post("/settings/practice", practice).want(t, 422, "you have 201", "Nowhere/Land")
	})
}

// TestWhatWasSignedKeepsItsLetterheadAndSignature changes both and prints a note that was signed
// before.
func TestWhatWasSignedKeepsItsLetterheadAndSignature(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana := w.as(w.dana)
		note := "/sessions/" + things["signed"] + "/note"
		before, printed := dana.get(note).want(t, 200, "Dana Okafor-Lind, MA, LMFT"), dana.get(note+".pdf").want(t, 200)
		dana.post("/settings/me",
			url.Values{
				"name": {"Dana Madeup"}, "credentials": {"PhD"}, "license_type": {"LPC"}, "license_no": {"9"},
				"license_state": {"Elsewhere"},
			}).want(t, 303)
		dana.post("/settings/practice",
			url.Values{"practice": {"Harborside"}, "time_zone": {"America/New_York"}, "paper": {"A4"}, "base": {"1"}}).want(t,
			303)
		dana.get("/settings/me").want(t, 200, `value="Dana Madeup"`, `value="PhD"`, "dana@riverbend.example")
		dana.get(note).want(t, 200, "Dana Okafor-Lind, MA, LMFT").never(t, "PhD", "Harborside")
		if again := dana.get(note + ".pdf"); again.body != printed.body {
			t.Error("the printed note changed")
		}
		if stripTags(before.body) == "" {
			t.Error("the note is empty")
		}
		dana.get("/sessions/"+things["held"]+"/note").want(t, 200, "Dana Madeup, PhD, LPC 9 (Elsewhere)")
		dana.post("/settings/me", url.Values{"name": {" "}, "credentials": {strings.Repeat("y", 121)}}).want(t, 422,
			"Please fill this in", "you have 121")
	})
}

// TestASettingOfTheDoorIsNotOpenBeforeTheSecondFactor: a counselor who has to set one up cannot
// change anything before.
func TestASettingOfTheDoorIsNotOpenBeforeTheSecondFactor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.site.RequireSetup = true
		w.server.Config.Handler = New(w.site)
		dana := w.as(w.dana)
		for _, path := range []string{"/", "/settings/me", "/settings/practice", "/settings/safety"} {
			if a := dana.get(path); a.status != http.StatusSeeOther || a.location() != "/settings/security" {
				t.Errorf("%s answers %d %s", path, a.status, a.location())
			}
		}
		dana.get("/settings/security").want(t, 200)
		w.as(w.partner(1, "A")).get("/my").want(t, 200)
	})
}
