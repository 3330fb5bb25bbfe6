package accounts_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func invite(t *testing.T, st *accounts.Store, practice, partner string) string {
	t.Helper()
	code, err := st.Invite(t.Context(), practice, partner, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// wrongSecret returns a code that finds the same invitation but has the wrong secret.
func wrongSecret(code string) string {
	if last := len(code) - 1; code[last] != '0' {
		return code[:last] + "0"
	}
	return code[:len(code)-1] + "1"
}

func TestACodeIsEightCharactersThatAreNotConfused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		shape := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$`)
		for i := range 20 {
			code := invite(t, st, c.PracticeID, fmt.Sprint("partner-", i))
			if !shape.MatchString(code) {
				t.Errorf("got %q", code)
			}
			bare := strings.ReplaceAll(code, "-", "")
			for _, value := range stored(t, db, "invitations") {
				if value == bare[3:] || strings.Contains(value, bare) || strings.Contains(value, code) {
					t.Errorf("the code %s is stored in %q", code, value)
				}
			}
		}
	})
}

func TestACodeOpensOnceHoweverItIsTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		for i, typed := range []func(string) string{
			func(code string) string { return code },
			strings.ToLower,
			func(code string) string { return " " + strings.ReplaceAll(code, "-", " ") + " " },
			func(code string) string { return strings.Join(strings.Split(code, ""), " ") },
			strings.NewReplacer("0", "O", "1", "l").Replace,
			strings.NewReplacer("0", "o", "1", "I", "-", "").Replace,
		} {
			partner, name := fmt.Sprint("partner-", i), fmt.Sprint("amber-anchor-", 10+i)
			code := invite(t, st, c.PracticeID, partner)
			token, err := st.Join(t.Context(), typed(code), name, passphrase, at)
			if err != nil {
				t.Errorf("%q: %v", typed(code), err)
				continue
			}
			if l, err := st.Authenticate(t.Context(), token, at); err != nil || l.Person() != partner || l.IsCounselor() {
				t.Errorf("%+v, %v", l, err)
			}
			_, err = st.Join(t.Context(), code, "ashen-apple-10", passphrase, at)
			wantFaults(t, err, "code")
		}
	})
}

func TestAnInvitationEndsAfterThreeDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		code := invite(t, st, c.PracticeID, "partner-robin")
		_, err := st.Join(t.Context(), code, "amber-anchor-10", passphrase, at.Add(72*time.Hour))
		wantFaults(t, err, "code")
		if _, err := st.Join(t.Context(), code, "amber-anchor-10", passphrase, at.Add(72*time.Hour-time.Second)); err != nil {
			t.Error(err)
		}
	})
}

func TestFiveWrongTriesBurnAnInvitation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		for tries := 4; tries <= 5; tries++ {
			code := invite(t, st, c.PracticeID, fmt.Sprint("partner-", tries))
			for range tries {
				_, err := st.Join(t.Context(), wrongSecret(code), "amber-anchor-10", passphrase, at)
				wantFaults(t, err, "code")
			}
			_, err := st.Join(t.Context(), code, fmt.Sprint("amber-anchor-1", tries), passphrase, at)
			if burnt := err != nil; burnt != (tries == 5) {
				t.Errorf("after %d wrong tries: %v", tries, err)
			}
		}
	})
}

func TestEveryCodeThatDoesNotOpenIsAnsweredAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		used := invite(t, st, c.PracticeID, "partner-robin")
		if _, err := st.Join(t.Context(), used, "amber-anchor-10", passphrase, at); err != nil {
			t.Fatal(err)
		}
		earlier := invite(t, st, c.PracticeID, "partner-sasha")
		code := invite(t, st, c.PracticeID, "partner-sasha")
		other := invite(t, st, c.PracticeID, "partner-kim")
		want := fault.Fields{"code": "error.invitation_code"}
		for what, typed := range map[string]string{
			"none": "", "short": "ABC", "used": used, "earlier": earlier, "wrong": wrongSecret(code),
			"half of one and half of another": code[:3] + other[3:],
			"not of the alphabet":             "AAÉAAAA", "not text": "\xff\xfeABCDEF",
			"NUL": "\x00\x00\x00\x00\x00\x00\x00\x00", "everything": "%%%%%%%%",
		} {
			token, err := st.Join(t.Context(), typed, "ashen-apple-10", passphrase, at)
			got, _ := errors.AsType[fault.Fields](err)
			if diff := gocmp.Diff(want, got); diff != "" || token != "" {
				t.Errorf("%s: token %q, %v (-want +got):\n%s", what, token, err, diff)
			}
		}
		token, err := st.Join(t.Context(), code, "ashen-apple-10", passphrase, at)
		if err != nil {
			t.Fatal(err)
		}
		if l, err := st.Authenticate(t.Context(), token, at); err != nil || l.Person() != "partner-sasha" {
			t.Errorf("the code opened for %q, %v", l.Person(), err)
		}
	})
}

func TestAMistakeInTheFormDoesNotUseTheInvitationUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		join(t, st, c.PracticeID, "partner-sasha", "amber-anchor-10")
		code := invite(t, st, c.PracticeID, "partner-robin")
		for range 6 { // more tries than an invitation allows
			for _, test := range []struct{ name, passphrase, field string }{
				{"amber-anchor-10", passphrase, "name"}, // Sasha's
				{"robin", passphrase, "name"},
				{"Ashen-apple-10", passphrase, "name"},
				{"ashen-apple-10\n", passphrase, "name"},
				{"", passphrase, "name"},
				{"ashen-apple-10", "too short", "passphrase"},
				{"ashen-apple-10", strings.Repeat("x", 201), "passphrase"},
				{"ashen-apple-10", "a lantern\x00 on the pier", "passphrase"},
			} {
				_, err := st.Join(t.Context(), code, test.name, test.passphrase, at)
				wantFaults(t, err, test.field)
			}
		}
		if _, err := st.Join(t.Context(), code, "ashen-apple-10", passphrase, at); err != nil {
			t.Error("the invitation was used up:", err)
		}
		if _, err := st.SignIn(t.Context(), "amber-anchor-10", passphrase, "partner-sasha", at); err != nil {
			t.Error("Sasha lost the sign-in:", err)
		}
	})
}

func TestJoiningAgainTakesThePlaceOfTheEarlierSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		old := join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10")
		other := join(t, st, c.PracticeID, "partner-sasha", "ashen-apple-10")
		for i, name := range []string{"amber-anchor-10", "azure-bench-10"} { // the same name, then a new one
			fresh := fmt.Sprint("a kettle by the window ", i)
			code, at := invite(t, st, c.PracticeID, "partner-robin"), at.Add(25*time.Hour)
			token, err := st.Join(t.Context(), code, name, fresh, at)
			if err != nil {
				t.Fatal(name, err)
			}
			if _, err := st.Authenticate(t.Context(), old, at); !errors.Is(err, fault.SignedOut) {
				t.Errorf("the earlier login: %v", err)
			}
			if l, err := st.Authenticate(t.Context(), token, at); err != nil || l.Person() != "partner-robin" {
				t.Errorf("the new login: %v", err)
			}
			if _, err := st.SignIn(t.Context(), name, passphrase, "", at); err == nil {
				t.Error("the earlier passphrase still opens")
			}
			if _, err := st.SignIn(t.Context(), name, fresh, "partner-robin", at); err != nil {
				t.Error(err)
			}
			old = token
		}
		if _, err := st.SignIn(t.Context(), "amber-anchor-10", "a kettle by the window 0", "", at); err == nil {
			t.Error("the earlier name still opens")
		}
		if _, err := st.Authenticate(t.Context(), other, at); err != nil {
			t.Error("the other partner was signed out:", err)
		}
		if n := count(t, db, `SELECT COUNT(*) FROM sign_ins`); n != 2 {
			t.Errorf("got %d sign-ins, want 2", n)
		}
	})
}

func TestTwentyWhoJoinAtOnceWithOneCodeMakeOneLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		code := invite(t, st, c.PracticeID, "partner-robin")
		results := make([]error, 20)
		var group sync.WaitGroup
		for i := range results {
			group.Go(func() {
				_, results[i] = st.Join(t.Context(), code, fmt.Sprint("amber-anchor-", 10+i), passphrase, at)
			})
		}
		group.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
				continue
			}
			wantFaults(t, err, "code")
		}
		logins, signIns := count(t, db, `SELECT COUNT(*) FROM logins`), count(t, db, `SELECT COUNT(*) FROM sign_ins`)
		if won != 1 || logins != 1 || signIns != 1 {
			t.Errorf("%d joined, %d logins, %d sign-ins", won, logins, signIns)
		}
	})
}

func TestTwentyWrongGuessesAtOnceCountFive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "")
		code := invite(t, st, c.PracticeID, "partner-robin")
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				_, err := st.Join(t.Context(), wrongSecret(code), "amber-anchor-10", passphrase, at)
				wantFaults(t, err, "code")
			})
		}
		group.Wait()
		if n := count(t, db, `SELECT tries FROM invitations WHERE closed_at IS NOT NULL`); n != 5 {
			t.Errorf("got %d tries, want 5", n)
		}
	})
}
