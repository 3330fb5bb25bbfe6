package calendar

import (
	"context"
	"strings"
	"testing"
	"time"

	"mend/internal/database"
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
