package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// pressing is a window that counts presses.
type pressing struct {
	*window
	presses int
}

// leads counts and presses something that opens another page.
func (c *pressing) leads(selector string) {
	c.t.Helper()
	c.presses++
	c.press(selector)
}

// on counts and presses something that stays on the page.
func (c *pressing) on(selector string) {
	c.t.Helper()
	c.presses++
	c.tap(selector)
}

// TestACounselorBooksASeriesMovesOneAndSignsTheNoteOfAMissedOne plays a week in the calendar: a
// series, a move by keyboard and its undo, a late cancellation, and a no-show.
func TestACounselorBooksASeriesMovesOneAndSignsTheNoteOfAMissedOne(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "calendar", 1280, 900)
	w.signIn(people[0])
	couple := people[6].Couple
	book := func(at time.Time, repeat bool) {
		w.open("/couples/" + couple + "/appointments/new")
		w.set("#date", at.Format(time.DateOnly))
		w.set("#time", at.Format("15:04"))
		if repeat {
			w.tap(`input[name="every"][value="week"]`)
			w.tap(`input[name="ends"][value="count"]`)
			w.set("#count", "3")
		}
		w.press(`main button.go`)
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().In(zone)
	far := time.Date(now.Year(), now.Month(), now.Day(), 7, 15, 0, 0, zone).AddDate(0, 0, 70-int(now.Weekday())+2) // a Tuesday
	book(far, true)
	w.says("Appointment booked")
	w.says("7:15 AM")
	w.shot("calendar-week")
	w.prints("calendar", "7:15 AM", far.Format("January 2"))
	w.until(`document.querySelector("[data-calendar][data-ready]")`)
	w.key("m")
	w.until(`location.search.includes("view=month") && document.querySelector("[data-ready] [data-appointment]")`)
	w.key("w")
	w.until(`location.search.includes("view=week") && document.querySelector("[data-ready] [data-appointment]")`)

	// drag as the page's script handles it, and back
	wednesday := far.AddDate(0, 0, 1).Format(time.DateOnly)
	w.eval(`const item = document.querySelector("[data-appointment]"), day = document.querySelector('[data-day="` + wednesday + `"]');
		const data = new DataTransfer();
		for (const [where, type] of [[item, "dragstart"], [day, "dragover"], [day, "drop"]])
			where.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));`)
	w.until(`location.search.includes("moved=") && document.readyState === "complete"`)
	w.says("Moved to Wednesday")
	w.press(`form.notice button`)
	w.says("Moved to Tuesday")

	// a late cancellation
	soon := now.Add(2 * time.Hour)
	if soon.Day() != now.Day() {
		soon = now.Add(-time.Hour)
	}
	book(soon, false)
	if strings.Contains(w.ask(`document.querySelector("main").textContent`), "Please check these times") {
		w.tap(`input[name="anyway"]`)
		w.press(`main button.go`)
	}
	w.tap(`form[action$="/cancel"] input[value="B"]`)
	w.press(`form[action$="/cancel"] button`)
	w.says("Canceled late")

	// a no-show, from the calendar to a signed note
	book(now.AddDate(0, 0, -1), false)
	if strings.Contains(w.ask(`document.querySelector("main").textContent`), "Please check these times") {
		w.tap(`input[name="anyway"]`)
		w.press(`main button.go`)
	}
	c := &pressing{window: w}
	c.leads(`form[action$="/missed"] button`)
	w.says("Neither partner came.")
	c.leads(`form[action$="/note"] button`)
	w.until(`document.querySelector("[name=\"v.what\"]").value.includes("It did not take place.")`)
	c.on(`[data-signing]`)
	w.until(`document.querySelector("dialog.sign").open`)
	c.on(`#reviewed input`)
	w.typeIn(`#password`, people[0].Password)
	c.leads(`.sign button.go`)
	w.says("Signed and locked")
	w.shot("missed-signed")
	if c.presses > 8 {
		t.Error("from the no-show to the signed note it took " + strconv.Itoa(c.presses) + " presses")
	}
	t.Logf("from the no-show to the signed note: %d presses", c.presses)
}

// TestAWeekIsWalkedAndAnAppointmentMovedByKeysAlone opens a week and an appointment in it, and
// moves the appointment to another day and hour, all by keyboard.
func TestAWeekIsWalkedAndAnAppointmentMovedByKeysAlone(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "calendar keys", 1280, 900)
	w.signInByKeys(people[0])
	w.tabTo(`nav a[href="/calendar"]`)
	w.keys("\r")
	w.until(`document.querySelector("[data-calendar][data-ready]")`)
	week := w.ask(`document.querySelector("[data-day]").dataset.day`)
	w.key(kb.ArrowRight)
	w.until(`document.querySelector("[data-ready] [data-day]")?.dataset.day > "` + week + `"`)
	w.key(kb.ArrowLeft)
	w.until(`document.querySelector("[data-ready] [data-day]")?.dataset.day === "` + week + `"`)
	for w.ask(`String(Boolean(document.querySelector("[data-appointment] a")))`) != "true" { // none is left this week
		before := w.ask(`document.querySelector("[data-day]").dataset.day`)
		w.key(kb.ArrowRight)
		w.until(`document.querySelector("[data-ready] [data-day]")?.dataset.day > "` + before + `"`)
	}
	w.tabTo(`[data-appointment] a`)
	w.keys("\r")
	w.until(`location.pathname.startsWith("/appointments/") && document.readyState === "complete"`)
	day := time.Now().AddDate(1, 0, 0)
	for day.Weekday() != time.Monday {
		day = day.AddDate(0, 0, 1)
	}
	w.tabTo(`form[action$="/move"] [name="date"]`)
	w.keys(day.Format("01022006"))
	w.tabTo(`form[action$="/move"] [name="time"]`)
	w.keys("0930AM")
	w.tabTo(`form[action$="/move"] button`)
	w.keys("\r")
	w.until(`location.search.includes("did=") && document.readyState === "complete"`)
	w.says(day.Format("January 2"))
	w.says("9:30 AM")
	w.shot("calendar-moved-by-keys")
}
