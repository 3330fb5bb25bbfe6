package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

var (
	link     = regexp.MustCompile(`href="(/[^"#]*)"`)
	id       = regexp.MustCompile(`[A-Z2-7]{26}`)
	leads    = regexp.MustCompile(`^/(assets|logout)|\.pdf$|/answers\?|\.(yaml|json)$`) // not pages
	variants = map[string]int{
		"/assignments/:id": 4, "/my/worksheets/:id": 6, "/my/answers/:id": 3, "/couples/:id": 3,
		"/sessions/:id": 3, "/sessions/:id/note": 3, "/library/:name": 2,
	}
	named = regexp.MustCompile(`^/library/[a-z][a-z-]+$`)
)

// A walk visits every page that links lead to from a person's first page: one page of each
// kind, and some more of the kinds in variants, which have many states.
type walk struct {
	*window
	folder string // holds the HTML for the checker
	source string // the source of axe-core
	seen   map[string]int
	queue  []string
}

func kindOf(path string) string {
	kind, _, _ := strings.Cut(path, "?")
	if named.MatchString(kind) && kind != "/library/pathways" {
		return "/library/:name"
	}
	return id.ReplaceAllString(kind, ":id")
}

// add queues a path unless enough pages of its kind are queued.
func (w *walk) add(path string) {
	kind := kindOf(path)
	if leads.MatchString(path) || slices.Contains(w.queue, path) || w.seen[kind] >= max(variants[kind], 1) {
		return
	}
	w.seen[kind]++
	w.queue = append(w.queue, path)
}

