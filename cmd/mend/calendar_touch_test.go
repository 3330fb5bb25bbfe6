package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// TestAnAppointmentIsMovedByTouch: a long press picks it up; a swipe scrolls, and a tap opens it.
func TestAnAppointmentIsMovedByTouch(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "calendar touch", 820, 1180)
	w.signIn(people[0])
	far := time.Now().AddDate(0, 0, 70-int(time.Now().Weekday())+2) // a Tuesday
	w.open("/couples/" + people[6].Couple + "/appointments/new")
	w.set("#date", far.Format(time.DateOnly))
	w.set("#time", "07:15")
	w.press(`main button.go`)
	w.says("Appointment booked")
	w.open("/calendar?view=week&on=" + far.Format(time.DateOnly))
	wednesday := `[data-day="` + far.AddDate(0, 0, 1).Format(time.DateOnly) + `"]`
	item := "[data-appointment]"
	w.until(`document.querySelector("[data-calendar][data-ready]")`)

	// a swipe that starts on it moves nothing
	w.finger("touchStart", item)
	w.finger("touchMove", wednesday)
	w.finger("touchEnd", "")
	time.Sleep(500 * time.Millisecond) // longer than a long press
	if w.ask(`String(location.search.includes("moved="))`) != "false" {
		t.Error("a swipe moved the appointment")
	}

	// long-press and drop it on the same day: nothing is moved or opened
	lift := func() {
		w.finger("touchStart", item)
		w.until(`document.querySelector("` + item + `").style.opacity`)
	}
	lift()
	w.finger("touchEnd", "")
	w.until(`document.querySelector("` + item + `").style.opacity === ""`)

	lift()
	w.finger("touchMove", wednesday)
	w.until(`document.querySelector('` + wednesday + `').style.outline`)
	w.finger("touchEnd", "")
	w.until(`location.search.includes("moved=") && document.readyState === "complete"`)
	w.says("Moved to Wednesday")
	w.press(`form.notice button`)
	w.says("Moved to Tuesday")

	w.until(`document.querySelector("[data-calendar][data-ready]")`)
	w.finger("touchStart", item)
	w.finger("touchEnd", "")
	w.until(`location.pathname.startsWith("/appointments/")`)
}

// finger dispatches a touch event on the center of the selected element.
func (w *window) finger(kind input.DispatchTouchEventType, selector string) {
	w.t.Helper()
	points := []*input.TouchPoint{}
	if selector != "" {
		var p input.TouchPoint
		at := w.ask(`(() => {
			const r = document.querySelector('` + selector + `').getBoundingClientRect();
			return (r.x + r.width / 2) + " " + (r.y + r.height / 2);
		})()`)
		if _, err := fmt.Sscan(at, &p.X, &p.Y); err != nil {
			w.t.Fatal(at, err)
		}
		points = append(points, &p)
	}
	if _, err := chromedp.Call(w.ctx, input.DispatchTouchEvent,
		input.DispatchTouchEventParams{Type: kind, TouchPoints: points}); err != nil {
		w.t.Fatal(kind, err)
	}
}
