package worksheets

import (
	"context"
	"testing"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// mayMail reports whether an email may be sent to a partner.
func (w *world) mayMail(side couples.Side) (may bool) {
	w.Helper()
	w.must(w.db.InTx(w.Context(), func(ctx context.Context, tx *database.DB) (err error) {
		_, may, err = couples.Permission(ctx, tx, dbtest.Vault(w, w.db), w.practice.ID, w.couple.Partner(side).ID)
		return err
	}))
	return may
}

// TestWhatAPageSaysOfContactStopsMessagesToThatPartnerAlone, whoever filled it in, until the
// counselor's latest page allows them again.
func TestWhatAPageSaysOfContactStopsMessagesToThatPartnerAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		for i, side := range []couples.Side{couples.A, couples.B} {
			w.must(w.couples.SaveSafeContact(w.Context(), w.couple, w.couple.Partner(side), couples.SafeContact{
				Channel: couples.Email, Wording: couples.SayNeutral, Until: 24, AskedOn: "2031-03-12",
				Address: []string{"rowan@private.example", "jules@private.example"}[i],
			}, true, "2031-03-12", noon))
		}
		cautions := func(ways ...string) map[string]Value {
			return map[string]Value{"ways": {Picks: ways}, "asked": textValue("2031-03-12")}
		}
		checkIn := func(read string) map[string]Value {
			return map[string]Value{
				"account_private": textValue(read), "private_now": textValue("yes"), "dark": textValue("no"),
				"alone": textValue("no"), "alcohol": textValue("no"), "safe": textValue("yes"),
			}
		}
		for i, story := range []struct {
			worksheet string
			says      map[string]Value
			want      bool
		}{
			{"contact-cautions", cautions("phone-call"), false},
			{"contact-cautions", cautions("phone-call", "email"), true},
			{"individual-check-in", checkIn("no"), true},
			{"individual-check-in", checkIn("not-sure"), false},
			{"individual-check-in", checkIn("no"), false},
			{"contact-cautions", cautions("email"), true},
			{"individual-check-in", checkIn("yes"), false},
			{"contact-cautions", cautions("only-in-person"), false},
		} {
			w.send(w.give(story.worksheet, ToA, -1, 10*i)[0], story.says, 10*i+1)
			if got := w.mayMail(couples.A); got != story.want {
				w.Errorf("after story %d, %s: %v, want %v", i, story.worksheet, got, story.want)
			}
			if !w.mayMail(couples.B) {
				w.Errorf("after story %d the other gets no mail", i)
			}
		}
	})
}
