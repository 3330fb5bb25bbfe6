package sessions

import (
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// login signs Dana in and returns the id of her login.
func (w *world) login() string {
	w.Helper()
	people := accounts.NewStore(w.db, dbtest.Vault(w, w.db), accounts.NewHashing(1, 8))
	token, err := people.SignIn(w.Context(), w.dana.Email, "quiet-harbor-test", "", four)
	w.must(err)
	l, err := people.Authenticate(w.Context(), token, four)
	w.must(err)
	return l.ID
}

// TestNoWordsStayBehindAScreen that was closed, or whose session has ended.
func TestNoWordsStayBehindAScreen(t *testing.T) {
	for name, leave := range map[string]func(w *world, s Session) error{
		"closed": func(w *world, s Session) error { return w.st.CloseCoupleScreen(w.Context(), s, after(10)) },
		"ended":  func(w *world, s Session) error { return w.st.End(w.Context(), s, after(10)) },
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				s := w.start()
				screen := Screen{Mode: ScreenPrompt, Language: "es", Pages: &ScreenPages{Title: "A's own words about the night"}}
				_, err := w.st.OpenCoupleScreen(w.Context(), s, w.login(), screen, four)
				w.must(err)
				w.must(leave(w, s))
				var shows []byte
				w.must(w.db.Get(w.Context(), &shows, `SELECT shows FROM couple_screens WHERE session_id = ?`, s.ID))
				got, err := w.st.openScreen(w.Context(), w.db, s, shows)
				w.must(err)
				if got.Pages != nil || got.Mode != ScreenOver || got.Language != "es" {
					w.Errorf("it holds %+v", got)
				}
			})
		})
	}
}

// TestAScreenIsErasedWithItsCouple: its content is sealed with a key of theirs.
func TestAScreenIsErasedWithItsCouple(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		shows, err := w.st.sealScreen(w.Context(), w.db, s, Screen{Mode: ScreenPrompt, Text: "begin"})
		w.must(err)
		w.must(w.couples.Erase(w.Context(), w.people, w.couple, couples.Erasure{
			Reason: "The former clients asked for it in writing.", RecordNo: w.couple.RecordNo,
		}, after(60*24*365*20)))
		if _, err := w.st.openScreen(w.Context(), w.db, s, shows); err == nil {
			w.Error("it can still be read")
		}
	})
}

// TestACodeOfAScreenOpensWithinItsTimeAlone: not after ten minutes, and not if a clock that was
// ahead created it; one from a process a minute ahead is accepted.
func TestACodeOfAScreenOpensWithinItsTimeAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		s, login := w.start(), w.login()
		screen := Screen{Mode: ScreenPrompt, Text: "begin"}
		for after, opens := range map[time.Duration]bool{
			9 * time.Minute: true, 11 * time.Minute: false,
			-time.Minute: true, -time.Hour: false,
		} {
			code, err := w.st.OpenCoupleScreen(w.Context(), s, login, screen, four)
			w.must(err)
			_, _, err = w.st.JoinCoupleScreen(w.Context(), code, four.Add(after))
			if (err == nil) != opens || err != nil && !errors.Is(err, fault.NotFound) {
				w.Errorf("after %v: %v", after, err)
			}
		}
	})
}
