package main

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestKeysAreDeadAfterATextLostTheFocusUnasked: keys meant for the notes must not check an
// activity.
func TestKeysAreDeadAfterATextLostTheFocusUnasked(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "desk", 1280, 900)
	w.signIn(people[0])
	w.open(w.link("/couples/"+people[4].Couple, `^/sessions/[A-Z2-7]{26}$`))
	w.press(`form[action$="/start"] button`)
	ticks := func() string { return w.ask(`String(document.querySelectorAll("[data-activities] :checked").length)`) }
	before := ticks()
	w.typeIn(`[name="v.observation"]`, "Both came at ")
	w.eval(`document.activeElement.blur()`)
	w.do(chromedp.KeyEvent("1"), chromedp.KeyEvent("2"))
	if got := ticks(); got != before {
		t.Errorf("%s activities are ticked, were %s", got, before)
	}
	time.Sleep(2200 * time.Millisecond)
	w.do(chromedp.KeyEvent("1"))
	if got := ticks(); got == before {
		t.Error("keys stay dead")
	}
}

// TestALimitIsSaidWhileSomebodyTypesAndNothingIsCut pastes more text than can be sent into a short
// field, and reloads the page.
func TestALimitIsSaidWhileSomebodyTypesAndNothingIsCut(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "noor", 390, 844)
	w.signIn(people[5])
	w.press(`a[href^="/my/worksheets/"]`)
	const field = `document.querySelector("[data-question]:not([hidden]) textarea")`
	w.eval(`{ const text = ` + field +
		`; text.value = "\n" + "ж".repeat(20010); text.dispatchEvent(new Event("input", { bubbles: true })); }`)
	if got := w.ask(field +
		`.parentElement.querySelector(".limit").textContent`); got != "Over the limit by: 11. Nothing is cut off." {
		t.Error(got)
	}
	w.eval(`{ const text = ` + field +
		`; text.value = "\n" + "ж".repeat(19990); text.dispatchEvent(new Event("input", { bubbles: true })); }`)
	if got := w.ask(field + `.parentElement.querySelector(".limit").textContent`); got != "Characters left: 9" {
		t.Error(got)
	}
	w.saved()
	w.open(w.ask(`location.pathname`))
	if got := w.ask(`String([...document.querySelector("[data-question] textarea").value].length)`); got != "19991" {
		t.Errorf("%s characters came back", got)
	}
}
