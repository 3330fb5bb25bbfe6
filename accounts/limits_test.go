package accounts_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// TestEveryCheckOfAPasswordIsCounted: whichever form checks the password, the eleventh wrong one is
// too many, and then the right one has to wait as well.
func TestEveryCheckOfAPasswordIsCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		l, _ := signedIn(t, st, at)
		from := accounts.Browser{Address: "192.0.2.7"}
		doors := map[string]func(password string, when time.Time) error{
			"signature": func(password string, when time.Time) error {
				return st.CheckPassword(t.Context(), l, from, "signature", password, when)
			},
			"step-up": func(password string, when time.Time) error {
				_, err := st.Reauthenticate(t.Context(), l, from, "step-up", password, when)
				return err
			},
			"change": func(password string, when time.Time) error {
				_, err := st.ChangePassword(t.Context(), l, from, password, "another quiet harbor", when)
				return err
			},
		}
		for i, what := range []string{"signature", "step-up", "change"} {
			when := at.Add(time.Duration(i) * time.Hour)
			for range 10 {
				if err := doors[what]("wrong", when); err == nil {
					t.Fatal(what, "takes a wrong password")
				}
			}
			for other, try := range doors {
				if err := try(password, when); err == nil {
					t.Errorf("after ten failures at %s, %s takes the password", what, other)
				}
			}
		}
	})
}

// TestABarEndsByItself: attempts made while barred, right or wrong, do not extend the bar, so
// nobody can lock somebody out for good.
func TestABarEndsByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		try := func(pass string, when time.Time) error {
			_, err := st.SignIn(t.Context(), "dana@example.org", pass, "", when)
			return err
		}
		for range 10 {
			wantFaults(t, try("wrong", at), "sign_in")
		}
		for minute := range 14 {
			when := at.Add(time.Duration(minute) * time.Minute)
			wantFaults(t, try(password, when), "sign_in")
			wantFaults(t, try("wrong", when), "sign_in")
		}
		if err := try(password, at.Add(16*time.Minute)); err != nil {
			t.Error("the bar became longer:", err)
		}
	})
}

// TestWrongCodesCountForTheAddress: those of a partner's invitation, of a colleague's, and of a
// couple's screen.
func TestWrongCodesCountForTheAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		from, next := accounts.Browser{Address: "192.0.2.7"}, accounts.Browser{Address: "192.0.2.8"}
		code := invite(t, st, c.PracticeID, "partner-robin")
		for range 40 {
			_, err := st.JoinFrom(t.Context(), from, "0000-0000", "amber-anchor-10", passphrase, at)
			wantFaults(t, err, "code")
			_, err = st.JoinColleague(t.Context(), from, joining("0000-0000", passphrase), at)
			wantFaults(t, err, "code")
			err = st.TryCode(t.Context(), from, "room", at, func() error { return fault.NotFound })
			if !errors.Is(err, fault.NotFound) {
				t.Fatal(err)
			}
		}
		_, err := st.JoinFrom(t.Context(), from, code, "amber-anchor-10", passphrase, at)
		wantFaults(t, err, "code")
		if err := st.TryCode(t.Context(), from, "room", at, func() error { return nil }); !errors.Is(err, fault.NotFound) {
			t.Error("a barred address may try the code of a screen:", err)
		}
		if _, err := st.JoinFrom(t.Context(), next, code, "amber-anchor-10", passphrase, at); err != nil {
			t.Error("from the next address:", err)
		}
	})
}

// storeWithLog returns a store and the audit log of what requests do with it.
func storeWithLog(t *testing.T, db *database.DB) (*accounts.Store, *audit.Log) {
	t.Helper()
	v := dbtest.Vault(t, db)
	log := audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", func() time.Time { return at })
	return open(t, db), log
}

// TestEveryWayOfProvingWhoOneIsLeavesAnEntry when it fails, and "signed in" is logged once a
// sign-in is complete.
func TestEveryWayOfProvingWhoOneIsLeavesAnEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st, log := storeWithLog(t, db)
		c := practice(t, st, "dana@example.org")
		withFactor(t, st)
		ctx := log.Begin(t.Context(), audit.Who{Practice: c.PracticeID})
		entries := func() (list []string) {
			found, err := log.Entries(t.Context(), c.PracticeID, audit.Filter{Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range found {
				list = append(list, fmt.Sprint(e.Action, " ", e.Object))
			}
			return list
		}
		when := at.Add(time.Hour)
		token, err := st.SignInFrom(ctx, accounts.Browser{}, "dana@example.org", password, "", when)
		if err != nil || len(entries()) != 0 {
			t.Fatal("a sign-in that waits for its second factor is recorded:", entries(), err)
		}
		_, err = st.CompleteWithCode(ctx, token, accounts.Browser{}, "000000", when)
		wantFaults(t, err, "code")
		here := accounts.Login{ID: "here", PracticeID: c.PracticeID, CounselorID: c.ID}
		_, err = st.Reauthenticate(ctx, here, accounts.Browser{}, "emergency access", "wrong", when)
		wantFaults(t, err, "password")
		wantFaults(t, st.CheckPassword(ctx, here, accounts.Browser{}, "signature", "wrong", when), "password")
		if _, err := st.SignInFrom(ctx, accounts.Browser{}, "dana@example.org", "wrong", "", when); err == nil {
			t.Fatal("a wrong password")
		}
		code := invite(t, st, c.PracticeID, "partner-robin")
		if _, err := st.JoinFrom(ctx, accounts.Browser{}, wrongSecret(code), "amber-anchor-10", passphrase, at); err == nil {
			t.Fatal("a wrong code")
		}
		if err := st.ResetPassword(ctx, "dana@example.org", "another quiet harbor", when); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"password set sign-in", "sign-in failed invitation", "sign-in failed login",
			"sign-in failed signature", "sign-in failed emergency access", "sign-in failed second factor",
		}
		if got := entries(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// TestAPasswordHoldsNothingThatOthersKnow: neither the name, the address nor the practice.
func TestAPasswordHoldsNothingThatOthersKnow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana.quill@harborline.org")
		l := accounts.Login{
			PracticeID: c.PracticeID, CounselorID: c.ID, PracticeName: "Riverbend",
			CounselorName: "Dana Invented",
		}
		for _, known := range []string{
			"riverbend by the pond 7", "four INVENTED lanterns", "quill and nine herons",
			"harborline at noon 99",
		} {
			_, err := st.ChangePassword(t.Context(), l, accounts.Browser{}, password, known, at)
			wantFaults(t, err, "new")
		}
		kim, code := colleague(t, st, c, "kim.larder@example.org", accounts.Member)
		_, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, "nine larder herons"), at)
		wantFaults(t, err, "password")
		if _, err := st.JoinColleague(t.Context(), accounts.Browser{}, joining(code, "nine loud herons"), at); err != nil {
			t.Error(kim.Name, err)
		}
	})
}
