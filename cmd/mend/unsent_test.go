package main

import (
	"strings"
	"testing"

	"mend/demo"
)

// An unsent is a form without autosave.
type unsent struct {
	path, field, words string
	more               string // a script that fills in the other required fields
	button             string
}

// unsentForms returns forms with long texts, two of them in Kit's record.
func unsentForms(w *window, kit demo.Person) []unsent {
	couple := "/couples/" + kit.Couple
	partner := w.link(couple, `^/partners/[A-Z2-7]{26}/file`)[:len("/partners/")+26]
	w.open("/settings/consents")
	w.press(`form[action="/settings/consents"] button`)
	form := w.ask(`location.pathname`)
	return []unsent{
		{w.link(couple+"/treatment-plan", `/objectives/new`), "text", "Both name the pause word.", "", "button.go"},
		{
			partner + "/requests", "purpose", "Everything since the first session.",
			`document.querySelector("[name=capacity]").click();
			document.querySelector("[name=requester]").value = "Ash & Co."`, "form.card button.go",
		},
		{form, "text", "One more paragraph.", "", `button[value="save"]`},
	}
}

// filled opens a form and types into it.
func (w *window) filled(f unsent) {
	w.t.Helper()
	w.open(f.path)
	w.typeIn(`textarea[name="`+f.field+`"]`, f.words)
	w.eval(f.more)
}

// sent waits until the form was submitted, and fails the test unless its text was stored.
func (w *window) sent(f unsent) {
	w.t.Helper()
	w.until(`location.search.includes("did=") || /requests.[A-Z2-7]{26}$/.test(location.pathname)`)
	w.until(`document.readyState === "complete"`)
	w.open(w.ask(`location.pathname`))
	if words := w.ask(`document.body.innerText + [...document.querySelectorAll("textarea")].map(t => t.value)`); !strings.Contains(words, f.words) {
		w.t.Errorf("%s lost %q", f.path, f.words)
	}
}

// TestAFormThatDoesNotReachTheServerKeepsWhatWasTyped: the page says so, and the same button
// submits it once the server is back.
func TestAFormThatDoesNotReachTheServerKeepsWhatWasTyped(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "dana", 820, 1000)
	w.signIn(people[0])
	for _, f := range unsentForms(w, people[4]) {
		w.filled(f)
		w.unplug(true)
		w.tap(f.button)
		w.until(`document.querySelector(".problem.unsent")`)
		w.says("What you wrote is still here.")
		w.shot("unsent-" + f.field)
		w.unplug(false)
		w.tap(f.button)
		w.sent(f)
	}
}

// TestAFormThatIsSentToAKilledServerKeepsWhatWasTyped: a partner disagrees with the treatment plan
// while the server is killed and restarted.
func TestAFormThatIsSentToAKilledServerKeepsWhatWasTyped(t *testing.T) {
	p, people := demoProcess(t)
	w := openWindow(t, browse(t), p.url, "noor", 390, 844)
	w.signIn(people[5])
	f := unsent{"/my/treatment-plan", "line", "I see this differently.", "", `button[value="disagreed"]`}
	w.filled(f)
	p.kill()
	w.tap(f.button)
	w.until(`document.querySelector(".problem.unsent")`)
	p.again()
	w.tap(f.button)
	w.sent(f)
}

// TestAFormThatIsSentAfterTheLoginEndedIsKept: the page locks, and the form is submitted as soon as
// the same person has signed in again.
func TestAFormThatIsSentAfterTheLoginEndedIsKept(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "dana", 820, 1000)
	w.signIn(people[0])
	for _, f := range unsentForms(w, people[4]) {
		w.filled(f)
		w.eval(`fetch("/logout", { method: "POST", redirect: "manual" }).then(() => document.body.dataset.out = "yes")`)
		w.until(`document.body.dataset.out`)
		w.tap(f.button)
		w.until(`document.querySelector("main.locked")`)
		w.never(f.words)
		w.typeIn("#again-name", people[0].SignIn)
		w.typeIn("#again-pass", people[0].Password)
		w.tap("main.locked button.go")
		w.sent(f)
	}
}
