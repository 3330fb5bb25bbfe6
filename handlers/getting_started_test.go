package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestANewPracticeSeesWhatToDoFirst follows the checklist on Today from an empty practice to the
// first session.
func TestANewPracticeSeesWhatToDoFirst(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ola := w.as(w.stranger)
		ola.get("/").want(t, 200, "Get started", `href="/settings/safety"`, `href="/couples/new"`).never(t, "Done</span>")
		lines := ola.confirmed(t)
		lines.Set("no_cover", "I work alone. I tell every couple whom to call.")
		ola.post("/settings/safety", lines).want(t, 303)
		couple := ola.post("/couples/new", url.Values{
			"a_name": {"Wren Inventa"}, "b_name": {"Lark Madeup"}, "breach.0.name": {"the hidden loan"},
			"breach.0.broke": {"A"}, "breach.0.kinds": {"hidden-money"}, "key": {"first"},
		}).want(t, 303).location()
		couple, _, _ = strings.Cut(couple, "?")
		page := ola.get("/").want(t, 200, `<a href="`+couple+`"><strong>Invite both partners`,
			`<a href="`+couple+`/sessions/new"><strong>Plan the first session`)
		if n := strings.Count(page.body, "Done</span>"); n != 2 {
			t.Errorf("%d of the steps are done", n)
		}

		ola.get(couple).want(t, 200, "Not invited yet")
		for _, side := range []string{"A", "B"} {
			id := w.one(`SELECT id FROM partners WHERE couple_id = ? AND side = ?`,
				strings.TrimPrefix(couple, "/couples/"), side)
			ola.post(couple+"/invitations", url.Values{"partner": {id}}).want(t, 200, w.url+"/join",
				"Copy code", "Print slip", "It works once and expires Saturday, ")
		}
		ola.get(couple).want(t, 200, "Invited, expires Saturday, ").never(t, "Not invited yet")
		ola.post(couple+"/sessions/new", url.Values{
			"date": {"2031-03-20"}, "time": {"16:00"}, "minutes": {"50"}, "place": {"office"},
			"step": {"intake"}, "key": {"plan"},
		}).want(t, 303)
		ola.get("/").want(t, 200).never(t, "Get started")
		w.now = w.now.Add(100 * time.Hour)
		ola = w.as(w.stranger)
		ola.get(couple).want(t, 200, "Invitation expired")
	})
}

// TestASampleIsOfferedBeforeTheSecondFactor: a practice run can be started before anything is set
// up, and no real page before setup is complete.
func TestASampleIsOfferedBeforeTheSecondFactor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.demanding()
		dana := w.as(w.dana)
		dana.get("/couples").want(t, 303)
		if a := dana.post("/practice-run", nil); a.status != 404 { // 404, as tests have no sandboxes, but not redirected
			t.Errorf("a practice run is answered with %d", a.status)
		}
	})
}

func TestWhoCannotSignInIsToldWhatToDo(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.browser().get("/login").want(t, 200, "Can’t sign in?", "ask your counselor, in person or by phone")
		w.browser().get("/login?lang=es").want(t, 200, "¿No puedes entrar?")
	})
}
