package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"mend/demo"
)

// signsInAgain signs in after a login has expired.
func signsInAgain(b *browser, signIn, then string) answer {
	b.w.t.Helper()
	return b.post("/login", url.Values{"sign_in": {signIn}, "password": {demo.Password}, "then": {then}})
}

func TestWhoWasSignedOutIsToldWhyAndComesBackToWhereTheyWere(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kitName, noorName := w.partner(1, "A"), w.partner(1, "B")
		open := "/my/worksheets/" + w.things()["open"]
		login := "/login?then=" + url.QueryEscape(open)
		kit := w.as(kitName)
		kit.get(open).want(t, 200)

		w.now = w.now.Add(4 * time.Minute)
		if a := kit.get(open); a.location() != login {
			t.Fatalf("%d %s", a.status, a.location())
		}
		kit.get(login).want(t, 200, "not used for 3 minutes", "other people may use it", `name="then" value="`+open+`"`)
		wrong := url.Values{"sign_in": {kitName}, "password": {"not this one"}, "then": {open}}
		kit.post("/login", wrong).want(t, 422, "not used for 3 minutes", `name="then" value="`+open+`"`)
		if a := signsInAgain(kit, kitName, open); a.location() != open {
			t.Errorf("Kit is led to %q", a.location())
		}
		kit.get(open).want(t, 200)

		w.now = w.now.Add(4 * time.Minute)
		if a := signsInAgain(kit, noorName, open); a.location() != "/my" {
			t.Errorf("Noor is led to where Kit was: %q", a.location())
		}
	})
}

func TestASignInLeadsNowhereElse(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kitName := w.partner(1, "A")
		fresh := w.browser()
		fresh.get("/login?then=/my/settings").want(t, 200).never(t, "You were signed out")
		if a := signsInAgain(fresh, kitName, "/my/settings"); a.location() != "/my" {
			t.Errorf("a browser in which nobody was: %q", a.location())
		}
		kit := w.as(kitName)
		for _, then := range []string{"https://elsewhere.example/", "//elsewhere.example", "/couples", "/logout", ""} {
			w.now = w.now.Add(4 * time.Minute)
			if a := signsInAgain(kit, kitName, then); a.location() != "/my" {
				t.Errorf("%q leads to %q", then, a.location())
			}
		}
		kit.post("/logout", url.Values{})
		kit.get("/login").want(t, 200).never(t, "You were signed out")
		if a := kit.get("/my"); a.location() != "/login" {
			t.Errorf("who signed out is led to %q", a.location())
		}

		noor := w.as(w.partner(1, "B"))
		if _, err := w.db.Exec(t.Context(), `UPDATE logins SET revoked_at = ?`, w.now); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(4 * time.Minute)
		if a := noor.get("/my"); a.location() != "/login" {
			t.Errorf("whose login was ended from elsewhere is led to %q", a.location())
		}
		noor.get("/login").want(t, 200).never(t, "You were signed out")
	})
}

func TestASecondStepGoesOnToWhereSomebodyWas(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		key := dana.post("/settings/factor", url.Values{"do": {"begin"}}).find(t, `Key: *<code>([A-Z2-7]+)</code>`)
		confirm := url.Values{"do": {"confirm"}, "code": {w.code(key)}}
		dana.post("/settings/factor", confirm).want(t, 200)
		w.now = w.now.Add(2 * time.Hour)
		dana.get("/settings/me").want(t, 303)
		to := signsInAgain(dana, w.dana, "/settings/me").location()
		if to != "/login/code?then=%2Fsettings%2Fme" {
			t.Fatalf("got %q", to)
		}
		action := dana.get(to).want(t, 200).find(t, `action="(/login/code[^"]*)"`)
		if a := dana.post(action, url.Values{"code": {w.code(key)}}); a.location() != "/settings/me" {
			t.Errorf("%d %q", a.status, a.location())
		}
	})
}

func TestASignInNameStandsInItsPartnersSettingsAndOnTheCouplesPage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kitName, noorName := w.partner(1, "A"), w.partner(1, "B")
		w.as(kitName).get("/my/settings").want(t, 200, "Your sign-in name:", kitName).never(t, noorName)
		couple := "/couples/" + w.things()["couple"]
		dana := w.as(w.dana)
		dana.get(couple).want(t, 200, kitName, noorName)
		planned := w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'planned'`,
			strings.TrimPrefix(couple, "/couples/"))
		dana.post("/sessions/"+planned+"/start", url.Values{}).want(t, 303)
		w.now = w.now.Add(time.Minute)
		dana.post("/reauthenticate", url.Values{"password": {demo.Password}, "then": {couple}}).want(t, 303) // one runs
		dana.get(couple).want(t, 200, "Account active").never(t, kitName, noorName)
	})
}
