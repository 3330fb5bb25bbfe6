package sessions

import (
	"crypto/rand"
	"testing"

	"mend/calendar"
	"mend/internal/fault"
)

// canceled cancels the appointment of s without its session.
func (w *world) canceled(s Session) calendar.Appointment {
	w.Helper()
	a, err := w.st.AppointmentOf(w.Context(), s)
	w.must(err)
	w.must(w.st.CancelAppointment(w.Context(), a, calendar.ByPractice, false, after(-100)))
	return a
}

func TestOneSessionIsPlannedForAnAppointmentThatIsStillPlanned(t *testing.T) {
	eachWorld(t, func(w *world) {
		first := w.plan()
		a, err := w.st.AppointmentOf(t.Context(), first)
		w.must(err)
		second := w.session()
		second.AppointmentID, second.FormKey = a.ID, rand.Text()
		w.want("a second session", w.st.Plan(t.Context(), &second, nil, after(-200)), fault.Locked)
		a = w.canceled(first)
		_, err = w.db.Exec(t.Context(), `UPDATE appointments SET session_id = NULL WHERE id = ?`, a.ID)
		w.must(err)
		third := w.session()
		third.AppointmentID, third.FormKey = a.ID, rand.Text()
		w.want("a canceled appointment", w.st.Plan(t.Context(), &third, nil, after(-90)), fault.Locked)
	})
}

func TestASessionWhoseAppointmentWasCanceledDoesNotBegin(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.plan()
		w.canceled(s)
		w.want("it is canceled", w.st.Start(t.Context(), w.reload(s), four), fault.Locked)
		if got := w.reload(s); got.State != Planned {
			t.Errorf("the session is %s", got.State)
		}
		if a, err := w.st.AppointmentOf(t.Context(), s); err != nil || a.State != calendar.Canceled {
			t.Errorf("the appointment is %s, %v", a.State, err)
		}
	})
}

// TestASessionThatWasHeldWithoutMendTookPlace in the calendar as well: its appointment can no longer
// be called missed, and one that was canceled was not held.
func TestASessionThatWasHeldWithoutMendTookPlace(t *testing.T) {
	eachWorld(t, func(w *world) {
		times := func(s Session) error {
			return w.st.Correct(w.Context(), s, Correction{StartedAt: four, EndedAt: after(50), Base: s.Revision}, after(60))
		}
		s := w.reload(w.plan())
		w.must(times(s))
		a, err := w.st.AppointmentOf(w.Context(), s)
		w.must(err)
		if a.State != calendar.Held {
			w.Errorf("the appointment is %s", a.State)
		}
		if err := w.st.MissAppointment(w.Context(), a, "A", after(70)); err == nil {
			w.Error("it was missed")
		}
		stand, err := w.st.Standings(w.Context(), w.couple)
		w.must(err)
		if stand[s.Step].State != Working {
			w.Errorf("its step is %q", stand[s.Step].State)
		}
		w.must(times(w.reload(s))) // corrected again

		s = w.reload(w.plan())
		a, err = w.st.AppointmentOf(w.Context(), s)
		w.must(err)
		w.must(w.st.CancelAppointment(w.Context(), a, calendar.ByPractice, false, after(-100)))
		w.want("a canceled one", times(s), fault.Locked)
	})
}
