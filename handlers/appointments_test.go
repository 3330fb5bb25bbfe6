package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// slotValues returns the form of a time in New York.
func (w *world) slotValues(at time.Time, key string) url.Values {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		w.t.Fatal(err)
	}
	local := at.In(zone)
	return url.Values{
		"date": {local.Format(time.DateOnly)}, "time": {local.Format("15:04")}, "zone": {zone.String()}, "minutes": {"50"},
		"place": {"office"}, "key": {key},
	}
}

func merged(a url.Values, b map[string]string) url.Values {
	all := url.Values{}
	for k, v := range a {
		all[k] = v
	}
	for k, v := range b {
		all.Set(k, v)
	}
	return all
}

func TestASeriesIsBookedOneIsMovedAndUndoneAndTheRestIsCanceled(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		first := time.Date(2031, 4, 3, 20, 0, 0, 0, time.UTC) // a Thursday, 4 p.m.
		page := "/couples/" + things["couple"] + "/appointments/new"
		weekly := merged(w.slotValues(first, "series"), map[string]string{"every": "week", "ends": "count", "count": "4"})
		dana.get(page).want(t, 200, "Book appointment")
		dana.post(page, merged(weekly, map[string]string{"count": "10000"})).want(t, 422, "from 2 to 104", "10000")
		dana.post(page, merged(weekly, map[string]string{"zone": "Mars/Olympus"})).want(t, 422, "Choose a time zone")
		to := dana.post(page, weekly).want(t, 303).location()
		if again := dana.post(page, weekly).want(t, 303).location(); again != to {
			t.Errorf("a second press leads to %s", again)
		}
		dana.post(page, merged(weekly, map[string]string{"key": "another"})).want(t, 409, "the couple has another appointment")
		month := dana.get(to+"&view=month").want(t, 200, "Appointment booked")
		if n := strings.Count(month.body, "4:00 PM"); n != 4 {
			t.Errorf("April has %d of them", n)
		}
		id := w.one(`SELECT id FROM appointments WHERE starts_at = ?`, first.AddDate(0, 0, 7))
		moved := dana.post("/appointments/"+id+"/day", url.Values{
			"day": {"2031-04-11"}, "base": {"1"}, "key": {"drag"},
		}).want(t, 303).location()
		undo := dana.get(moved).want(t, 200, "Moved to Friday, April 11", "Undo the move")
		next := undo.find(t, `/appointments/([A-Z2-7]+)/day`)
		dana.post("/appointments/"+next+"/day", url.Values{
			"day": {"2031-04-10"}, "base": {"1"}, "key": {"undo"},
		}).want(t, 303)
		dana.get("/calendar?on=2031-04-10&view=day").want(t, 200, "4:00 PM", "Eastern Time")
		back := w.one(`SELECT id FROM appointments WHERE starts_at = ? AND state = 'planned'`, first.AddDate(0, 0, 7))
		dana.get("/appointments/"+id).want(t, 303)
		dana.post("/appointments/"+back+"/cancel", url.Values{
			"who": {"A"}, "scope": {"later"}, "base": {"1"},
		}).want(t, 303)
		if n := w.one(`SELECT COUNT(*) FROM appointments a JOIN appointment_series s ON s.id = a.series_id
			WHERE s.form_key LIKE 'series~%' AND a.state = 'planned'`); n != "1" {
			t.Errorf("%s are left, want the first", n)
		}
	})
}

func TestADoubleBookingIsShownAndMayBeOverridden(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, drew := w.things(), w.as(w.drew)
		other := w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Robin Ashgrove"))
		at := time.Date(2031, 4, 3, 20, 0, 0, 0, time.UTC)
		drew.post("/front-desk/couples/"+things["couple"]+"/appointments/new", w.slotValues(at, "one")).want(t, 303)
		second := w.slotValues(at.Add(30*time.Minute), "two")
		second.Set("place_detail", "the small room")
		page := "/front-desk/couples/" + other + "/appointments/new"
		drew.post(page, second).want(t, 409, "the counselor has another appointment", "the small room").never(t, "Kit", "Noor")
		drew.post(page, merged(second, map[string]string{"anyway": "yes"})).want(t, 303)
		drew.post(page, merged(second, map[string]string{"anyway": "yes"})).want(t, 303) // a second press
		if n := w.one(`SELECT COUNT(*) FROM appointments WHERE form_key LIKE 'two~%'`); n != "1" {
			t.Errorf("%s appointments", n)
		}
	})
}

