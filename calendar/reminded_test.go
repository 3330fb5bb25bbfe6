package calendar

import (
	"fmt"
	"testing"
	"time"
)

// reminded returns the states of the couple's appointment reminders, ordered by time.
func (w *world) reminded() (list []string) {
	w.Helper()
	w.must(w.db.Select(w.Context(), &list, `
		SELECT state FROM reminders WHERE couple_id = ? AND topic = 'appointment' ORDER BY starts_at, state, partner_id`,
		w.couple.ID))
	return list
}

func (w *world) wantReminded(when string, want ...string) {
	w.Helper()
	if got := fmt.Sprint(w.reminded()); got != fmt.Sprint(want) {
		w.Errorf("%s: %s, want %s", when, got, want)
	}
}

// TestRemindersFollowTheirAppointment: they are planned, moved and dropped in the same transaction
// as their appointment.
func TestRemindersFollowTheirAppointment(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.Add(7*24*time.Hour))
		w.wantReminded("planned", "waiting", "waiting")
		to := a.Slot
		to.StartsAt = a.StartsAt.Add(time.Hour)
		moved, err := w.move(a, to)
		w.must(err)
		w.wantReminded("moved", "dropped", "dropped", "waiting", "waiting")
		to = moved.Slot
		to.Place = "phone"
		moved, err = w.move(moved, to)
		w.must(err)
		w.wantReminded("moved to the telephone", "dropped", "dropped", "waiting", "waiting")
		w.must(w.cancel(moved, ByA, noon))
		w.wantReminded("canceled", "dropped", "dropped", "dropped", "dropped")
	})
}

// TestATimeThatWasRemindedOfIsNotRemindedOfAgain when only the place changes.
func TestATimeThatWasRemindedOfIsNotRemindedOfAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.Add(7*24*time.Hour))
		_, err := w.db.Exec(t.Context(), `UPDATE reminders SET state = 'sent'`)
		w.must(err)
		to := a.Slot
		to.Place = "phone"
		_, err = w.move(a, to)
		w.must(err)
		w.wantReminded("moved to the telephone", "sent", "sent")
	})
}
