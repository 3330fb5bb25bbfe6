package calendar

import (
	"testing"
	"time"

	"mend/couples"
	"mend/internal/fault"
)

// TestOfAnErasedCoupleNobodyFindsAnAppointment: its appointments are neither listed nor a conflict for
// another couple, and its series does not continue.
func TestOfAnErasedCoupleNobodyFindsAnAppointment(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.booked(w.couple, noon.AddDate(0, 0, 7))
		c, p := w.partner(couples.A)
		w.must(w.st.AskToCancel(t.Context(), c, p, a.ID, noon))
		series := w.weekly("2031-03-25", Repeat{Every: "week"})
		w.must(w.st.Repeat(t.Context(), &series, noon))
		other := Appointment{
			PracticeID: w.practice.ID, CoupleID: w.other.ID, CounselorID: w.dana.ID, Slot: a.Slot, FormKey: "other",
			Reader: w.other.Reader,
		}
		if found, err := w.st.Conflicts(t.Context(), other, []time.Time{a.StartsAt}, noon); err != nil || len(found) == 0 {
			t.Fatal("before it was erased:", found, err)
		}
		_, err := w.db.Exec(t.Context(), `UPDATE couples SET erased_at = ? WHERE id = ?`, noon, w.couple.ID)
		w.must(err)

		_, err = w.st.Find(t.Context(), w.practice.ID, w.dana.ID, a.ID)
		w.want("its counselor", err, fault.NotFound)
		_, err = w.st.FindForDesk(t.Context(), w.practice.ID, w.drew.ID, a.ID)
		w.want("the front desk", err, fault.NotFound)
		from, until := noon, noon.AddDate(0, 1, 0)
		list, err := w.st.Between(t.Context(), w.practice.ID, w.dana.ID, from, until)
		desk, problem := w.st.ForDesk(t.Context(), w.practice.ID, w.drew.ID, from, until)
		wishes, wrong := w.st.Requests(t.Context(), w.practice.ID, w.dana.ID)
		if err != nil || problem != nil || wrong != nil || len(list)+len(desk)+len(wishes) > 0 {
			t.Error(list, desk, wishes, err, problem, wrong)
		}
		if found, err := w.st.Conflicts(t.Context(), other, []time.Time{a.StartsAt}, noon); err != nil || len(found) > 0 {
			t.Error("it conflicts with another couple’s:", found, err)
		}
		booked := w.appointments()
		w.must(w.st.Extend(t.Context(), noon.AddDate(0, 6, 0)))
		if n := w.appointments(); n != booked {
			t.Errorf("%d appointments became %d", booked, n)
		}
	})
}

// appointments returns the number of stored appointments.
func (w *world) appointments() (n int) {
	w.Helper()
	w.must(w.db.Get(w.Context(), &n, `SELECT COUNT(*) FROM appointments`))
	return n
}
