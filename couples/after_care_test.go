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
