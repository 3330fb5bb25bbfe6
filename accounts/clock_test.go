package accounts_test

import (
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// TestWhatWasMadeWhileTheClockWasAheadEndsWithIt: a login, a bar and a code dated a year ahead do
// not count once the clock is right again; those dated by a process a minute ahead do.
func TestWhatWasMadeWhileTheClockWasAheadEndsWithIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		for ahead, lives := range map[time.Duration]bool{time.Minute: true, time.Hour: false, 365 * 24 * time.Hour: false} {
			token, err := st.SignIn(t.Context(), "dana@example.org", password, "", at.Add(ahead))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := st.Authenticate(t.Context(), token, at); (err == nil) != lives || err != nil &&
				!errors.Is(err, fault.SignedOut) {
				t.Errorf("a login made %v ahead: %v", ahead, err)
			}
		}
		for range 10 {
			_, err := st.SignIn(t.Context(), "dana@example.org", "wrong", "", at.AddDate(1, 0, 0))
			wantFaults(t, err, "sign_in")
		}
		if _, err := st.SignIn(t.Context(), "dana@example.org", password, "", at); err != nil {
			t.Error("a bar of next year holds today:", err)
		}
		c := practice(t, st, "ola@example.org")
		for ahead, opens := range map[time.Duration]bool{time.Minute: true, time.Hour: false, 30 * 24 * time.Hour: false} {
			partner := "partner-" + ahead.String()
			code, err := st.Invite(t.Context(), c.PracticeID, partner, at.Add(ahead))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := st.Join(t.Context(), code, accounts.SuggestName(), passphrase, at); (err == nil) != opens {
				t.Errorf("a code made %v ahead: %v", ahead, err)
			}
		}
	})
}

// TestAPasskeyAnswersWhatWasAskedFiveMinutesAgoAtMost: a challenge made while the clock was ahead
// or behind is answered too late.
func TestAPasskeyAnswersWhatWasAskedFiveMinutesAgoAtMost(t *testing.T) {
	eachWithPasskey(t, func(t *testing.T, k *keys) {
		for asked, opens := range map[time.Duration]bool{
			-365 * 24 * time.Hour: false, -5 * time.Minute: false, -4 * time.Minute: true,
			time.Minute: true, time.Hour: false, 365 * 24 * time.Hour: false,
		} {
			token, err := k.enter(k.phone, at)
			if err != nil {
				t.Fatal(err)
			}
			l, err := k.st.Authenticate(t.Context(), token, at)
			if err != nil {
				t.Fatal(err)
			}
			options, err := k.st.ChallengeReauthentication(t.Context(), k.rp, l, at.Add(asked))
			if err != nil {
				t.Fatal(err)
			}
			_, err = k.st.ReauthenticateWithPasskey(t.Context(), k.rp, l, accounts.Browser{}, k.phone.sign(options), at)
			if opens && err != nil {
				t.Errorf("asked %v from now: %v", asked, err)
			}
			if !opens {
				k.refused("asked "+asked.String()+" from now", err)
			}
		}
	})
}
