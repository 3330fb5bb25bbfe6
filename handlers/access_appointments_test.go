package handlers

import (
	"net/url"
	"time"

	"mend/calendar"
)

// visitsOfAppointments holds the visits of the calendar's routes, for the counselor and the front
// desk.
var visitsOfAppointments = map[string]visit{
	"GET /calendar":               {"/calendar", nil, 200},
	"GET /calendar-feed/:secret":  {"/calendar-feed/nothing", nil, 404},
	"GET /settings/calendar":      {"/settings/calendar", nil, 200},
	"POST /settings/calendar":     {"/settings/calendar", url.Values{"late_hours": {"many"}}, 422},
	"GET /settings/calendar-feed": {"/settings/calendar-feed", nil, 200},
	"POST /settings/calendar-feed": {
		"/settings/calendar-feed", url.Values{"title": {"number"}}, 200,
	},
	"POST /settings/calendar-feed/end": {"/settings/calendar-feed/end", url.Values{}, 303},
	"POST /settings/video":             {"/settings/video", url.Values{"link": {"http://plain.example"}}, 422},
	"POST /settings/days-off":          {"/settings/days-off", url.Values{"first_day": {"soon"}}, 422},
	"POST /settings/days-off/remove":   {"/settings/days-off/remove", url.Values{"id": {"nothing"}}, 404},

	"GET /couples/:couple/appointments/new": {"/couples/{couple}/appointments/new", nil, 200},
	"POST /couples/:couple/appointments/new": {
		"/couples/{couple}/appointments/new", url.Values{"minutes": {"fifty"}}, 422,
	},
	"GET /appointments/:appointment":       {"/appointments/{appointment}", nil, 200},
	"POST /appointments/:appointment/move": {"/appointments/{appointment}/move", url.Values{"date": {"x"}}, 422},
	"POST /appointments/:appointment/day":  {"/appointments/{appointment}/day", url.Values{"day": {"x"}}, 422},
	"POST /appointments/:appointment/cancel": {
		"/appointments/{tocancel}/cancel", url.Values{"who": {"A"}, "base": {"1"}}, 303,
	},
	"POST /appointments/:appointment/missed": {
		"/appointments/{tomiss}/missed", url.Values{"who": {"both"}, "base": {"1"}}, 303,
	},
	"POST /appointments/:appointment/session": {"/appointments/{appointment}/session", url.Values{}, 303},
	"POST /appointments/:appointment/note":    {"/appointments/{appointment}/note", url.Values{}, 423},
	"POST /appointments/:appointment/reuse":   {"/appointments/{appointment}/reuse", url.Values{}, 404},

	"GET /front-desk/couples/:couple/appointments/new": {"/front-desk/couples/{couple}/appointments/new", nil, 200},
	"POST /front-desk/couples/:couple/appointments/new": {
		"/front-desk/couples/{couple}/appointments/new", url.Values{"minutes": {"fifty"}}, 422,
	},
	"GET /front-desk/appointments/:appointment": {"/front-desk/appointments/{deskappointment}", nil, 200},
	"POST /front-desk/appointments/:appointment/move": {
		"/front-desk/appointments/{deskappointment}/move", url.Values{"date": {"x"}}, 422,
	},
	"POST /front-desk/appointments/:appointment/day": {
		"/front-desk/appointments/{deskappointment}/day", url.Values{"day": {"x"}}, 422,
	},
	"POST /front-desk/appointments/:appointment/cancel": {
		"/front-desk/appointments/{desktocancel}/cancel", url.Values{"who": {"both"}, "base": {"1"}}, 303,
	},
	"POST /front-desk/appointments/:appointment/missed": {
		"/front-desk/appointments/{desktomiss}/missed", url.Values{"who": {"B"}, "base": {"1"}}, 303,
	},

	"GET /my/appointment":              {"/my/appointment", nil, 200},
	"POST /my/appointment/cancel":      {"/my/appointment/cancel", url.Values{"appointment": {"nothing"}}, 404},
	"POST /my/appointment/location":    {"/my/appointment/location", url.Values{"state": {"nowhere"}}, 422},
	"GET /sessions/:session/locations": {"/sessions/{planned}/locations", nil, 200},
	"POST /my/appointment.ics":         {"/my/appointment.ics", url.Values{"appointment": {"nothing"}}, 404},
}

// addAppointments books appointments of Kit and Noor: a future one for each action, and some that
// have begun.
func (w *world) addAppointments(things map[string]string) {
	w.t.Helper()
	dana := w.one(`SELECT counselor_id FROM couples WHERE id = ?`, things["couple"])
	practice := w.one(`SELECT practice_id FROM couples WHERE id = ?`, things["couple"])
	couple, err := w.site.Couples.Find(w.t.Context(), practice, dana, things["couple"])
	if err != nil {
		w.t.Fatal(err)
	}
	for i, name := range []string{"appointment", "tocancel", "deskappointment", "desktocancel", "tomiss", "desktomiss"} {
		at := w.now.Add(time.Duration(i+3) * 24 * time.Hour)
		if i > 3 {
			at = w.now.Add(-time.Duration(i) * time.Hour)
		}
		a := calendar.Appointment{
			PracticeID: practice, CoupleID: couple.ID, CounselorID: dana, FormKey: "things-" + name, Reader: couple.Reader,
			Slot: calendar.Slot{StartsAt: at, Zone: "America/New_York", Minutes: 50, Place: "office"},
		}
		if err := w.site.Calendar.Book(w.t.Context(), &a, w.now); err != nil {
			w.t.Fatal(err)
		}
		things[name] = a.ID
	}
}

// basedContact returns a safe contact of Kit, based on the stored version.
func basedContact() url.Values {
	form := safeContact("kit@private.example")
	form.Set("base", "{contactbase}")
	return form
}
