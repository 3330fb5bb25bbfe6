package sessions

import (
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// TestACodeOfAScreenOpensWithinItsTimeAlone: not after ten minutes, and not if a clock that was
// ahead created it; one from a process a minute ahead is accepted.
func TestACodeOfAScreenOpensWithinItsTimeAlone(t *testing.T) {
	eachWorld(t, func(w *world) {
		s := w.start()
		screen := Screen{Mode: ScreenPrompt, Text: "begin"}
		people := accounts.NewStore(w.db, dbtest.Vault(w, w.db), accounts.NewHashing(1, 8))
		token, err := people.SignIn(w.Context(), w.dana.Email, "quiet-harbor-test", "", four)
		w.must(err)
		l, err := people.Authenticate(w.Context(), token, four)
		w.must(err)
		for after, opens := range map[time.Duration]bool{
			9 * time.Minute: true, 11 * time.Minute: false,
			-time.Minute: true, -time.Hour: false,
		} {
			code, err := w.st.OpenCoupleScreen(w.Context(), s, l.ID, screen, four)
			w.must(err)
			_, _, err = w.st.JoinCoupleScreen(w.Context(), code, four.Add(after))
			if (err == nil) != opens || err != nil && !errors.Is(err, fault.NotFound) {
				w.Errorf("after %v: %v", after, err)
			}
		}
	})
}
