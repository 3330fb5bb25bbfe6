package main

import (
	"strings"
	"testing"
)

// TestAWorksheetIsWrittenAndGivenInTheBrowser creates a worksheet on a laptop, previews, publishes
// and assigns it, and opens it on a phone.
func TestAWorksheetIsWrittenAndGivenInTheBrowser(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t)
	w := openWindow(t, browser, url, "own", 1280, 900)
	w.signIn(people[0])
	w.open("/library")
	w.press(`form[action="/library/own"] button`)
	w.typeIn("#title", "Evenings")
	w.typeIn("#purpose", "To look at evenings together.")
	w.typeIn(`[id="f.0.label"]`, "What was good about the evening?")
	w.saved()
	w.press(`[value="add.0"]`)
	w.set(`[id="f.1.label"]`, "How near did you feel?")
	w.eval(`{const s = document.getElementById("f.1.type"); s.value = "single_choice"; s.dispatchEvent(new Event("change", {bubbles: true}))}`)
	w.until(`!document.getElementById("f.1.options").closest("[data-for]").hidden && document.getElementById("f.1.rows").closest("[data-for]").hidden`)
	w.typeIn(`[id="f.1.options"]`, "Far = 0\nNear = 2")
	w.saved()
	w.until(`document.querySelector("[data-preview]").textContent.includes("Near")`)
	w.shot("builder")
	w.dark(true)
	w.shot("builder-dark")
	w.dark(false)
	w.open(w.ask(`location.pathname`))
	if got := w.ask(`document.getElementById("f.1.options").value`); got != "Far = 0\nNear = 2" {
		t.Errorf("after loading it again: %q", got)
	}
	w.press(`[value="publish"]`)
	w.says("Published")
	w.shot("published")
	w.open("/couples")
	w.press(`main li a[href^="/couples/"]`)
	couple := w.ask(`location.pathname`)
	w.open(couple + "/worksheets")
	w.eval(`{const s = document.getElementById("worksheet"); s.value = [...s.options].find(o => o.text.startsWith("Evenings")).value}`)
	w.tap(`[name="to"][value="A"]`)
	w.press(`#give button.go`)
	w.says("Evenings")

	phone := openWindow(t, browser, url, "own-phone", 390, 844)
	partner := people[0]
	for _, p := range people {
		if strings.HasSuffix(couple, p.Couple) && p.Couple != "" {
			partner = p
			break
		}
	}
	phone.signIn(partner)
	phone.says("Evenings")
}