// page returns the HTML at a path, or "" if it is not a page.
func (w *walk) page(path string) string {
	html, err := chromedp.Run(w.ctx,
		chromedp.Evaluate[string](`fetch("`+path+
			`", { headers: { Accept: "text/html" } }).then(async r => r.ok && r.headers.get("Content-Type").startsWith("text/html") ? r.text() : "")`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatal(path, err)
	}
	return html
}

// all visits every queued page and the pages that they link to.
func (w *walk) all() {
	for i := 0; i < len(w.queue); i++ {
		path := w.queue[i]
		html := w.page(path)
		if html == "" {
			continue
		}
		for _, found := range link.FindAllStringSubmatch(html, -1) {
			w.add(strings.ReplaceAll(found[1], "&amp;", "&"))
		}
		name := w.name + strings.ReplaceAll(strings.NewReplacer(":", "").Replace(kindOf(path)), "/",
			"_") + strings.Repeat("-more", w.seen["file "+kindOf(path)])
		w.seen["file "+kindOf(path)]++
		if err := os.WriteFile(filepath.Join(w.folder, name+".html"), []byte(html), 0o644); err != nil {
			w.t.Fatal(err)
		}
		w.look(name, path)
	}
}

// look opens a page in laptop and phone sizes, in light and dark, and checks that it fits, has
// exactly one h1 and passes axe.
func (w *walk) look(name, path string) {
	w.t.Helper()
	w.open(path)
	if n := w.ask(`String(document.querySelectorAll("h1").length)`); n != "1" {
		w.t.Errorf("%s has %s first headings", path, n)
	}
	w.still(path)
	w.axe(w.source, everyRule)
	w.fits(path)
	w.shot("laptop-" + name)
	if strings.HasSuffix(name, "-more") && *pictures == "" {
		return // one page of its kind was checked in every size and color scheme
	}
	w.dark(true)
	w.axe(w.source, `{ type: "rule", values: ["color-contrast"] }`)
	w.shot("laptop-" + name + "-dark")
	w.do(chromedp.EmulateViewport(390, 844))
	w.shot("phone-" + name + "-dark")
	w.dark(false)
	w.fits(path)
	w.axe(w.source, `{ type: "rule", values: ["target-size"] }`)
	w.reached(path)
	w.shot("phone-" + name)
	w.do(chromedp.EmulateViewport(320, 640)) // also the size of a laptop's page at 400 percent zoom
	w.fits(path)
	w.eval(`document.adoptedStyleSheets = [Object.assign(new CSSStyleSheet(), {})]; document.adoptedStyleSheets[0].replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }")`)
	w.fits(path) // with the text spacing of WCAG 1.4.12
	w.do(chromedp.EmulateViewport(1280, 900))
}

// isPartners is a JavaScript condition: the page is one that partners read.
const isPartners = `(!document.documentElement.dataset.me || document.body.matches("[data-surface=portal], [data-surface=handover], .filling"))`

// still fails the test if a partner's page shifts its layout while it loads, twice in a row: a
// busy machine may render a page in pieces once.
func (w *walk) still(path string) {
	w.t.Helper()
	if w.moved() <= 0.02 {
		return
	}
	w.open(path)
	if moved := w.moved(); moved > 0.02 {
		w.t.Errorf("%s %s moved by %.3f while it was loading", w.name, path, moved)
	}
}

// moved returns the cumulative layout shift of a partner's page since it was opened, 0 for
// other pages.
func (w *walk) moved() float64 {
	w.t.Helper()
	moved, err := chromedp.Run(w.ctx,
		chromedp.Evaluate[float64](`!`+isPartners+
			` ? 0 : new Promise(done => { let sum = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) sum += e.value; }).observe({ type: "layout-shift", buffered: true }); setTimeout(() => done(sum), 50); })`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Error(err)
	}
	return moved
}

// fits fails the test if the page is wider than its window, or if a partner's page has text
// smaller than 16 pixels.
func (w *walk) fits(path string) {
	w.t.Helper()
	if wide := w.ask(`String(document.documentElement.scrollWidth - document.documentElement.clientWidth)`); wide != "0" {
		w.t.Errorf("%s %s is %s pixels wider than its window of %s: %s", w.name, path, wide, w.ask(`String(innerWidth)`),
			w.ask(`[...document.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 30)).slice(0, 5).join(" | ")`))
	}
	small := w.ask(`!` + isPartners +
		` ? "" : [...document.querySelectorAll("main *, footer *")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility() && !e.closest("svg, .hide") && parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.tagName + "." + e.className + " " + getComputedStyle(e).fontSize).slice(0, 5).join(", ")`)
	if small != "" {
		w.t.Errorf("%s %s has small text: %s", w.name, path, small)
	}
}

// reached fails the test if a control on a partner's page is too small for a thumb: each, or
// its label, must be 44 pixels high, except links within a paragraph.
func (w *walk) reached(path string) {
	w.t.Helper()
	low := w.ask(`!` + isPartners +
		` ? "" : [...document.querySelectorAll("main :is(a, button, input:not([type=hidden]), select, textarea, summary), footer :is(a, button)")].filter(e => e.checkVisibility() && !(e.matches("a") && e.closest("p"))).map(e => [e, (e.matches("[type=checkbox], [type=radio]") ? e.closest("label") : e).getBoundingClientRect().height]).filter(([e, h]) => h > 0 && h < 43.5).map(([e, h]) => e.outerHTML.slice(0, 80) + " " + h).slice(0, 5).join(" | ")`)
	if low != "" {
		w.t.Errorf("%s %s has what is hard to press: %s", w.name, path, low)
	}
}

// TestEveryPageIsWhole visits the pages of everybody in the demo.
func TestEveryPageIsWhole(t *testing.T) {
	url, people := startDemo(t)
	source, err := os.ReadFile(fromNPM(t, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	browser, folder := browse(t), t.TempDir()
	seen := map[string]int{}
	for _, who := range []struct {
		name   string
		person int // -1 to stay signed out
		from   []string
	}{
		{"door", -1, []string{"/login", "/join", "/room", "/colleague", "/about"}},
		{"counselor", 0, []string{"/", "/couples?find=Kit", "/styleguide", "/couples?find=Alex"}},
		{"supervisor", len(people) - 2, []string{"/supervision"}},
		{"desk", len(people) - 1, []string{"/front-desk"}},
		{"robin", 2, []string{"/my"}},
		{"kit", 4, []string{"/my"}},
		{"alex", 6, []string{"/my"}},
		{"morgan", 8, []string{"/my"}},
		{"tay", 9, []string{"/my"}},
	} {
		w := &walk{openWindow(t, browser, url, who.name, 1280, 900), folder, string(source), seen, nil}
		if who.person >= 0 {
			w.signIn(people[who.person])
		} else {
			w.open("/about")
		}
		w.queue = who.from // even if enough of their kind were seen
		w.all()
		if who.name == "counselor" {
			w.running(people[4].Couple)
		}
	}
	if len(seen) < 100 { // seen also counts the files of each kind
		t.Errorf("only %d kinds of pages were found", len(seen)/2)
	}
	nu(t, folder)
}

// running starts a session and checks the pages that exist while it runs and after it has
// ended.
func (w *walk) running(couple string) {
	w.open("/couples/" + couple)
	w.press(`a[href^="/sessions/"]`)
	w.press(`form[action$="/start"] button`)
	w.seen, w.queue = map[string]int{}, nil
	run := w.ask(`location.pathname`)
	session := strings.TrimSuffix(run, "/run")
	for _, path := range []string{
		run, session + "/screen", session + "/stopped", "/couples/" + couple,
		"/couples/" + couple + "/worksheets",
	} {
		w.add(path)
	}
	for _, path := range w.queue {
		w.look("running"+strings.ReplaceAll(kindOf(path), "/", "_"), path)
	}
	w.open(run)
	w.press(`button[name="then"][value="end"]`)
	w.queue = nil
	w.add(session)
	w.add(session + "/note")
	for _, path := range w.queue {
		w.look("ended"+strings.ReplaceAll(kindOf(path), "/", "_"), path)
	}
}

// link opens path and returns the first link on it that matches like.
func (w *window) link(path, like string) string {
	w.t.Helper()
	w.open(path)
	for _, found := range link.FindAllStringSubmatch(w.ask(`document.documentElement.outerHTML`), -1) {
		if regexp.MustCompile(like).MatchString(found[1]) {
			return found[1]
		}
	}
	w.t.Fatalf("%s has no link like %s", path, like)
	return ""
}
