package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func beginSetup(t *testing.T, st *accounts.Store) string {
	t.Helper()
	token, err := st.BeginSetup(t.Context())
	if err != nil || token == "" {
		t.Fatalf("token %q, %v", token, err)
	}
	return token
}

func TestOfTwentySetUpsAtOnceOneMakesThePractice(t *testing.T) {
	for who, email := range map[string]string{
		"the same person":  "dana@example.org",
		"different people": "dana%d@example.org",
	} {
		t.Run(who, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				st := open(t, db)
				token := beginSetup(t, st)
				results := make([]error, 20)
				var group sync.WaitGroup
				for i := range results {
					group.Go(func() {
						p, c := riverbend(), dana()
						if strings.Contains(email, "%") {
							c.Email = fmt.Sprintf(email, i)
						}
						results[i] = st.SetUp(t.Context(), token, &p, &c, password, at)
					})
				}
				group.Wait()
				won := 0
				for _, err := range results {
					switch {
					case err == nil:
						won++
					case !errors.Is(err, fault.NotFound):
						t.Error(err)
					}
				}
				practices, counselors := count(t, db, `SELECT COUNT(*) FROM practices`),
					count(t, db, `SELECT COUNT(*) FROM counselors WHERE role = 'owner'`)
				if won != 1 || practices != 1 || counselors != 1 {
					t.Errorf("%d won, %d practices, %d owners", won, practices, counselors)
				}
			})
		})
	}
}

func TestASetUpTokenOpensOnceAndOnlyTheNewest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		refused := func(what, token string) {
			t.Helper()
			p, c := riverbend(), dana()
			if err := st.MaySetUp(t.Context(), token); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: may set up: %v", what, err)
			}
			if err := st.SetUp(t.Context(), token, &p, &c, password, at); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: set up: %v", what, err)
			}
		}
		refused("before any token", "")
		first := beginSetup(t, st)
		token := beginSetup(t, st)
		refused("an earlier token", first)
		refused("a wrong token", token+"x")
		refused("no token", "")
		if n := count(t, db, `SELECT COUNT(*) FROM installation WHERE token_hash = ?`, token); n != 0 {
			t.Error("the token is stored in clear")
		}

		p, c := riverbend(), dana()
		wantFaults(t, st.SetUp(t.Context(), token, &p, &c, "short", at), "password")
		if err := st.MaySetUp(t.Context(), token); err != nil {
			t.Error("a form with a mistake used the token up:", err)
		}
		if err := st.SetUp(t.Context(), token, &p, &c, password, at); err != nil {
			t.Fatal(err)
		}
		refused("a used token", token)
		if again, err := st.BeginSetup(t.Context()); again != "" || err != nil {
			t.Errorf("after set-up: token %q, %v", again, err)
		}
		refused("a used token, after another start", token)
		if _, err := st.SignIn(t.Context(), c.Email, password, "", at); err != nil {
			t.Error("the owner cannot sign in:", err)
		}
	})
}

func TestANewPasswordEndsAllLogins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		practice(t, st, "robin@example.org")
		tokens := []string{signIn(t, st, "dana@example.org"), signIn(t, st, "dana@example.org")}
		robin := signIn(t, st, "robin@example.org")

		wantFaults(t, st.ResetPassword(t.Context(), "dana@example.org", "short", at), "password")
		if err := st.ResetPassword(t.Context(), "nobody@example.org", "nine loud herons",
			at); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
		for _, token := range append(tokens, robin) {
			if _, err := st.Authenticate(t.Context(), token, at); err != nil {
				t.Error("a reset that failed ended a login:", err)
			}
		}
		if err := st.ResetPassword(t.Context(), " Dana@example.org", "nine loud herons", at); err != nil {
			t.Fatal(err)
		}
		for _, token := range tokens {
			if _, err := st.Authenticate(t.Context(), token, at); !errors.Is(err, fault.SignedOut) {
				t.Errorf("got %v, want signed out", err)
			}
		}
		if _, err := st.Authenticate(t.Context(), robin, at); err != nil {
			t.Error("somebody else was signed out:", err)
		}
		if _, err := st.SignIn(t.Context(), "dana@example.org", password, "", at); err == nil {
			t.Error("the old password still opens")
		}
		if _, err := st.SignIn(t.Context(), "dana@example.org", "nine loud herons", "", at); err != nil {
			t.Error(err)
		}
	})
}
