package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func code(t *testing.T, secret string, when time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, when)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// signedIn returns a login of Dana's and its token.
func signedIn(t *testing.T, st *accounts.Store, when time.Time) (accounts.Login, string) {
	t.Helper()
	token, err := st.SignIn(t.Context(), "dana@example.org", password, "", when)
	if err != nil {
		t.Fatal(err)
	}
	l, err := st.Authenticate(t.Context(), token, when)
	if err != nil {
		t.Fatal(err)
	}
	return l, token
}

// withFactor sets up a second factor for Dana at at and returns its secret and the recovery codes.
func withFactor(t *testing.T, st *accounts.Store) (secret string, recovery []string) {
	t.Helper()
	l, _ := signedIn(t, st, at)
	secret, uri, err := st.BeginFactor(t.Context(), l, "Dana", at)
	if err != nil || !strings.HasPrefix(uri, "otpauth://totp/") || len(secret) < 26 {
		t.Fatal(secret, uri, err)
	}
	recovery, err = st.ConfirmFactor(t.Context(), l, code(t, secret, at), at)
	if err != nil || len(recovery) != 10 {
		t.Fatal(recovery, err)
	}
	return secret, recovery
}

// signInToSecondFactor signs Dana in up to the second factor.
func signInToSecondFactor(t *testing.T, st *accounts.Store, when time.Time) string {
	t.Helper()
	token, err := st.SignIn(t.Context(), "dana@example.org", password, "", when)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Authenticate(t.Context(), token, when); !errors.Is(err, accounts.ErrFactorDue) ||
		!errors.Is(err, fault.SignedOut) {
		t.Fatalf("the password alone: %v", err)
	}
	return token
}

func TestASecondFactorIsAskedForAndGivenOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		secret, _ := withFactor(t, st)
		give := func(c string, when time.Time) (string, error) {
			return st.CompleteWithCode(t.Context(), signInToSecondFactor(t, st, when), accounts.Browser{}, c, when)
		}
		later := at.Add(2 * time.Minute)
		if _, err := give(code(t, secret, at), at); err == nil {
			t.Error("the code of setting it up signs in")
		}
		token, err := give(code(t, secret, later), later)
		if err != nil {
			t.Fatal(err)
		}
		if l, err := st.Authenticate(t.Context(), token, later); err != nil || !l.Factor || l.Person() == "" {
			t.Error(l, err)
		}
		for what, wrong := range map[string]string{
			"used": code(t, secret, later), "earlier": code(t, secret, later.Add(-time.Minute)),
			"far ahead": code(t, secret, later.Add(5*time.Minute)), "nonsense": "000000x", "empty": "",
			"long": strings.Repeat("1", 300),
		} {
			if _, err := give(wrong, later); err == nil {
				t.Errorf("a code that is %s signs in", what)
			}
		}
		for _, skew := range []time.Duration{30 * time.Second, -30 * time.Second} { // clocks that differ by one period
			when := later.Add(10 * time.Minute)
			if skew < 0 {
				when = later.Add(20 * time.Minute)
			}
			if _, err := give(code(t, secret, when.Add(skew)), when); err != nil {
				t.Errorf("a clock off by %v: %v", skew, err)
			}
		}
	})
}

func TestTheTokenBeforeTheSecondFactorIsWorthNothingAfterIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		secret, _ := withFactor(t, st)
		later := at.Add(2 * time.Minute)
		first := signInToSecondFactor(t, st, later)
		if _, err := st.CompleteWithCode(t.Context(), first, accounts.Browser{}, code(t, secret, later), later); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Authenticate(t.Context(), first, later); !errors.Is(err, fault.SignedOut) {
			t.Error("the first token still opens:", err)
		}
		stale := signInToSecondFactor(t, st, later)
		much := later.Add(6 * time.Minute)
		if _, err := st.CompleteWithCode(t.Context(), stale, accounts.Browser{}, code(t, secret, much),
			much); !errors.Is(err, fault.SignedOut) {
			t.Error("six minutes later:", err)
		}
		_, token := "", ""
		if _, err := st.CompleteWithCode(t.Context(), token, accounts.Browser{}, "123456",
			later); !errors.Is(err, fault.SignedOut) {
			t.Error("without a login:", err)
		}
	})
}

func TestARecoveryCodeWorksOnceAndIsNotStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		secret, recovery := withFactor(t, st)
		for _, value := range append(stored(t, db, "recovery_codes"), stored(t, db, "factors")...) {
			for _, c := range append(recovery, secret) {
				if strings.Contains(value, c) || strings.Contains(value, strings.ReplaceAll(c, "-", "")) {
					t.Error("a code or the secret is readable")
				}
			}
		}
		typed := strings.ToUpper(strings.ReplaceAll(recovery[3], "-", " "))
		if _, err := st.CompleteWithCode(t.Context(), signInToSecondFactor(t, st, at), accounts.Browser{}, typed,
			at); err != nil {
			t.Error(err)
		}
		if _, err := st.CompleteWithCode(t.Context(), signInToSecondFactor(t, st, at), accounts.Browser{}, recovery[3],
			at); err == nil {
			t.Error("a recovery code works twice")
		}
		if n := count(t, db, `SELECT COUNT(*) FROM recovery_codes WHERE used_at IS NOT NULL`); n != 1 {
			t.Errorf("%d codes are used", n)
		}
	})
}