func TestACanceledAppointmentLeavesTodayAndBothPhonesAndItsPlanIsOffered(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		couple := things["couple"]
		w.cancelAll(t, couple)
		at := w.now.Add(2 * time.Hour)
		dana.post("/couples/"+couple+"/appointments/new", merged(w.slotValues(at, "c1"), map[string]string{"anyway": "yes"})).
			want(t, 303)
		first := w.one(`SELECT id FROM appointments WHERE form_key LIKE 'c1~%'`)
		plan := merged(w.slotValues(at, "plan"), map[string]string{
			"appointment": first, "step": "acknowledge", "plan": "Begin with the letter.",
		})
		delete(plan, "zone")
		dana.post("/couples/"+couple+"/sessions/new", plan).want(t, 303)
		kit, noor := w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		for _, b := range []*browser{kit, noor} {
			b.get("/my").want(t, 200, "Details and changes").never(t, "will not take place")
		}
		session := w.one(`SELECT session_id FROM appointments WHERE id = ?`, first)
		dana.get("/").want(t, 200, "/sessions/"+session)
		dana.post("/appointments/"+first+"/cancel", url.Values{"who": {"B"}, "base": {"1"}}).want(t, 303)
		dana.get("/").want(t, 200).never(t, "/sessions/"+session, "/appointments/"+first)
		dana.get("/couples/"+couple).want(t, 200).never(t, "/sessions/"+session)
		dana.get("/appointments/"+first).want(t, 200, "Canceled late", "Noor canceled.")
		pages := map[string]bool{}
		for _, b := range []*browser{kit, noor} {
			page := b.get("/my").want(t, 200, "this session will not take place").body
			pages[regexp.MustCompile(`(?s)Next session.*?</section>`).FindString(page)] = true
			b.get("/my/appointment").want(t, 200).never(t, "canceled", "Canceled")
		}
		if len(pages) != 1 {
			t.Errorf("the partners read %d different things", len(pages))
		}
		dana.get("/sessions/"+session).want(t, 200, "did not take place").never(t, "Start the session")
		dana.post("/sessions/"+session+"/start", nil).want(t, 423)
		dana.post("/couples/"+couple+"/appointments/new",
			merged(w.slotValues(at.AddDate(0, 0, 7), "c2"), map[string]string{"anyway": "yes"})).want(t, 303)
		second := w.one(`SELECT id FROM appointments WHERE form_key LIKE 'c2~%'`)
		dana.get("/appointments/"+second).want(t, 200, "Use that plan here")
		dana.post("/appointments/"+second+"/reuse", nil).want(t, 303)
		dana.get("/sessions/"+session).want(t, 200, "Begin with the letter.", "Start the session")
		dana.post("/sessions/"+session+"/start", nil).want(t, 303)
	})
}

// cancelAll cancels all planned appointments of a couple on behalf of the practice.
func (w *world) cancelAll(t *testing.T, couple string) {
	t.Helper()
	if _, err := w.db.Exec(t.Context(), `UPDATE appointments SET state = 'moved' WHERE couple_id = ? AND state = 'planned'`,
		couple); err != nil {
		t.Fatal(err)
	}
}

