package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"mend/demo"
	"mend/internal/database"
)

// neutralSite stands in for the neutral site of the quick exit, for a browser without network access.
func neutralSite(t *testing.T) []chromedp.ExecAllocatorOption {
	t.Helper()
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte("<title>Weather</title><p>Sunny."))
	}))
	t.Cleanup(site.Close)
	return []chromedp.ExecAllocatorOption{
		chromedp.Flag("ignore-certificate-errors", true),
		chromedp.Flag("host-resolver-rules", "MAP www.weather.gov "+strings.TrimPrefix(site.URL, "https://")),
	}
}

// shift presses Shift alone.
func (w *window) shift() {
	w.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{"keyDown", "keyUp"} {
		_, err := chromedp.Call(w.ctx, input.DispatchKeyEvent,
			input.DispatchKeyEventParams{Type: kind, Key: "Shift", Code: "ShiftLeft", WindowsVirtualKeyCode: 16})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// tab opens a second tab that shares the window's cookies.
func (w *window) tab(name string) *window {
	w.t.Helper()
	ctx, cancel := chromedp.NewContext(w.ctx)
	w.t.Cleanup(cancel)
	other := &window{w.t, ctx, w.url, name}
	other.watch()
	return other
}

// TestTheWayOutLeavesNothingBehind exits in the middle of a word, by button and by keyboard, and
// goes back in the history.
func TestTheWayOutLeavesNothingBehind(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t, neutralSite(t)...)
	for how, leave := range map[string]func(w *window){
		"button":                     func(w *window) { w.tap(".exit button") },
		"on a line that is too slow": func(w *window) { w.tap(".exit button") },
		"Shift three times": func(w *window) {
			w.typeIn("[data-question]:not([hidden]) textarea", "ABC DEF")
			for range 3 {
				w.shift()
			}
		},
	} {
		t.Run(how, func(t *testing.T) {
			line := 300 // a slow connection's latency, in milliseconds
			if how == "on a line that is too slow" {
				line = 5000
			}
			w := openWindow(t, browser, url, "noor", 390, 844)
			w.t = t
			w.signIn(people[5])
			beside := w.tab("beside")
			beside.open("/my")
			beside.says("Hello, Noor")
			w.press(`a[href^="/my/worksheets/"]`)
			w.blank()
			w.eval(`{ const fast = window.fetch; window.fetch = async (path, how) => {
				if (String(path).includes("/fields/")) await new Promise(done => setTimeout(done, ` + strconv.Itoa(line) + `));
				return fast(path, how);
			} }`)
			path := w.ask(`location.pathname`)
			w.typeIn("[data-question]:not([hidden]) textarea", "Left by "+how+". ")
			leave(w)
			w.until(`location.host === "www.weather.gov" && document.body.innerText.includes("Sunny")`)
			beside.until(`location.host === "www.weather.gov"`)
			w.eval(`history.back()`)
			w.until(`location.pathname === "/login" && document.readyState === "complete" && !document.documentElement.hidden`)
			w.never("Noor")
			w.never("Left by")
			if title := w.ask(`document.title`); title != "Notes" {
				t.Errorf("the tab says %q", title)
			}
			w.open(path)
			if at := w.ask(`location.pathname`); at != "/login" {
				t.Errorf("the page opens again at %s", at)
			}
			w.signIn(people[5])
			w.open(path)
			if got := w.ask(`document.querySelector("[data-question] textarea").value`); !strings.Contains(got,
				"Left by "+how) || strings.HasPrefix(how, "Shift") && !strings.Contains(got, "ABC DEF") {
				t.Errorf("the page says %q", got)
			}
		})
	}
}

// TestAPageThatTheBrowserKeptIsNotSeenBeforeTheServerWasAsked simulates the events of a page
// restored from the back/forward cache.
func TestAPageThatTheBrowserKeptIsNotSeenBeforeTheServerWasAsked(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	kept := func(event string) {
		w.eval(`dispatchEvent(new PageTransitionEvent("` + event + `", { persisted: true }))`)
	}
	kept("pagehide")
	if w.ask(`String(document.documentElement.hidden)`) != "true" {
		t.Error("the page that is kept can be seen")
	}
	kept("pageshow")
	w.until(`!document.documentElement.hidden && document.body.innerText.includes("Hello, Noor")`)
	kept("pagehide")
	w.eval(`fetch("/logout", { method: "POST", redirect: "manual" }).then(() => { window.out = true; })`)
	w.until(`window.out`)
	kept("pageshow")
	w.until(`location.pathname === "/login"`)
	w.never("Noor")
}

// TestCapitalsAreNoWayOut presses Shift for capitals more than three times.
func TestCapitalsAreNoWayOut(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t, neutralSite(t)...), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	field := "[data-question]:not([hidden]) textarea"
	w.typeIn(field, "x")
	for range 4 {
		for _, key := range []struct {
			kind input.DispatchKeyEventType
			key  string
		}{{"keyDown", "Shift"}, {"keyDown", "A"}, {"keyUp", "A"}, {"keyUp", "Shift"}} {
			if _, err := chromedp.Call(w.ctx, input.DispatchKeyEvent,
				input.DispatchKeyEventParams{Type: key.kind, Key: key.key}); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.shift()
	w.shift() // two presses do not exit
	w.saved()
	w.says("Only you and your counselor")
}

// A clock ages the logins in a demo's database.
type clock struct {
	t  *testing.T
	db *database.DB
}

// demoWithClock starts a demo whose logins can be aged.
func demoWithClock(t *testing.T) (string, []demo.Person, *clock) {
	t.Helper()
	data := t.TempDir()
	url, people := startDemo(t, "-data", data)
	db, err := database.Open(t.Context(), filepath.Join(data, "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return url, people, &clock{t, db}
}

// idle sets when all logins were last used, and makes the page check.
func (c *clock) idle(w *window, d time.Duration) {
	c.t.Helper()
	c.change(`UPDATE logins SET seen_at = ? WHERE revoked_at IS NULL`, time.Now().Add(-d))
	w.eval(`document.dispatchEvent(new Event("visibilitychange"))`)
}

func (c *clock) change(query string, args ...any) {
	c.t.Helper()
	if _, err := c.db.Exec(c.t.Context(), query, args...); err != nil {
		c.t.Fatal(err)
	}
}

// used returns the number of logins used in the last seconds.
func (c *clock) used() int {
	c.t.Helper()
	return c.count(`SELECT COUNT(*) FROM logins WHERE revoked_at IS NULL AND seen_at > ?`, time.Now().Add(-20*time.Second))
}

// offline makes the page's saves fail, or work again.
func (w *window) offline(on bool) {
	w.t.Helper()
	w.eval(`window.online ??= window.fetch`)
	if on {
		w.eval(`window.fetch = (path, how) => String(path).includes("/fields/") ? Promise.reject(new TypeError("offline")) : online(path, how)`)
		return
	}
	w.eval(`window.fetch = online`)
}

// TestAnIdlePageIsEmptiedAndItsWordsSurvive: on a shared device, with text that could not be saved.
func TestAnIdlePageIsEmptiedAndItsWordsSurvive(t *testing.T) {
	url, people, clock := demoWithClock(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	w.blank()
	path, field := w.ask(`location.pathname`), "[data-question]:not([hidden]) textarea"
	w.typeIn(field, "Saved words. ")
	w.saved()

	w.tap("h1")
	clock.idle(w, time.Minute)
	for tries := 0; clock.used() == 0; tries++ { // touching the page while reading
		if w.tap("h1"); tries > 50 {
			t.Fatal("a touch is no use")
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.tap("textarea")

	clock.idle(w, 125*time.Second)
	w.until(`document.querySelector("[role=alertdialog]")`)
	w.says("Are you still there?")
	w.shot("idle")
	if w.ask(`document.activeElement.tagName`) != "TEXTAREA" {
		t.Error("the dialog took the focus")
	}
	w.typeIn(field, "Any key. ")
	w.until(`!document.querySelector("[role=alertdialog]")`)
	w.saved()
	if clock.used() != 1 {
		t.Error("the key did not give more time")
	}

	w.offline(true)
	w.typeIn(field, "Unsaved words.")
	w.until(`document.querySelector("[data-saving]").textContent.includes("Not saved yet")`)
	clock.idle(w, 178*time.Second)
	w.until(`document.querySelector("main.locked")`)
	w.shot("locked")
	for _, word := range []string{"Unsaved words", "Any key", "textarea", "Noor", people[5].SignIn} {
		w.never(word)
	}
	w.offline(false)
	w.typeIn("#again-name", people[4].SignIn) // the partner's username
	w.typeIn("#again-pass", people[4].Password)
	w.tap("main.locked button.go")
	w.until(`document.querySelector("main.locked .problem").textContent.includes("don’t match")`)
	w.never("Unsaved words")
	w.set("#again-name", people[5].SignIn)
	w.typeIn("#again-pass", people[5].Password)
	w.tap("main.locked button.go")
	w.until(`document.querySelector("textarea")`)
	w.saved()
	w.open(path)
	if got := w.ask(
		`document.querySelector("[data-question] textarea").value`); got != "Saved words. Any key. Unsaved words." {
		t.Errorf("the page says %q", got)
	}
}

// TestAnotherPersonFindsNothingAtTheLock signs somebody else in on a locked page, and next to one
// that is open.
func TestAnotherPersonFindsNothingAtTheLock(t *testing.T) {
	url, people, clock := demoWithClock(t)
	browser := browse(t)
	t.Run("at the lock", func(t *testing.T) {
		w := openWindow(t, browser, url, "shared", 390, 844)
		w.signIn(people[5])
		w.press(`a[href^="/my/worksheets/"]`)
		w.blank()
		w.offline(true)
		w.typeIn("[data-question]:not([hidden]) textarea", "words of Noor")
		clock.idle(w, 200*time.Second)
		w.until(`document.querySelector("main.locked")`)
		w.press(`main.locked form[action="/logout"] button`)
		w.never("Noor")
		w.signIn(people[4])
		w.says("Hello, Kit")
		w.never("words of Noor")
		w.eval(`history.back()`)
		w.until(`document.readyState === "complete"`)
		w.never("words of Noor")
	})
	t.Run("in another tab", func(t *testing.T) {
		w := openWindow(t, browser, url, "shared", 390, 844)
		w.signIn(people[5])
		w.press(`a[href^="/my/worksheets/"]`)
		w.blank()
		path := w.ask(`location.pathname`)
		w.offline(true)
		w.typeIn("[data-question]:not([hidden]) textarea", "words of Noor")
		saved := clock.count(`SELECT SUM(revision) FROM fields`)
		beside := w.tab("beside")
		beside.open("/about") // another person does not see the page at all
		beside.eval(`fetch("/logout", { method: "POST", redirect: "manual" }).then(() => { window.out = true; })`)
		beside.until(`window.out`)
		beside.signIn(people[4])
		beside.says("Hello, Kit")
		w.until(`location.pathname === "/my" && document.body.innerText.includes("Hello, Kit")`)
		w.never("words of Noor")
		beside.open(path)
		beside.says("Page not found")
		if now := clock.count(`SELECT SUM(revision) FROM fields`); now != saved {
			t.Error("words of the one were saved in the name of the other")
		}
	})
}

func (c *clock) count(query string, args ...any) (n int) {
	c.t.Helper()
	if err := c.db.Get(c.t.Context(), &n, query, args...); err != nil {
		c.t.Fatal(err)
	}
	return n
}
