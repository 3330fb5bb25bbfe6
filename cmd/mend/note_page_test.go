package main

import (
	"strconv"
	"testing"

	"mend/demo"
)

// endedWithTicks runs and ends a session in which the counselor checked what a note is drafted
// from, and leaves the window on its note.
func (w *window) endedWithTicks(people []demo.Person, responses int) {
	w.t.Helper()
	w.open(w.link("/couples/"+people[4].Couple, `^/sessions/[A-Z2-7]{26}$`))
	w.press(`form[action$="/start"] button`)
	w.tap(`[data-both-here] button`)
	for _, box := range []string{`[data-activities] li:nth-child(2) input[type=checkbox]`, `[data-tools] input[type=checkbox]`} {
		w.eval(`document.querySelector(` + strconv.Quote(box) + `).click()`)
	}
	for _, side := range []string{"A", "B"} {
		for n := range responses {
			w.eval(`document.querySelectorAll('[name="v.response.` + side + `"][type=checkbox]')[` + strconv.Itoa(n) + `].click()`)
		}
	}
	w.typeIn(`[name="v.focus"]`, "the loan")
	if responses > 1 {
		w.typeIn(`[name="v.observation"]`, "Both spoke more slowly than last time, and turned toward each other.")
		w.typeIn(`[name="v.interaction"]`, "Interruptions were named and stopped by both.")
	}
	w.saved()
	w.press(`button[name="then"][value="end"]`)
	w.press(`a.go[href$="/note"]`)
}

// anHourLonger makes the session of the shown note an hour longer.
func (w *window) anHourLonger() {
	w.t.Helper()
	// In the first hour of a day the start cannot move earlier, so move the end.
	w.eval(`(() => { const [start, end] = ["start", "end"].map((is) => document.querySelector('[name="v.times.' + is + '"]')),
		early = +start.value.slice(0, 2) === 0, moved = early ? end : start;
		moved.value = String(+moved.value.slice(0, 2) + (early ? 1 : -1)).padStart(2, "0") + moved.value.slice(2);
		moved.dispatchEvent(new Event("input", { bubbles: true })); })()`)
}

// underTwoScreens fails the test if the note or its inputs are taller than two screens.
func (w *window) underTwoScreens() {
	w.t.Helper()
	for what, script := range map[string]string{
		"the page":                `document.documentElement.scrollHeight`,
		"what completes the note": `document.querySelector(".complete").scrollHeight`,
	} {
		tall, err := strconv.Atoi(w.ask(`String(` + script + `)`))
		if err != nil || tall >= 1600 {
			w.t.Errorf("%s is %d pixels tall: %v", what, tall, err)
		}
		w.t.Logf("%s: %d pixels", what, tall)
	}
}

// TestTheNoteOfARichSessionIsUnderTwoScreens: before anything is typed, with observations,
// individual time, two responses from each partner and two goals, each with its progress in one
// row.
func TestTheNoteOfARichSessionIsUnderTwoScreens(t *testing.T) {
	url, people := startDemo(t)
	desk := openWindow(t, browse(t), url, "desk", 1280, 800)
	desk.signIn(people[0])
	desk.endedWithTicks(people, 2)
	desk.until(`document.querySelectorAll("#goals .goal").length === 2`)
	if rows := desk.ask(`String([...document.querySelectorAll("#goals .goal")].every((goal) =>
		new Set([...goal.querySelectorAll("[type=radio]")].map((r) => r.getBoundingClientRect().top)).size === 1))`); rows != "true" {
		t.Error("the progress of a goal is more than one row")
	}
	desk.anHourLonger()
	desk.until(`/ 6\d-minute /.test(document.querySelector('[name="v.text.attendance"]').value)`)
	for _, side := range []string{"a", "b"} {
		desk.eval(`(() => { const box = document.querySelector('[name="v.times.` + side + `_minutes"]');
			box.value = 10; box.dispatchEvent(new Event("input", { bubbles: true })); })()`)
	}
	desk.until(`document.querySelector('[name="v.text.split"]').value`)
	desk.saved()
	desk.open(desk.ask(`location.pathname`))
	for _, dark := range []bool{false, true} {
		desk.dark(dark)
		desk.shot("rich-note-" + strconv.FormatBool(dark))
	}
	desk.dark(false)
	desk.underTwoScreens()
	phone := openWindow(t, browse(t), url, "phone", 390, 844)
	phone.signIn(people[0])
	phone.open(desk.ask(`location.pathname`))
	phone.shot("rich-note")
}

// TestTheNoteOfASessionWithTicksIsUnderTwoScreens: before anything is typed.
func TestTheNoteOfASessionWithTicksIsUnderTwoScreens(t *testing.T) {
	url, people := startDemo(t)
	desk := openWindow(t, browse(t), url, "desk", 1280, 800)
	desk.signIn(people[0])
	desk.endedWithTicks(people, 1)
	desk.shot("note-before")
	desk.underTwoScreens()
	// Changed checkboxes and times redraft their sentences immediately.
	desk.eval(`document.querySelector("#activities").open = true; document.querySelector("#activities input[type=checkbox]").click()`)
	desk.until(`document.querySelector('[name="v.text.activities"]').value.includes(" and ")`)
	desk.until(`document.getElementById("text.activities").matches(".changed")`) // highlighted for a second
	desk.until(`!document.getElementById("text.activities").matches(".changed")`)
	desk.anHourLonger()
	desk.until(`/ 6\d-minute /.test(document.querySelector('[name="v.text.attendance"]').value)`)
	desk.shot("note-after")
	// Newly drafted text is shown: nothing is signed while folded.
	desk.eval(`document.querySelector('[name="v.measures"][type=checkbox]').click()`)
	desk.until(`document.getElementById("text.measures").closest("details").open &&
		document.getElementById("text.measures").checkVisibility()`)
	// The plan of the last note can be copied, with its date.
	desk.eval(`document.querySelector("[data-bring]").closest("details").open = true`)
	desk.tap(`[data-bring]`)
	desk.until(`/^From the plan of \w+ \d+, \d+: \S/.test(document.querySelector('[name="v.plan_text"]').value)`)
	desk.until(`document.querySelector('[name="v.text.next"]').value.includes("From the plan of")`)
}
