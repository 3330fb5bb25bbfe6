package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// printed returns the text of the page as printed by the browser.
func (w *window) printed(name string) string {
	w.t.Helper()
	result, err := chromedp.Call(w.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		w.t.Fatal(err)
	}
	file := filepath.Join(w.t.TempDir(), name+".pdf")
	if *pictures != "" {
		file = filepath.Join(*pictures, name+".pdf")
	}
	if err := os.WriteFile(file, result.Data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	text, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// paste sets the text of a field.
func (w *window) paste(selector, text string) {
	w.t.Helper()
	w.set(selector, text)
	w.eval(`document.querySelector(` + strconv.Quote(selector) + `).dispatchEvent(new Event("input", { bubbles: true }))`)
}

// prints fails the test unless the printed page contains every text.
func (w *window) prints(name string, texts ...string) {
	w.t.Helper()
	got := w.printed(name)
	for _, text := range texts {
		if !strings.Contains(got, text) {
			w.t.Errorf("%s as printed does not say %q: %.1500s", name, text, got)
		}
	}
}

// TestWhatIsOnTheScreenIsOnThePaper prints pages that are being edited with the browser's own print
// command.
func TestWhatIsOnTheScreenIsOnThePaper(t *testing.T) {
	url, people := startDemo(t)
	chromium := browse(t)
	long := strings.Repeat("a line of the text\n", 30) + "and its last words"
	phone := openWindow(t, chromium, url, "phone", 390, 844)
	phone.signIn(people[5])
	phone.press(`a[href^="/my/worksheets/"]`)
	phone.until(`document.querySelector("[data-pager]").dataset.ready`)
	first := phone.ask(`document.querySelector("[data-question]").dataset.label`)
	last := phone.ask(`[...document.querySelectorAll("[data-question]:not([data-off])")].at(-1).dataset.label`)
	phone.paste(`[data-question]:not([hidden]) textarea`, long)
	phone.saved()
	phone.prints("worksheet", first, last, "Only you and your counselor read this page", "and its last words")

	desk := openWindow(t, chromium, url, "desk", 1280, 900)
	desk.signIn(people[0])
	desk.open("/couples/" + people[4].Couple + "/sessions/new")
	desk.paste(`[name="plan"]`, long)
	desk.prints("plan", "and its last words")
	desk.open("/couples/" + people[4].Couple)
	desk.press(`a[href^="/sessions/"]`)
	desk.press(`form[action$="/start"] button`)
	prompt := desk.ask(`document.querySelector("[data-prompt] [data-text]").textContent`)
	desk.paste(`[name="v.observation"]`, long)
	desk.saved()
	desk.prints("run", prompt, "Homework", "Activities", "For the progress note. Assume both partners may read this.",
		"and its last words")
	desk.press(`button[name="then"][value="end"]`)
	desk.press(`a.go[href$="/note"]`)
	desk.paste(`[name="v.plan_text"]`, long)
	desk.saved()
	desk.prints("note", "Goals", "and its last words", "Draft", "Risk")
}
