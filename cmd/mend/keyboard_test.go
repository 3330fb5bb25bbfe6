package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"mend/demo"
)

// tabTo presses Tab until an element that matches selector has a visible focus.
func (w *window) tabTo(selector string) {
	w.t.Helper()
	for range 250 {
		w.do(chromedp.KeyEvent("\t"))
		switch w.ask(`(() => { const e = document.activeElement; return e.matches('` + selector +
			`') ? getComputedStyle(e).outlineStyle : "" })()`) {
		case "":
			continue
		case "none":
			w.t.Errorf("the focus on %s cannot be seen", selector)
		}
		return
	}
	w.shot("failed")
	w.t.Fatalf("%s at %s: Tab never comes to %s", w.name, w.ask(`location.pathname`), selector)
}

// keys sends text or keys to the focused element.
func (w *window) keys(text string) {
	w.t.Helper()
	w.do(chromedp.KeyEvent(text))
}

// signInByKeys signs somebody in by keyboard.
func (w *window) signInByKeys(p demo.Person) {
	w.t.Helper()
	w.open("/login")
	w.tabTo("#sign_in")
	w.keys(p.SignIn)
	w.tabTo("#password")
	w.keys(p.Password + "\r")
	w.until(`location.pathname !== "/login" && document.readyState === "complete"`)
}

// TestAPageIsFilledAndSentByKeysAlone answers, reviews and sends a partner's page by keyboard.
func TestAPageIsFilledAndSentByKeysAlone(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "keys", 1280, 900)
	w.signInByKeys(people[8])
	pulse := w.ask(
		`[...document.querySelectorAll("main a")].find(a => a.textContent.includes("Trust pulse")).getAttribute("href")`)
	w.tabTo(`a[href="` + pulse + `"]`)
	w.keys("\r")
	w.until(`document.querySelector("[data-pager]") && document.documentElement.classList.contains("scripted")`)
	const shown = `[data-question]:not([hidden])`
	for w.ask(`String(document.querySelector("[data-review]").hidden)`) == "true" {
		question := w.ask(`document.querySelector("` + shown + `").dataset.field`)
		if w.ask(`String(Boolean(document.querySelector("`+shown+` textarea, `+shown+
			` input:not([type=radio], [type=checkbox])")))`) == "true" {
			w.tabTo(shown + ` :is(textarea, input:not([type=radio], [type=checkbox]))`)
			w.keys("A few words.")
		}
		for _, group := range strings.Fields(w.ask(`[...new Set([...document.querySelectorAll("` + shown +
			` input[type=radio]")].filter(i => !i.closest(".instead")).map(i => i.name))].join(" ")`)) {
			w.tabTo(shown + ` input[name="` + group + `"]`)
			w.keys(" ")
		}
		w.tabTo("[data-forward]")
		w.keys("\r")
		w.until(`document.querySelector("` + shown + `")?.dataset.field !== "` + question + `"`)
	}
	w.tabTo(`button[value="send"]`)
	w.keys("\r")
	w.until(`location.pathname === "/my" && document.readyState === "complete"`)
	w.says("sent")
}

// TestANoteIsSignedByKeysAlone completes and signs a drafted note by keyboard.
func TestANoteIsSignedByKeysAlone(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "keys", 1280, 900)
	w.signInByKeys(people[0])
	w.open(w.link("/couples/"+people[4].Couple, `^/sessions/[A-Z2-7]{26}/note$`))
	for _, field := range []string{"text.homework_reviewed", "text.assigned"} {
		w.tabTo(`[name="v.` + field + `"]`)
		w.keys("Said in my own words.")
	}
	w.tabTo(`#goals .goal input[type=radio]`)
	w.keys(" ")
	w.tabTo(`[name="v.risk.routine"][type=checkbox]`)
	w.keys(" ")
	for _, field := range []string{"risk_text", "plan_text"} {
		w.tabTo(`[name="v.` + field + `"]`)
		w.keys("Said in my own words.")
	}
	w.until(`["risk", "next"].every(f => document.querySelector('[name="v.text.' + f + '"]').value.includes("Said in my own words."))`)
	w.until(`document.querySelector("[data-missing]").innerText.startsWith("Nothing is missing")`)
	w.tabTo(`[data-signing]`)
	w.keys("\r")
	w.until(`document.querySelector("dialog.sign").open`)
	w.tabTo(`#reviewed input`)
	w.keys(" ")
	w.tabTo(`form[action$="/sign"] [name=password]`)
	w.keys(demo.Password + "\r")
	w.until(`document.readyState === "complete" && document.body.innerText.includes("Signed and locked")`)
}
