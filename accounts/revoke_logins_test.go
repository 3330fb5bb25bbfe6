package accounts_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// signInDuring signs in ten times at once while change runs, and returns the logins that are open
// afterwards.
func signInDuring(t *testing.T, st *accounts.Store, signIn, password string, change func() error) (open []accounts.Login) {
	t.Helper()
	tokens := make([]string, 10)
	var group sync.WaitGroup
	for i := range tokens {
		group.Go(func() { tokens[i], _ = st.SignIn(t.Context(), signIn, password, "", at) })
	}
	group.Go(func() {
		if err := change(); err != nil {
			t.Error(err)
		}
	})
	group.Wait()
	for _, token := range tokens {
		if l, err := st.Authenticate(t.Context(), token, at); err == nil {
			open = append(open, l)
		}
	}
	return open
}

func TestASignInUnderWayWhileThePasswordChangesLeavesNoLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		present := password
		for i := range 15 {
			token, err := st.SignIn(t.Context(), "dana@example.org", present, "", at)
			if err != nil {
				t.Fatal(err)
			}
			l, err := st.Authenticate(t.Context(), token, at)
			if err != nil {
				t.Fatal(err)
			}
			next := fmt.Sprint("nine loud herons, round ", i)
			left := signInDuring(t, st, "dana@example.org", present, func() (err error) {
				token, err = st.ChangePassword(t.Context(), l, accounts.Browser{}, present, next, at)
				return err
			})
			if len(left) > 0 {
				t.Fatalf("round %d: %d logins of the old password are open", i, len(left))
			}
			if _, err := st.Authenticate(t.Context(), token, at); err != nil {
				t.Error("the login that changed it ended:", err)
			}
			present = next
			if _, err := db.Exec(t.Context(), `DELETE FROM sign_in_failures`); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestASignInUnderWayWhileAPartnerIsInvitedAnewLeavesNoLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10")
		present := passphrase
		for i := range 15 {
			next := fmt.Sprint("a kettle by the window ", i)
			code := invite(t, st, c.PracticeID, "partner-robin")
			left := signInDuring(t, st, "amber-anchor-10", present, func() error {
				_, err := st.Join(t.Context(), code, "amber-anchor-10", next, at.Add(25*time.Hour))
				return err
			})
			if len(left) > 0 {
				t.Fatalf("round %d: %d logins of the old passphrase are open", i, len(left))
			}
			present = next
			if _, err := db.Exec(t.Context(), `DELETE FROM sign_in_failures`); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestASignInUnderWayWhileASecondFactorIsSetUpIsNotLeftWithoutIt: otherwise the login would be open
// without a code.
func TestASignInUnderWayWhileASecondFactorIsSetUpIsNotLeftWithoutIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		for i := range 15 {
			l, token := signedIn(t, st, at)
			secret, _, err := st.BeginFactor(t.Context(), l, "Dana", at)
			if err != nil {
				t.Fatal(err)
			}
			left := signInDuring(t, st, "dana@example.org", password, func() error {
				_, err := st.ConfirmFactor(t.Context(), l, code(t, secret, at), at)
				return err
			})
			if len(left) > 0 {
				t.Fatalf("round %d: %d logins without the factor are open", i, len(left))
			}
			if l, err = st.Authenticate(t.Context(), token, at); err != nil || !l.Factor {
				t.Fatal(l.Factor, err)
			}
			if err := st.RemoveFactor(t.Context(), l, at); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(t.Context(), `DELETE FROM sign_in_failures`); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestWhoWasDisabledWhileSigningInIsNotIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "dana@example.org")
		for i := range 15 {
			kim := accounts.Counselor{Email: fmt.Sprintf("kim%d@example.org", i), Name: "Kim Invented"}
			if err := st.AddCounselor(t.Context(), owner.PracticeID, &kim, password, at); err != nil {
				t.Fatal(err)
			}
			change := func() error { return st.Disable(t.Context(), owner.PracticeID, owner.ID, kim.ID, at) }
			if i%2 == 1 {
				change = func() error {
					return st.SetRole(t.Context(), owner.PracticeID, owner.ID, kim.ID, accounts.FrontDesk, at)
				}
			}
			for _, l := range signInDuring(t, st, kim.Email, password, change) {
				if i%2 == 0 || l.Role != accounts.FrontDesk {
					t.Fatalf("round %d: a login of a %s is open", i, l.Role)
				}
			}
		}
	})
}
