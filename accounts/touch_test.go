package accounts

import (
	"errors"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func TestALoginRevokedWhileASlowRequestRunsStaysRevoked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		at := time.Date(2031, 3, 12, 22, 14, 0, 0, time.UTC)
		st := NewStore(db, dbtest.Vault(t, db), NewHashing(1, 8))
		p := Practice{Name: "Riverbend", TimeZone: "UTC", Paper: "A4"}
		c := Counselor{Email: "dana@example.org", Name: "Dana Invented"}
		if err := st.CreatePractice(t.Context(), &p, &c, "seven quiet herons", at); err != nil {
			t.Fatal(err)
		}
		token, err := st.SignIn(t.Context(), c.Email, "seven quiet herons", "", at)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := st.Authenticate(t.Context(), token, at.Add(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if err := st.SignOut(t.Context(), token, at.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := st.touch(t.Context(), slow, at.Add(2*time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Authenticate(t.Context(), token, at.Add(2*time.Minute)); !errors.Is(err, fault.SignedOut) {
			t.Errorf("got %v, want signed out", err)
		}
		var seen time.Time
		if err := db.Get(t.Context(), &seen, `SELECT seen_at FROM logins`); err != nil || !seen.Equal(at) {
			t.Errorf("a login that was over was seen at %v, %v", seen, err)
		}
	})
}
