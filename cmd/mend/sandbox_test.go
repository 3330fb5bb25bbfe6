package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
	"mend/internal/dbtest"
)

// TestAPracticeRunLeavesNoRecord runs a session with invented people up to its signed note, while
// the real site does not change.
func TestAPracticeRunLeavesNoRecord(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			var cfg config
			cfg.inFolder(t.TempDir())
			if engine == "postgres" {
				cfg.database = dbtest.PostgresURL(t)
			}
			h, err := openApp(t.Context(), cfg, accounts.FastHashing())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(h.close)
			people, err := demo.Seed(t.Context(), h.stores(), 1, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewUnstartedServer(nil)
			h.site.URL = "http://" + server.Listener.Addr().String()
			stage, err := h.withSandboxes()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(stage.Close)
			server.Config.Handler = stage
			server.Start()
			t.Cleanup(server.Close)

			w := openWindow(t, browse(t), h.site.URL, "practice-"+string(engine), 1280, 900)
			w.signIn(people[0])
			before := h.rows(t)
			w.shot("offer")
			w.press(`form[action="/practice-run"] button`)
			w.says("This is practice mode")
			w.shot("today")
			w.press(`main a[href^="/sessions/"]`)
			w.press(`form[action$="/start"] button`)
			w.typeIn(`[name="v.observation"]`, "Only practice.")
			w.saved()
			w.tap(`[name="v.attendance.A"][value=present]`)
			w.tap(`[name="v.attendance.B"][value=present]`)
			w.saved()
			w.press(`button[name="then"][value="end"]`)
			w.says("Only practice.")
			w.press(`a.go[href$="/note"]`)
			session := w.ask(`location.pathname`)
			w.press(`.banner button`)
			w.never("This is practice mode")
			if after := h.rows(t); after != before {
				t.Errorf("the real place has %d rows, not %d", after, before)
			}
			w.open(session)
			w.says("Page not found")
			if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "mend-practice-*", "mend.db")); len(left) > 1 { // one is the other engine's
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// rows counts the stored rows, except those that log sign-ins.
func (h *app) rows(t *testing.T) int {
	t.Helper()
	total := 0
	for _, table := range []string{
		"couples", "partners", "sessions", "fields", "notes", "assignments", "answers",
		"practices", "counselors", "logins", "couple_screens", "audit_log",
	} {
		var n int
		if err := h.db.Get(t.Context(), &n, "SELECT COUNT(*) FROM "+table); err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
}

// TestAPracticeEndsWhateverHappens: an unknown sandbox leads to the real site, signing out ends
// both, and stopping the server deletes all sandboxes.
func TestAPracticeEndsWhateverHappens(t *testing.T) {
	dbtest.Long(t)
	var cfg config
	cfg.inFolder(t.TempDir())
	h, err := openApp(t.Context(), cfg, accounts.FastHashing())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	h.site.URL = "http://mend.test"
	stage, err := h.withSandboxes()
	if err != nil {
		t.Fatal(err)
	}
	begin := httptest.NewRecorder()
	if err := stage.Begin(begin); err != nil {
		t.Fatal(err)
	}
	cookie := begin.Result().Cookies()[0]
	ask := func(method, path, token, person string) *http.Response {
		request := httptest.NewRequest(method, "http://mend.test"+path, nil)
		request.AddCookie(&http.Cookie{Name: cookie.Name, Value: token})
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		if person != "" {
			request.Header.Set("Mend-Person", person)
		}
		answer := httptest.NewRecorder()
		stage.ServeHTTP(answer, request)
		return answer.Result()
	}
	for _, step := range []struct {
		what, method, path, token, person string
		status                            int
		to                                string
	}{
		{"its own", "GET", "/", cookie.Value, "", 200, ""},
		{"a page of the real place that was open before", "GET", "/", cookie.Value, "SOMEBODY", 303, "/login"},
		{"an unknown one", "GET", "/", "GUESSED", "", 303, "/login"},
		{"the door of the copy", "GET", "/login", cookie.Value, "", 303, "/"},
		{"leaving by following a link", "GET", "/practice-run/end", cookie.Value, "", 404, ""},
		{"still its own", "GET", "/", cookie.Value, "", 200, ""},
		{"signing out", "POST", "/logout", cookie.Value, "", 303, "/login"},
		{"afterwards", "GET", "/", cookie.Value, "", 303, "/login"},
	} {
		if got := ask(step.method, step.path, step.token, step.person); got.StatusCode != step.status || step.to != "" &&
			got.Header.Get("Location") != step.to {
			t.Errorf("%s: %d to %q", step.what, got.StatusCode, got.Header.Get("Location"))
		}
	}
	if err := stage.Begin(httptest.NewRecorder()); err != nil {
		t.Fatal(err)
	}
	stage.Close()
	stage.Close() // closing it twice does nothing
}
