package reminders

import (
	"fmt"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/fault"
)

// TestBothPartnersAreRemindedOnceADayBefore, and not an hour earlier.
func TestBothPartnersAreRemindedOnceADayBefore(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.plan(w.appointment()) // planned twice
		w.must(w.deliver(before(25 * time.Hour)))
		w.wantArrived("25 hours before", 0, 0)
		w.must(w.deliver(before(24 * time.Hour)))
		w.wantArrived("a day before", 1, 1)
		w.must(w.deliver(before(time.Hour)))
		w.wantArrived("an hour before", 1, 1)
		w.wantState("in the end", couples.A, Sent)
	})
}

// TestAnAppointmentWithOnePartnerRemindsThatOneAlone.
func TestAnAppointmentWithOnePartnerRemindsThatOneAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.appointment()
		a.With = couples.B
		w.plan(a)
		w.must(w.deliver(before(24 * time.Hour)))
		w.wantArrived("a day before", 0, 1)
	})
}

// TestACanceledAppointmentRemindsNobody, and neither does the time that one was moved from.
func TestACanceledAppointmentRemindsNobody(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.cancel("thursday")
		other := w.appointment()
		other.ID = "other"
		w.plan(other)
		moved := other
		moved.StartsAt = thursday.Add(24 * time.Hour)
		w.plan(moved)
		w.must(w.deliver(before(time.Minute)))
		w.wantArrived("up to Thursday", 0, 0)
		w.must(w.deliver(moved.StartsAt.Add(-23 * time.Hour)))
		w.wantArrived("on Thursday", 1, 1) // the reminder of Friday's appointment
		if got := fmt.Sprint(w.states(couples.A, OfAppointment)); got != "[dropped dropped sent]" {
			t.Error(got)
		}
	})
}

// TestATimeThatWasRemindedOfIsNotRemindedOfAgain when an appointment is moved away and back.
func TestATimeThatWasRemindedOfIsNotRemindedOfAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.must(w.deliver(before(24 * time.Hour)))
		away := w.appointment()
		away.StartsAt = thursday.Add(72 * time.Hour)
		w.plan(away)
		w.at(before(25 * time.Hour)) // as if the clock had been set back
		w.plan(w.appointment())
		w.must(w.deliver(before(time.Hour)))
		w.wantArrived("moved away and back", 1, 1)
	})
}

// TestWhatIsAgreedOnTheSameDayNeedsNoReminder.
func TestWhatIsAgreedOnTheSameDayNeedsNoReminder(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.at(before(23 * time.Hour))
		w.plan(w.appointment())
		w.must(w.deliver(before(time.Hour)))
		w.wantArrived("planned 23 hours before", 0, 0)
	})
}

// TestAPracticeChoosesHowLongBefore, within five days.
func TestAPracticeChoosesHowLongBefore(t *testing.T) {
	eachWorld(t, func(w *world) {
		for _, hours := range []int{0, -1, 121} {
			err := w.st.SaveSettings(w.Context(), w.dana.PracticeID, Settings{Hours: hours})
			if _, ok := err.(fault.Fields); !ok {
				t.Errorf("%d hours: %v", hours, err)
			}
		}
		for _, hours := range []int{1, 120, 48} {
			w.must(w.st.SaveSettings(w.Context(), w.dana.PracticeID, Settings{Hours: hours}))
		}
		if got, err := w.st.Settings(w.Context(), w.dana.PracticeID); got.Hours != 48 || err != nil {
			t.Error(got, err)
		}
		w.plan(w.appointment())
		w.must(w.deliver(before(49 * time.Hour)))
		w.wantArrived("49 hours before", 0, 0)
		w.must(w.deliver(before(48 * time.Hour)))
		w.wantArrived("48 hours before", 1, 1)
	})
}

// TestAnotherPracticeDropsNothing.
func TestAnotherPracticeDropsNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.plan(w.appointment())
		w.must(Drop(t.Context(), w.db, "elsewhere", "thursday", planned))
		w.must(w.deliver(before(24 * time.Hour)))
		w.wantArrived("a day before", 1, 1)
	})
}
