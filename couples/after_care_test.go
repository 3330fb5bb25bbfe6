package couples_test

import (
	"context"
	"errors"
	"testing"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
)

// ended closes the work and returns the couple as read by partner A.
func (w *closable) ended() couples.Couple {
	w.Helper()
	err := w.close(ends("k"))
	var mine couples.Couple
	if err == nil {
		mine, _, err = w.st.FindForPartner(w.Context(), w.couple.PracticeID, w.couple.Partners[0].ID)
	}
	if err != nil {
		w.Fatal(err)
	}
	return mine
}

// TestNobodyAnswersOrReadsAfterCareForSomebodyElse: neither the counselor for a partner, nor one
// partner for the other, who does not even learn whether there was an answer.
func TestNobodyAnswersOrReadsAfterCareForSomebodyElse(t *testing.T) {
	eachClosable(t, func(w *closable) {
		mine := w.ended()
		asks := func(context.Context, *database.DB, couples.Closing, bool) error { return nil }
		a, b := w.couple.Partner(couples.A), w.couple.Partner(couples.B)
		for who, c := range map[string]couples.Couple{"the counselor": w.couple, "the other": mine} {
			err := w.st.AnswerAfterCare(w.Context(), w.people, c, b, true, asks, at)
			if !errors.Is(err, fault.NotFound) {
				w.Errorf("%s answers: %v", who, err)
			}
		}
		if err := w.st.AnswerAfterCare(w.Context(), w.people, mine, a, true, asks, at); err != nil {
			w.Fatal(err)
		}
		if _, _, err := w.st.AfterCare(w.Context(), mine, b); !errors.Is(err, fault.NotFound) {
			w.Errorf("one partner reads the other's: %v", err)
		}
		for side, want := range map[couples.Side]bool{couples.A: true, couples.B: false} {
			_, answer, err := w.st.AfterCare(w.Context(), w.couple, w.couple.Partner(side))
			if err != nil || answer.Wanted != want || (answer.AnsweredAt != nil) != want {
				w.Errorf("the counselor reads of %s %+v, %v", side, answer, err)
			}
		}
	})
}

// TestAYesIsStoredWithTheWorksheetsOrNotAtAll.
func TestAYesIsStoredWithTheWorksheetsOrNotAtAll(t *testing.T) {
	eachClosable(t, func(w *closable) {
		mine, a := w.ended(), w.couple.Partner(couples.A)
		gone := errors.New("the disk is full")
		err := w.st.AnswerAfterCare(w.Context(), w.people, mine, a, true,
			func(context.Context, *database.DB, couples.Closing, bool) error { return gone }, at)
		if !errors.Is(err, gone) {
			w.Error(err)
		}
		if _, answer, err := w.st.AfterCare(w.Context(), mine, a); err != nil || answer.AnsweredAt != nil {
			w.Errorf("half of it is there: %+v, %v", answer, err)
		}
	})
}

// TestAfterCareIsOfferedAfterAGoodEndingAlone, while the couple is closed.
func TestAfterCareIsOfferedAfterAGoodEndingAlone(t *testing.T) {
	offered := map[couples.Ending]bool{
		couples.GoalsReached: true, couples.EnoughForNow: true, couples.Separating: false,
		couples.OnePartnerLeft: false, couples.LostContact: false,
	}
	for ending, want := range offered {
		if got := (couples.Closing{Ending: ending}).HasAfterCare(); got != want {
			t.Errorf("%s: %v", ending, got)
		}
		if (couples.Closing{Ending: ending, ReopenedAt: &at}).HasAfterCare() {
			t.Errorf("%s, reopened: it is offered", ending)
		}
	}
	eachClosable(t, func(w *closable) {
		end := ends("k")
		end.Ending = couples.OnePartnerLeft
		if err := w.close(end); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.st.AfterCare(t.Context(), w.couple, w.couple.Partner(couples.A)); !errors.Is(err, fault.NotFound) {
			t.Error("after somebody left:", err)
		}
	})
}

// TestAfterCareLastsAMonthLongerThanItsLastPulse, or as long as the portal would anyway.
func TestAfterCareLastsAMonthLongerThanItsLastPulse(t *testing.T) {
	last := couples.AfterCareMonths[len(couples.AfterCareMonths)-1]
	end := couples.Closing{ClosedAt: at, AUntil: at.AddDate(0, 1, 0), BUntil: at.AddDate(5, 0, 0)}
	if got, want := end.CareUntil(couples.A), at.AddDate(0, last+1, 0); !got.Equal(want) {
		t.Errorf("a portal that ends early: %v, want %v", got, want)
	}
	if got := end.CareUntil(couples.B); !got.Equal(end.BUntil) {
		t.Errorf("a portal that ends late: %v, want %v", got, end.BUntil)
	}
}
