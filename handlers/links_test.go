package handlers

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"mend/internal/database"
	"mend/internal/dbtest"
)

var linkOf = regexp.MustCompile(`<a\b[^>]*? href="([^"]*)"`)

// TestEveryLinkLeadsToAPage follows all links as every kind of person, and signed out. Each leads
// to a page in the frame of the person signed in.
func TestEveryLinkLeadsToAPage(t *testing.T) {
	dbtest.Long(t)
	t.Parallel()
	w := openWorld(t, database.SQLite)
	w.things()
	for _, signIn := range []string{
		w.dana, w.ellis, w.sam, w.drew, w.stranger, w.partner(0, "A"), w.partner(1, "A"),
		w.partner(1, "B"), w.partner(2, "A"), w.partner(3, "B"), w.partner(4, "A"),
	} {
		n := w.as(signIn).follow(t, signIn, "/", "/my", "/supervision", "/front-desk")
		if n < 5 {
			t.Errorf("%s finds %d pages", signIn, n)
		}
		t.Logf("%s: %d pages", signIn, n)
	}
	w.browser().follow(t, "nobody", "/login", "/join", "/colleague", "/room", "/about")
}

// TestWhatAnybodyMaySeeHasTheFrameOfWhoeverIsSignedIn: also an unknown address. A page on a
// handed-over device, or an error there, has no frame of the counselor.
func TestWhatAnybodyMaySeeHasTheFrameOfWhoeverIsSignedIn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, kit := w.as(w.dana), w.as(w.partner(1, "A"))
		for _, path := range []string{"/about", "/no/such/page", "/couples/nothing"} {
			dana.get(path).want(t, dana.get(path).status, `href="/follow-ups"`).never(t, "Leave this page", `href="/login"`)
			w.browser().get("/about").want(t, 200, "Leave this page", `href="/login"`).never(t, `href="/follow-ups"`)
		}
		for _, path := range []string{"/about", "/no/such/page", "/my/worksheets/nothing"} {
			kit.get(path).want(t, kit.get(path).status, "Leave this page", `href="/my"`).never(t, `href="/follow-ups"`)
		}
		dana.get("/assignments/nothing/handover").want(t, 404, "Leave this page").never(t, `href="/follow-ups"`)
	})
}

// follow follows all links from the start pages and returns the number of pages.
func (b *browser) follow(t *testing.T, who string, starts ...string) int {
	t.Helper()
	found, queue, listed := map[string]string{}, []string{}, map[string]int{}
	for _, start := range starts {
		if b.get(start).status == http.StatusOK {
			found[start], queue = "the start", append(queue, start)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		a := b.get(at)
		for n := 0; a.status == http.StatusSeeOther && n < 3; n++ {
			a = b.get(a.location())
		}
		if a.status != http.StatusOK {
			t.Errorf("%s: %s links to %s, which answers %d", who, found[at], at, a.status)
			continue
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, link := range linkOf.FindAllStringSubmatch(a.body, -1) {
			to, _, _ := strings.Cut(html.UnescapeString(link[1]), "#")
			if _, known := found[to]; known || !strings.HasPrefix(to, "/") {
				continue
			}
			path, query, _ := strings.Cut(to, "?")
			if listed[path]++; query != "" && listed[path] > 12 {
				continue // the calendar has infinitely many months
			}
			found[to], queue = at, append(queue, to)
		}
	}
	return len(found)
}
