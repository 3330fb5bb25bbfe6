package calendar

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"mend/internal/fault"
)

func TestAFeedIsOpenedByItsNewestAddressAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		renew := func(title Title) (string, error) {
			return w.st.RenewFeed(t.Context(), w.practice.ID, w.dana.ID, title, noon)
		}
		_, err := renew("names")
		w.wantFault("names in a feed", err, "title")
		first, err := renew(TitleNumber)
		w.must(err)
		second, err := renew(TitleNone)
		w.must(err)
		_, err = w.st.FindFeed(t.Context(), first)
		w.want("the former address", err, fault.NotFound)
		f, err := w.st.FindFeed(t.Context(), second)
		if err != nil || f.CounselorID != w.dana.ID || f.Title != TitleNone {
			t.Error(f, err)
		}
		w.must(w.st.EndFeed(t.Context(), w.practice.ID, w.dana.ID))
		_, err = w.st.FindFeed(t.Context(), second)
		w.want("ended", err, fault.NotFound)
	})
}

func TestAFeedOfSomebodyWhoLeftIsClosed(t *testing.T) {
	eachWorld(t, func(w *world) {
		secret, err := w.st.RenewFeed(t.Context(), w.practice.ID, w.ellis.ID, TitleNone, noon)
		w.must(err)
		_, err = w.db.Exec(t.Context(), `UPDATE counselors SET disabled_at = ? WHERE id = ?`, noon, w.ellis.ID)
		w.must(err)
		_, err = w.st.FindFeed(t.Context(), secret)
		w.want("disabled", err, fault.NotFound)
	})
}

func TestAFeedNamesNobodyAndTellsWhatWasMovedAndCanceled(t *testing.T) {
	eachWorld(t, func(w *world) {
		a, off := w.booked(w.couple, noon.AddDate(0, 0, 7)), w.booked(w.other, noon.AddDate(0, 0, 8))
		read := func(title Title) (string, map[string]*ics.VEvent) {
			text, err := w.st.Write(t.Context(), Feed{w.dana.ID, w.practice.ID, title, noon}, noon)
			w.must(err)
			cal, err := ics.ParseCalendar(strings.NewReader(text))
			w.must(err)
			events := map[string]*ics.VEvent{}
			for _, e := range cal.Events() {
				events[e.Id()] = e
			}
			return text, events
		}
		before, events := read(TitleInitials)
		event := events[a.UID+"@appointments.invalid"]
		if got := event.GetProperty(ics.ComponentPropertySummary).Value; got != "R+J" || len(events) != 2 {
			t.Error(got, len(events))
		}
		if again, _ := read(TitleInitials); again != before {
			t.Error("the same feed is written in two ways")
		}
		for _, word := range []string{"Rowan", "Jules", "Mossfield", "small room", "Riverbend", "lying"} {
			if strings.Contains(before, word) {
				t.Errorf("the feed says %s", word)
			}
		}
		_, err := w.move(a, slot(noon.AddDate(0, 0, 9)))
		w.must(err)
		w.must(w.cancel(off, ByA, noon))
		_, events = read(TitleNumber)
		moved, canceled := events[a.UID+"@appointments.invalid"], events[off.UID+"@appointments.invalid"]
		at, err := moved.GetStartAt()
		w.must(err)
		if len(events) != 2 || !at.Equal(noon.AddDate(0, 0, 9)) ||
			moved.GetProperty(ics.ComponentPropertySequence).Value == "0" {
			t.Error("moved:", at, len(events))
		}
		if got := canceled.GetProperty(ics.ComponentPropertyStatus).Value; got != "CANCELLED" {
			t.Error("canceled:", got)
		}
		if got := moved.GetProperty(ics.ComponentPropertySummary).Value; got != w.couple.RecordNo {
			t.Error(got)
		}
	})
}

func TestAPartnersFileHasTheTitleThatWasChosenOnOneLine(t *testing.T) {
	a := Appointment{UID: "x", Slot: slot(noon), ChangedAt: noon.Add(-time.Hour)}
	for typed, want := range map[string]string{
		"Dentist": "Dentist", "": "Appointment", " \n": "Appointment",
		"Dentist\r\nATTENDEE:mailto:somebody@example.invalid": "Dentist ATTENDEE:mailto:somebody@example.invalid",
		strings.Repeat("x", 100):                              strings.Repeat("x", 60),
	} {
		cal, err := ics.ParseCalendar(strings.NewReader(WriteOne(a, typed)))
		if err != nil {
			t.Fatal(err)
		}
		e := cal.Events()[0]
		if got := e.GetProperty(ics.ComponentPropertySummary).Value; got != want ||
			e.GetProperty(ics.ComponentPropertyAttendee) != nil {
			t.Errorf("%q: %q", typed, got)
		}
	}
}
