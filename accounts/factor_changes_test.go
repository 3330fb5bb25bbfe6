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

// TestAConfirmedFactorIsNotReplacedBySettingUpAnother: whoever has an open login would otherwise
// bring their own app.
func TestAConfirmedFactorIsNotReplacedBySettingUpAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		here, _ := signedIn(t, st, at)
		secret, _ := withFactor(t, st)
		if _, _, err := st.BeginFactor(t.Context(), here, "Dana", at); err == nil {
			t.Error("a login that the first factor ended begins another")
		}
		later := at.Add(2 * time.Minute)
		token, err := st.CompleteWithCode(t.Context(), signInToSecondFactor(t, st, later), accounts.Browser{},
			code(t, secret, later), later)
		if err != nil {
			t.Fatal(err)
		}
		here, err = st.Authenticate(t.Context(), token, later)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := st.BeginFactor(t.Context(), here, "Dana", later); !errors.Is(err, fault.Conflict) {
			t.Error("begun beside a confirmed one:", err)
		}
		later = later.Add(2 * time.Minute)
		if _, err := st.ConfirmFactor(t.Context(), here, code(t, secret, later), later); !errors.Is(err, fault.Conflict) {
			t.Error("confirmed twice:", err)
		}
		later = later.Add(2 * time.Minute)
		if _, err := st.CompleteWithCode(t.Context(), signInToSecondFactor(t, st, later), accounts.Browser{},
			code(t, secret, later), later); err != nil {
			t.Error("the first one:", err)
		}
	})
}

// TestRemovingTheFactorTakesItsRecoveryCodesAndEndsOtherLogins, once there is one.
func TestRemovingTheFactorTakesItsRecoveryCodesAndEndsOtherLogins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		here, _ := signedIn(t, st, at)
		other, otherToken := signedIn(t, st, at)
		if err := st.RemoveFactor(t.Context(), here, at); err != nil {
			t.Fatal("without a factor:", err)
		}
		if _, err := st.Authenticate(t.Context(), otherToken, at); err != nil {
			t.Error("nothing was removed, and another login ended:", err)
		}
		secret, _, err := st.BeginFactor(t.Context(), other, "Dana", at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.ConfirmFactor(t.Context(), other, code(t, secret, at), at); err != nil {
			t.Fatal(err)
		}
		if err := st.RemoveFactor(t.Context(), other, at); err != nil {
			t.Fatal(err)
		}
		var codes int
		if err := db.Get(t.Context(), &codes, `SELECT COUNT(*) FROM recovery_codes`); err != nil || codes != 0 {
			t.Error(codes, "recovery codes are left", err)
		}
		if _, err := st.Authenticate(t.Context(), otherToken, at); err != nil {
			t.Error("the login that removed it:", err)
		}
		signedIn(t, st, at) // the password alone is enough again
	})
}