func TestAPartnersWishToCancelReachesStaffAlone(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		kit, noor := w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		before := noor.get("/my/appointment").want(t, 200).body
		next := kit.get("/my/appointment").want(t, 200, "Ask to cancel").find(t, `name="appointment" value="([^"]+)"`)
		dana.get("/").want(t, 200).never(t, "asked to cancel")
		kit.post("/my/appointment/cancel", url.Values{"appointment": {next}}).want(t, 303)
		kit.get("/my/appointment").want(t, 200, "You asked to cancel").never(t, "Ask to cancel</button>")
		if after := noor.get("/my/appointment").want(t, 200).body; after != before {
			t.Error("the other partner's page changed")
		}
		dana.get("/").want(t, 200, "asked to cancel")
		dana.get("/appointments/"+next).want(t, 200, "Kit asked to cancel")
		w.as(w.ellis).get("/").want(t, 200).never(t, "asked to cancel")
		revision := w.one(`SELECT revision FROM appointments WHERE id = ?`, next)
		dana.post("/appointments/"+next+"/cancel", url.Values{"who": {"A"}, "base": {revision}}).want(t, 303)
		dana.get("/").want(t, 200).never(t, "asked to cancel")
		_ = things
	})
}

func TestAFeedIsReadWithItsAddressAloneAndAnswersWhatIsKnownBriefly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.things()
		dana, nobody := w.as(w.dana), w.browser()
		page := dana.post("/settings/calendar-feed", url.Values{"title": {"initials"}}).want(t, 200, "not shown again")
		path := "/calendar-feed/" + page.find(t, `/calendar-feed/([A-Z2-7]+)`)
		dana.get("/settings/calendar-feed").want(t, 200).never(t, path)
		feed := nobody.get(path).want(t, 200, "BEGIN:VCALENDAR", "SUMMARY:K+N")
		feed.never(t, "Kit", "Noor", "Larkspur", "Room ")
		tag := feed.header.Get("ETag")
		if again := nobody.send("GET", path, nil, "If-None-Match", tag); again.status != 304 || again.body != "" {
			t.Errorf("the same again: %d, %q", again.status, again.body)
		}
		status := 0
		for range 40 {
			status = nobody.get(path).status
		}
		if status == 200 {
			t.Error("a program that asks all the time is answered each time")
		}
		w.now = w.now.Add(2 * time.Minute)
		dana.post("/settings/calendar-feed", url.Values{"title": {"none"}}).want(t, 200)
		nobody.get(path).want(t, 404)
	})
}

func TestAPartnerGetsAFileOfTheNextSessionWithATitleOfTheirOwn(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.things()
		kit := w.as(w.partner(1, "A"))
		next := kit.get("/my/appointment").find(t, `name="appointment" value="([^"]+)"`)
		file := kit.post("/my/appointment.ics", url.Values{"appointment": {next}, "title": {"Dentist"}}).want(t, 200,
			"SUMMARY:Dentist")
		file.never(t, "Kit", "Noor", "Okafor", "counsel", "Riverbend")
	})
}

func TestAMissedAppointmentIsANoteInOnePressThatSaysNotWho(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		missed := "/appointments/" + things["tomiss"]
		dana.post(missed+"/note", nil).want(t, 423)
		dana.post(missed+"/missed", url.Values{"who": {"B"}, "base": {"1"}}).want(t, 303)
		dana.get(missed).want(t, 200, "Noor did not come.", "Draft a note")
		note := dana.post(missed+"/note", nil).want(t, 303).location()
		if again := dana.post(missed+"/note", nil).want(t, 303).location(); again != note {
			t.Errorf("a second press drafts another note: %s, %s", note, again)
		}
		dana.get(note).want(t, 200, "was missed. It did not take place.", "The next appointment is on").
			never(t, "Noor did not come")
		dana.get("/couples/"+things["couple"]+"/record").want(t, 200, "Missed appointment")
	})
}