func TestChangingFactorOrPasswordEndsTheOtherLogins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		steps := map[string]func(here accounts.Login, token *string) error{
			"password": func(here accounts.Login, token *string) (err error) {
				*token, err = st.ChangePassword(t.Context(), here, accounts.Browser{}, password, password, at)
				return err
			},
			"factor": func(here accounts.Login, _ *string) error {
				secret, _, err := st.BeginFactor(t.Context(), here, "Dana", at)
				if err != nil {
					return err
				}
				if _, err := st.ConfirmFactor(t.Context(), here, code(t, secret, at), at); err != nil {
					return err
				}
				return st.RemoveFactor(t.Context(), here, at)
			},
			"the list": func(here accounts.Login, _ *string) error { return st.Revoke(t.Context(), here, "", at) },
		}
		for what, change := range steps {
			here, hereToken := signedIn(t, st, at)
			_, there := signedIn(t, st, at)
			if err := change(here, &hereToken); err != nil {
				t.Fatal(what, err)
			}
			if _, err := st.Authenticate(t.Context(), there, at); !errors.Is(err, fault.SignedOut) {
				t.Errorf("%s: the other login lives: %v", what, err)
			}
			if _, err := st.Authenticate(t.Context(), hereToken, at); err != nil {
				t.Errorf("%s: this login ended: %v", what, err)
			}
		}
	})
}

func TestAPasswordIsChangedOnlyByWhoKnowsTheOldOneAndNotToACommonOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		l, _ := signedIn(t, st, at)
		change := func(old, new string) error {
			_, err := st.ChangePassword(t.Context(), l, accounts.Browser{}, old, new, at)
			return err
		}
		wantFaults(t, change("a wrong password", "another quiet harbor"), "old")
		for _, common := range []string{"short", "passwordpassword", "123456789012", "qwertyuiopas", "aaaaaaaaaaaa"} {
			wantFaults(t, change(password, common), "new")
		}
		if err := change(password, "another quiet harbor"); err != nil {
			t.Fatal(err)
		}
		if _, err := st.SignIn(t.Context(), "dana@example.org", password, "", at); err == nil {
			t.Error("the old password still works")
		}
		if _, err := st.SignIn(t.Context(), "dana@example.org", "another quiet harbor", "", at); err != nil {
			t.Error(err)
		}
	})
}

func TestTenFailuresBarAnAccountForAQuarterOfAnHourInTheSameWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		practice(t, st, "kim@example.org")
		try := func(signIn, pass string, when time.Time) error {
			_, err := st.SignInFrom(t.Context(), accounts.Browser{Address: "192.0.2.7"}, signIn, pass, "", when)
			return err
		}
		for i := range 10 {
			wantFaults(t, try([]string{"dana@example.org", " DANA@example.org"}[i%2], "wrong", at), "sign_in")
		}
		wantFaults(t, try("dana@example.org", password, at), "sign_in")
		if err := try("kim@example.org", password, at); err != nil {
			t.Error("somebody else is barred as well:", err)
		}
		if err := try("dana@example.org", password, at.Add(16*time.Minute)); err != nil {
			t.Error("still barred:", err)
		}
		for i := range 100 {
			wantFaults(t, try(fmt.Sprintf("nobody-%d@example.org", i), "wrong", at.Add(time.Hour)), "sign_in")
		}
		wantFaults(t, try("kim@example.org", password, at.Add(time.Hour)), "sign_in") // the address is barred
		if _, err := st.SignInFrom(t.Context(), accounts.Browser{Address: "192.0.2.8"}, "kim@example.org", password, "",
			at.Add(time.Hour)); err != nil {
			t.Error("from the next address of the network:", err)
		}
		for _, value := range stored(t, db, "sign_in_failures") {
			if strings.Contains(value, "example") || strings.Contains(value, "192.0") {
				t.Errorf("%q is kept", value)
			}
		}
	})
}

func TestReauthenticationMakesALoginFreshForFiveMinutes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		l, token := signedIn(t, st, at)
		later := at.Add(20 * time.Minute)
		if !l.FreshUntil.Equal(at.Add(5*time.Minute)) || !later.After(l.FreshUntil) {
			t.Error(l.FreshUntil)
		}
		_, err := st.Reauthenticate(t.Context(), l, accounts.Browser{}, "step-up", "wrong", later)
		wantFaults(t, err, "password")
		if now, _ := st.Authenticate(t.Context(), token, later); now.FreshUntil.After(later) {
			t.Error("a wrong password makes it fresh")
		}
		fresh, err := st.Reauthenticate(t.Context(), l, accounts.Browser{}, "step-up", password, later)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Authenticate(t.Context(), token, later); !errors.Is(err, fault.SignedOut) {
			t.Error("the token before the step-up:", err)
		}
		if now, err := st.Authenticate(t.Context(), fresh, later); err != nil ||
			!now.FreshUntil.Equal(later.Add(accounts.FreshFor)) {
			t.Error(now.FreshUntil, err)
		}
	})
}

func TestOnASharedDeviceALoginEndsAfterThreeMinutes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		token, err := st.SignInFrom(t.Context(), accounts.Browser{Device: "Firefox on Windows", Shared: true},
			"dana@example.org", password, "", at)
		if err != nil {
			t.Fatal(err)
		}
		l, err := st.Authenticate(t.Context(), token, at.Add(accounts.SharedIdle))
		if err != nil || !l.Shared {
			t.Fatal(l, err)
		}
		if list, err := st.Logins(t.Context(), l, at); err != nil || len(list) != 1 ||
			list[0].Device != "Firefox on Windows" || !list[0].Shared {
			t.Error(list, err)
		}
		if _, err := st.Authenticate(t.Context(), token, at.Add(2*accounts.SharedIdle+time.Second)); !errors.Is(err,
			fault.SignedOut) {
			t.Error(err)
		}
	})
}
