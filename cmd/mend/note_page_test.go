package main

import (
	"strconv"
	"testing"

	"mend/demo"
)

// endedWithTicks ends a session of a couple in which the counselor ticked what a note is drafted from,
// and leaves the window on its note.
func (w *window) endedWithTicks(people []demo.Person) {
	w.t.Helper()
	w.signIn(people[0])
	w.open(w.link("/couples/"+people[4].Couple, `^/sessions/[A-Z2-7]{26}$`))
	w.press(`form[action$="/start"] button`)
	w.tap(`[data-both-here] button`)
	for _, box := range []string{`[data-activities] li:nth-child(2) input[type=checkbox]`, `[data-tools] input[type=checkbox]`} {
		w.eval(`document.querySelector(` + strconv.Quote(box) + `).click()`)
	}
	for _, side := range []string{"A", "B"} {
		w.eval(`document.querySelector('[name="v.response.` + side + `"][type=checkbox]').click()`)
	}
	w.typeIn(`[name="v.focus"]`, "the loan")
	w.saved()
	w.press(`button[name="then"][value="end"]`)
	w.press(`a.go[href$="/note"]`)
}

// TestTheNoteOfASessionWithTicksIsUnderTwoScreens before anything is typed: what stands on the left and on the
// right, each as tall as it is.
func TestTheNoteOfASessionWithTicksIsUnderTwoScreens(t *testing.T) {
	url, people := startDemo(t)
	desk := openWindow(t, browse(t), url, "desk", 1280, 800)
	desk.endedWithTicks(people)
	desk.shot("note-before")
	for what, script := range map[string]string{
		"the page":                `document.documentElement.scrollHeight`,
		"what completes the note": `document.querySelector(".complete").scrollHeight`,
	} {
		tall, err := strconv.Atoi(desk.ask(`String(` + script + `)`))
		if err != nil || tall >= 1600 {
			t.Errorf("%s is %d pixels tall: %v", what, tall, err)
		}
		t.Logf("%s: %d pixels", what, tall)
	}
	// What is ticked here re-drafts its sentence at once, and so do the times.
	desk.eval(`document.querySelector("#activities").open = true; document.querySelector("#activities input[type=checkbox]").click()`)
	desk.until(`document.querySelector('[name="v.text.activities"]').value.includes(" and ")`)
	// Between midnight and one there is no earlier hour on that day: the end is moved then.
	desk.eval(`(() => { const [start, end] = ["start", "end"].map((is) => document.querySelector('[name="v.times.' + is + '"]')),
		early = +start.value.slice(0, 2) === 0, moved = early ? end : start;
		moved.value = String(+moved.value.slice(0, 2) + (early ? 1 : -1)).padStart(2, "0") + moved.value.slice(2);
		moved.dispatchEvent(new Event("input", { bubbles: true })); })()`)
	desk.until(`/ 6\d-minute /.test(document.querySelector('[name="v.text.attendance"]').value)`)
	desk.shot("note-after")
}