func TestTheFrontDeskMovesAnAppointmentThatASessionIsPlannedFor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana, drew := w.things(), w.as(w.dana), w.as(w.drew)
		w.cancelAll(t, things["couple"])
		at := time.Date(2031, 4, 3, 20, 0, 0, 0, time.UTC)
		plan := merged(w.slotValues(at, "plan"), map[string]string{
			"step": "acknowledge", "plan": "Begin with the letter.", "place_detail": "Room 1",
		})
		delete(plan, "zone")
		session := dana.post("/couples/"+things["couple"]+"/sessions/new", plan).want(t, 303).location()
		session = strings.TrimSuffix(session, "?did=planned")
		appointment := "/front-desk/appointments/" + w.one(`SELECT id FROM appointments WHERE session_id = ?`,
			strings.TrimPrefix(session, "/sessions/"))
		moved := merged(w.slotValues(at.AddDate(0, 0, 1), "moved"), map[string]string{"place_detail": "Room 2", "base": "1"})
		drew.post(appointment+"/move", moved).want(t, 303)
		drew.post(appointment+"/move", moved).want(t, 303) // a second press
		dana.get(session+"/plan").want(t, 200, "2031-04-04", "Room 2", "Begin with the letter.").never(t, "Room 1")
		dana.post(session+"/start", nil).want(t, 303)
		found, err := w.site.Sessions.Find(t.Context(), w.one(`SELECT practice_id FROM couples WHERE id = ?`, things["couple"]),
			w.one(`SELECT counselor_id FROM couples WHERE id = ?`, things["couple"]), strings.TrimPrefix(session, "/sessions/"))
		if err != nil || found.PlaceDetail != "Room 2" {
			t.Errorf("the note would say %q, %v", found.PlaceDetail, err)
		}
	})
}

func TestAPlanForAnAppointmentThatIsTakenKeepsWhatWasTyped(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		plan := func(key, words string) answer {
			form := merged(w.slotValues(w.now.Add(3*24*time.Hour), key), map[string]string{
				"appointment": things["appointment"], "step": "acknowledge", "plan": words,
			})
			delete(form, "zone")
			return dana.post("/couples/"+things["couple"]+"/sessions/new", form)
		}
		plan("one", "From the first window.").want(t, 303)
		plan("two", "From the second window.").want(t, 409, "already planned for it", "From the second window.")
	})
}

func TestEndingCounselingCancelsWhatIsPlanned(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		dana.get("/appointments/"+things["appointment"]).want(t, 200, "Cancel appointment")
		dana.post("/couples/"+things["couple"]+"/close", url.Values{
			"ending": {"enough-for-now"}, "a_until": {"2031-03-20"}, "b_until": {"2031-03-20"}, "key": {"k"},
		}).want(t, 303)
		dana.get("/appointments/"+things["appointment"]).want(t, 200, "Canceled").never(t, "Cancel appointment")
		if n := w.one(`SELECT COUNT(*) FROM appointments WHERE couple_id = ? AND state = 'planned' AND starts_at > ?`,
			things["couple"], w.now); n != "0" {
			t.Errorf("%s are still planned", n)
		}
	})
}

func TestAnAppointmentToWhichOnePartnerCameIsRecordedAsThat(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things, dana := w.things(), w.as(w.dana)
		for appointment, came := range map[string]struct {
			planned           bool
			side, says, alone string
		}{
			"tomiss":     {false, "A", "Noor was absent.", "minute with Kit"},
			"desktomiss": {true, "B", "Kit was absent.", "minute with Noor"},
		} {
			path := "/appointments/" + things[appointment]
			alone := url.Values{"present": {came.side}, "key": {"alone"}}
			dana.get(path).want(t, 200, "Open the session with Kit alone", "Open the session with Noor alone")
			dana.post(path+"/session", url.Values{"present": {"C"}}).want(t, 400)
			if came.planned {
				dana.post(path+"/session", nil).want(t, 303)
			}
			session := dana.post(path+"/session", alone).want(t, 303).location()
			if again := dana.post(path+"/session", alone).want(t, 303).location(); again != session {
				t.Errorf("a second press opens %s, not %s", again, session)
			}
			dana.post(session+"/start", nil).want(t, 303)
			dana.get(session+"/run").want(t, 200, `data-alone-with="`+came.side+`">`)
			w.now = w.now.Add(time.Minute)
			dana.post(session+"/end", nil).want(t, 303)
			dana.get(session+"/note").want(t, 200, came.says, came.alone)
			dana.get(path).want(t, 200, "Held").never(t, "did not come", "Neither partner came")
		}
	})
}
