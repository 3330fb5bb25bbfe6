package worksheets

import (
	"context"
	"crypto/rand"
	"testing"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// pauses pauses sharing between the partners.
func (w *world) pauses(at int) {
	w.Helper()
	_, err := w.db.Exec(w.Context(), `
		INSERT INTO events (id, practice_id, couple_id, day, words, form_key) VALUES (?, ?, ?, '2031-03-12', ?, ?)`,
		rand.Text(), w.couple.PracticeID, w.couple.ID, []byte("sealed"), rand.Text())
	w.must(err)
	var event string
	w.must(w.db.Get(w.Context(), &event, `SELECT id FROM events WHERE couple_id = ? LIMIT 1`, w.couple.ID))
	w.must(w.db.InTx(w.Context(), func(ctx context.Context, tx *database.DB) error {
		return couples.PauseSharing(ctx, tx, dbtest.Vault(w.T, w.db), w.couple,
			couples.Setback{ID: rand.Text(), EventID: event, MarkedAt: after(at), FormKey: rand.Text()})
	}))
}

// TestWhatWasNotOpenedWaitsWhileSharingIsPaused: the page is neither in the other partner's list
// nor on a shared screen, and is not shown as released. What was opened before remains readable.
func TestWhatWasNotOpenedWaitsWhileSharingIsPaused(t *testing.T) {
	eachWorld(t, func(w *world) {
		page := w.sentPage()
		w.must(w.consent(page, Yes, 3))
		w.must(w.decide(page, Release, 4))
		looks := func(when string, want bool) {
			t.Helper()
			list, err := w.st.SharedWith(t.Context(), w.asPartner(couples.B), w.couple.Partner(couples.B))
			w.must(err)
			still, err := w.st.StillReleased(t.Context(), w.couple.PracticeID, []string{page.Answer.ID})
			w.must(err)
			read, err := w.st.Read(t.Context(), w.couple, page.Assignment.ID)
			w.must(err)
			if (len(list) == 1) != want || still != want || read[0].Released() != want {
				t.Errorf("%s: listed %d, for a screen %v, said to be readable %v", when, len(list), still, read[0].Released())
			}
		}
		both := map[couples.Side]bool{couples.A: true, couples.B: true}
		looks("before", true)
		w.pauses(5)
		looks("paused before it was opened", false)
		w.must(w.couples.ResumeSharing(t.Context(), w.couple, both, "", after(6)))
		looks("resumed", true)
		_, err := w.shared(page, 7)
		w.must(err)
		w.pauses(8)
		looks("paused after it was opened", true)
		w.must(w.consent(page, TakeBack, 9))
		looks("taken back while it is paused", false)
		w.must(w.couples.ResumeSharing(t.Context(), w.couple, both, "", after(10)))
		looks("taken back, and resumed", false)
	})
}
