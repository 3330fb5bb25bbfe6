package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// TestAWeekThatWasCanceledStaysFreeWhenTheSeriesIsMoved: the couple said that they are away.
func TestAWeekThatWasCanceledStaysFreeWhenTheSeriesIsMoved(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-20", Repeat{Every: "week", Count: 4})
		w.must(w.st.Repeat(t.Context(), &s, noon))
		list, err := w.st.OfCouple(t.Context(), w.couple, noon, noon.AddDate(1, 0, 0))
		w.must(err)
		w.must(w.cancel(list[1], ByA, noon))
		w.must(w.in(func(ctx context.Context, tx *database.DB) error {
			_, err := w.st.MoveLaterIn(ctx, tx, list[0], slot(list[0].StartsAt.Add(-time.Hour)), "key", noon)
			return err
		}))
		if got := strings.Join(w.days(), ", "); got != "Mar 20 15:00, Apr 3 15:00, Apr 10 15:00" {
			t.Error(got)
		}
	})
}

// TestTheNextAppointmentIsFoundBehindManyThatWereCanceled.
func TestTheNextAppointmentIsFoundBehindManyThatWereCanceled(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.weekly("2031-03-20", Repeat{Every: "week", Count: 25})
		w.must(w.st.Repeat(t.Context(), &s, noon))
		list, err := w.st.OfCouple(t.Context(), w.couple, noon, noon.AddDate(1, 0, 0))
		w.must(err)
		w.must(w.in(func(ctx context.Context, tx *database.DB) error {
			_, err := w.st.CancelLaterIn(ctx, tx, list[0], ByPractice, noon)
			return err
		}))
		next := w.booked(w.couple, noon.AddDate(0, 9, 0))
		coming, err := w.st.Upcoming(t.Context(), w.couple, noon)
		w.must(err)
		if coming.Next == nil || coming.Next.ID != next.ID || coming.Canceled == nil || !coming.Canceled.Equal(list[0].StartsAt) {
			t.Errorf("got %+v", coming)
		}
		w.booked(w.couple, noon.AddDate(0, 0, 1))
		if coming, err = w.st.Upcoming(t.Context(), w.couple, noon); err != nil || coming.Canceled != nil {
			t.Errorf("one that is canceled after the next is told: %+v %v", coming.Canceled, err)
		}
	})
}

// TestNothingStaysPlannedWithACoupleThatIsClosedAtTheSameMoment: of a booking and a closing at once,
// either the booking is refused or the closing cancels it.
func TestNothingStaysPlannedWithACoupleThatIsClosedAtTheSameMoment(t *testing.T) {
	eachWorld(t, func(w *world) {
		people := accounts.NewStore(w.db, dbtest.Vault(t, w.db), accounts.NewHashing(1, 8))
		for round := range 5 {
			c := w.meet(w.dana, "Kim Somebody", "Lou Anybody")
			var group sync.WaitGroup
			group.Go(func() {
				a := Appointment{
					PracticeID: c.PracticeID, CoupleID: c.ID, CounselorID: w.dana.ID, Slot: slot(noon.AddDate(0, 0, 7)),
					FormKey: rand.Text(), Reader: c.Reader,
				}
				if err := w.st.Book(t.Context(), &a, noon); err != nil && !errors.As(err, new(fault.Fields)) {
					t.Errorf("round %d: %v", round, err)
				}
			})
			group.Go(func() {
				end := couples.Closing{
					Ending: couples.EnoughForNow, AUntil: noon.AddDate(0, 1, 0), BUntil: noon.AddDate(0, 1, 0), FormKey: rand.Text(),
				}
				if err := w.couples.Close(t.Context(), people, c, end, w.st.CancelAll(c, noon), noon); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
			group.Wait()
			if next, err := w.st.Next(t.Context(), c.PracticeID, c.ID, noon); err == nil {
				t.Fatalf("round %d: it is planned on %v", round, next.StartsAt)
			}
		}
	})
}
