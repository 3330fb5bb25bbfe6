package main

import (
	"strings"
	"testing"
)

// TestAWorksheetIsFoundAndItsFillerChosen: the list can be searched, and only people who can fill
// in the worksheet can be chosen.
func TestAWorksheetIsFoundAndItsFillerChosen(t *testing.T) {
	url, people := startDemo(t)
	desk := openWindow(t, browse(t), url, "assign", 1280, 900)
	desk.signIn(people[0])
	desk.open("/couples/" + people[4].Couple + "/worksheets")
	desk.typeIn("#find-worksheet", "apology building")
	desk.until(`document.querySelectorAll("#worksheet option").length === 1`)
	desk.until(`document.querySelector("#worksheet").value === "apology-builder"`)
	desk.until(`[...document.querySelectorAll("[name=to]")].filter(r => !r.disabled).length === 1`)
	desk.until(`document.querySelector("[name=to]:checked") && !document.querySelector("[data-why=broke]").hidden`)
	desk.typeIn("#find-worksheet", "")
	desk.eval(`document.querySelector("#find-worksheet").value = ""; document.querySelector("#find-worksheet").dispatchEvent(new Event("input"))`)
	desk.until(`document.querySelectorAll("#worksheet option").length > 30`)
	desk.shot("assign")
}

// TestThePlanShowsTheActivitiesOfTheChosenStep: and names the checked ones that are gone.
func TestThePlanShowsTheActivitiesOfTheChosenStep(t *testing.T) {
	url, people := startDemo(t)
	desk := openWindow(t, browse(t), url, "plan", 1280, 900)
	desk.signIn(people[0])
	desk.open("/couples/" + people[4].Couple + "/sessions/new")
	desk.tap(`[data-activities] input[type=checkbox]`)
	ticked := strings.TrimSpace(desk.ask(`document.querySelector("[data-activities] label").textContent`))
	choose := func(step string) {
		desk.eval(`const s = document.getElementById("step"); s.value = "` + step + `"; s.dispatchEvent(new Event("change", {bubbles: true}))`)
	}
	choose("find-each-other")
	desk.until(`!document.querySelector("[data-activities] input:checked")`)
	title, _, _ := strings.Cut(ticked, " (")
	desk.until(`document.getElementById("step-problem").textContent.includes(` + "`" + title + "`" + `)`)
	desk.shot("plan-step")
}

// TestAWorksheetOnAPhoneGoesBackAndReopensWhereItWasLeft moves through a worksheet with its own
// buttons and the browser's, and reopens it.
func TestAWorksheetOnAPhoneGoesBackAndReopensWhereItWasLeft(t *testing.T) {
	url, people := startDemo(t)
	phone := openWindow(t, browse(t), url, "pager", 390, 844)
	phone.signIn(people[5])
	phone.press(`a[href^="/my/worksheets/"]`)
	phone.first()
	count := `document.querySelector("[data-count]").textContent`
	total := strings.TrimPrefix(phone.ask(count), "1 of ")
	phone.until(count + ` === "1 of ` + total + `"`)
	phone.tap("[data-forward]")
	phone.until(count + ` === "2 of ` + total + `"`)
	phone.eval(`history.back()`)
	phone.until(count + ` === "1 of ` + total + `"`)
	phone.until(`!document.querySelector(".who-reads [data-opening]")?.hidden`)
	phone.tap("[data-forward]")
	phone.until(count + ` === "2 of ` + total + `"`)
	phone.until(`document.querySelector(".who-reads [data-opening]").hidden`)
	phone.shot("pager")
	phone.typeIn("[data-question]:not([hidden]) textarea", "Better than in the spring.")
	phone.saved()
	phone.tap("[data-forward]")
	phone.until(count + ` === "3 of ` + total + `"`)
	phone.open(phone.ask(`location.pathname`))
	phone.until(count + ` === "2 of ` + total + `"`) // the last question with an answer
}

// first goes to the first question of a worksheet that opened elsewhere.
func (w *window) first() {
	w.t.Helper()
	w.until(`document.querySelector("form[data-ready]")`)
	w.eval(`location.hash = "#at-" + document.querySelector("[data-question]").dataset.field`)
	w.until(`document.querySelector("[data-count]").textContent.startsWith("1 ")`)
}

// blank empties the field of the current question.
func (w *window) blank() {
	w.t.Helper()
	w.until(`document.querySelector("form[data-ready]")`)
	w.eval("document.querySelector(`[data-question]:not([hidden]) textarea`).value = ``")
}
