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

func TestHowLongALoginLastsFollowsFromTheDevice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		code := invite(t, st, c.PracticeID, "partner-robin")
		joined, err := st.JoinFrom(t.Context(), accounts.Browser{Shared: true}, code, "amber-anchor-10", passphrase, at)
		if err != nil {
			t.Fatal(err)
		}
		signIn := func(name, password string, shared bool) string {
			token, err := st.SignInFrom(t.Context(), accounts.Browser{Shared: shared}, name, password, "", at)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		for _, test := range []struct {
			what, token string
			shared      bool
			idle        time.Duration
		}{
			{"joined on a shared device", joined, true, accounts.SharedIdle},
			{"a partner on a shared device", signIn("amber-anchor-10", passphrase, true), true, accounts.SharedIdle},
			{"a partner on an own device", signIn("amber-anchor-10", passphrase, false), false, accounts.PartnerIdle},
			{"a counselor on a shared device", signIn("dana@example.org", password, true), true, accounts.SharedIdle},
			{
				"a counselor, who may sit through a session", signIn("dana@example.org", password, false), false,
				accounts.CounselorIdle,
			},
		} {
			l, err := st.Peek(t.Context(), test.token, at.Add(test.idle))
			if err != nil || l.Shared != test.shared || l.Idle() != test.idle || l.Left(at) != test.idle {
				t.Errorf("%s: %v, idle %v, left %v, %v", test.what, l.Shared, l.Idle(), l.Left(at), err)
			}
			if _, err := st.Peek(t.Context(), test.token, at.Add(test.idle+time.Second)); !errors.Is(err, fault.SignedOut) {
				t.Errorf("%s, after the limit: %v", test.what, err)
			}
		}
	})
}

func TestADeviceIsTakenToBeSharedUntilItsOwnerSaysOtherwise(t *testing.T) {
	for _, test := range []struct {
		answer, signIn string
		want           bool
	}{
		{"yes", "amber-anchor-10", true},
		{"no", "amber-anchor-10", false},
		{"", "amber-anchor-10", true},
		{"maybe", "amber-anchor-10", true},
		{"yes", "dana@example.org", true},
		{"no", "dana@example.org", false},
		{"", "dana@example.org", false},
	} {
		if got := accounts.SharedDevice(test.answer, test.signIn); got != test.want {
			t.Errorf("%q by %s: got %v", test.answer, test.signIn, got)
		}
	}
}

func TestAPageThatLooksForItselfKeepsNobodySignedIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		token := join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10")
		for after := time.Minute; after <= accounts.PartnerIdle; after += time.Minute {
			l, err := st.Peek(t.Context(), token, at.Add(after))
			if want := accounts.PartnerIdle - after; err != nil || l.Left(at.Add(after)) != want {
				t.Errorf("after %v: left %v, want %v, %v", after, l.Left(at.Add(after)), want, err)
			}
		}
		if _, err := st.Peek(t.Context(), token, at.Add(accounts.PartnerIdle+time.Second)); !errors.Is(err, fault.SignedOut) {
			t.Errorf("looking kept the login: %v", err)
		}
	})
}

func TestUseGivesTheWholeTimeAgainButNotBeyondTheLongestLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		token := signIn(t, st, "dana@example.org")
		for _, test := range []struct{ after, left time.Duration }{
			{time.Minute, time.Hour},
			{50 * time.Minute, time.Hour},
			{100 * time.Minute, time.Hour},
			{150 * time.Minute, time.Hour},
			{200 * time.Minute, time.Hour},
		} {
			l, err := st.Authenticate(t.Context(), token, at.Add(test.after))
			if err != nil || l.Left(at.Add(test.after)) != test.left {
				t.Errorf("after %v: left %v, %v", test.after, l.Left(at.Add(test.after)), err)
			}
		}
		for after := 250 * time.Minute; after < accounts.LongestLogin; after += 50 * time.Minute {
			l, err := st.Authenticate(t.Context(), token, at.Add(after))
			if want := min(time.Hour, accounts.LongestLogin-after); err != nil || l.Left(at.Add(after)) != want {
				t.Errorf("after %v: left %v, want %v, %v", after, l.Left(at.Add(after)), want, err)
			}
		}
	})
}
