package main

import (
	"regexp"
	"testing"
)

// TestEveryPageOfTheDemoFitsItsWindow visits what a counselor and a partner
// see, on a laptop and on a phone: no page is wider than its window, none has
// an error, and each has one first heading.
func TestEveryPageOfTheDemoFitsItsWindow(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t)
	for _, size := range []struct {
		name          string
		width, height int64
	}{{"laptop", 1280, 900}, {"phone", 390, 844}} {
		t.Run(size.name, func(t *testing.T) {
			w := openWindow(t, browser, url, size.name, size.width, size.height)
			w.signIn(people[0])
			for name, path := range counselorPages(w) {
				w.look(name, path)
			}
			p := openWindow(t, browser, url, size.name, size.width, size.height)
			p.signIn(people[3])
			for name, path := range partnerPages(p) {
				p.look("my-"+name, path)
			}
		})
	}
}

// look opens a page, in light and dark, and checks its frame.
func (w *window) look(name, path string) {
	w.t.Helper()
	w.open(path)
	if n := w.ask(`String(document.querySelectorAll("h1").length)`); n != "1" {
		w.t.Errorf("%s has %s first headings", path, n)
	}
	if wide := w.ask(`String(document.documentElement.scrollWidth - document.documentElement.clientWidth)`); wide != "0" {
		w.t.Errorf("%s %s is %s pixels wider than its window: %s", w.name, path, wide, w.ask(`[...document.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ")`))
	}
	w.shot(name)
	if *pictures != "" {
		w.dark(true)
		w.shot(name + "-dark")
		w.dark(false)
	}
}

var link = regexp.MustCompile(`href="(/[^"#?]*)"`)

// links returns the first path on the page that matches.
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

// held returns the session that a couple's record shows as held and signed.
func (w *window) held(record string) string {
	w.t.Helper()
	w.open(record)
	return w.ask(`[...document.querySelectorAll("main .rows li")].find(li => li.innerText.includes("Note signed")).querySelector("a").getAttribute("href")`)
}

// counselorPages finds a page of every kind.
func counselorPages(w *window) map[string]string {
	couple := w.link("/couples?find=Morgan", `^/couples/[A-Z0-9]{26}$`)
	loan := w.link("/couples?find=Kit", `^/couples/[A-Z0-9]{26}$`)
	signed := w.held(w.link("/couples?find=Alex", `^/couples/[A-Z0-9]{26}$`) + "/record")
	draft := w.link(loan, `^/sessions/[A-Z0-9]{26}/note$`)
	planned := w.link(loan, `^/sessions/[A-Z0-9]{26}$`)
	return map[string]string{
		"today": "/", "couples": "/couples", "couple-new": "/couples/new", "couple": couple, "step": couple + "/steps/acknowledge",
		"homework": couple + "/worksheets", "record": couple + "/record", "session-new": loan + "/sessions/new",
		"session": signed, "session-planned": planned, "note": signed + "/note", "note-draft": draft,
		"reading": w.link(loan, `^/assignments/`), "library": "/library", "worksheet": "/library/how-trust-was-broken",
		"file": w.link(loan, `^/partners/[A-Z0-9]{26}/file$`), "about": "/about",
		"settings-me": "/settings/me", "settings-practice": "/settings/practice", "settings-safety": "/settings/safety", "settings-security": "/settings/security",
	}
}

func partnerPages(w *window) map[string]string {
	return map[string]string{"home": "/my", "answers": "/my/answers", "page": w.link("/my", `^/my/worksheets/`), "read": "/my"}
}
