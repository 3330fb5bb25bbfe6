package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func signIn(t *testing.T, st *accounts.Store, email string) string {
	t.Helper()
	token, err := st.SignIn(t.Context(), email, password, "", at)
	if err != nil || token == "" {
		t.Fatalf("token %q, %v", token, err)
	}
	return token
}

// join has partner join with a sign-in name and the passphrase, and returns the token.
func join(t *testing.T, st *accounts.Store, practice, partner, name string) string {
	t.Helper()
	code, err := st.Invite(t.Context(), practice, partner, at)
	if err != nil {
		t.Fatal(err)
	}
	token, err := st.Join(t.Context(), code, name, passphrase, at)
	if err != nil || token == "" {
		t.Fatalf("token %q, %v", token, err)
	}
	return token
}

// stored returns every value of a table as text.
func stored(t *testing.T, db *database.DB, table string) (values []string) {
	t.Helper()
	rows, err := db.Pool().QueryxContext(t.Context(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.SliceScan()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			values = append(values, fmt.Sprint(v))
		}
	}
	if rows.Err() != nil || len(values) == 0 {
		t.Fatal(table, len(values), rows.Err())
	}
	return values
}

func TestACounselorSignsInByAddressAndAPartnerByName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10")
		for _, test := range []struct{ signIn, password, person string }{
			{"dana@example.org", password, c.ID},
			{"DANA@Example.org", password, c.ID},
			{"  dana@example.org\t", password, c.ID},
			{"amber-anchor-10", passphrase, "partner-robin"},
			{" Amber-ANCHOR-10 ", passphrase, "partner-robin"},
		} {
			for _, same := range []string{"", test.person} {
				token, err := st.SignIn(t.Context(), test.signIn, test.password, same, at)
				if err != nil {
					t.Errorf("%q: %v", test.signIn, err)
					continue
				}
				l, err := st.Authenticate(t.Context(), token, at)
				if err != nil || l.Person() != test.person || l.IsCounselor() != (test.person == c.ID) ||
					l.PracticeID != c.PracticeID {
					t.Errorf("%q: %+v, %v", test.signIn, l, err)
				}
			}
		}
	})
}

func TestALoginKnowsWhoAndWhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		l, err := st.Authenticate(t.Context(), signIn(t, st, "dana@example.org"), at)
		want := accounts.Login{
			ID: l.ID, PracticeID: c.PracticeID, CounselorID: c.ID, CounselorName: "Dana Invented", Role: accounts.Owner,
			PracticeName: "Riverbend", TimeZone: "America/New_York", Frame: safety().PublicFrame, SeenAt: at,
			FreshUntil: at.Add(accounts.FreshFor), AbsoluteUntil: at.Add(accounts.LongestLogin),
		}
		if diff := gocmp.Diff(want, l, cmpopts.IgnoreUnexported(accounts.Login{})); diff != "" || err != nil {
			t.Errorf("counselor (-want +got):\n%s%v", diff, err)
		}
		if got := l.Zone().String(); got != "America/New_York" {
			t.Errorf("got zone %s", got)
		}
		p, err := st.Authenticate(t.Context(), join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10"), at)
		want.ID, want.CounselorID, want.CounselorName, want.Role, want.PartnerID, want.Language = p.ID, "", "",
			"", "partner-robin", "en"
		if diff := gocmp.Diff(want, p, cmpopts.IgnoreUnexported(accounts.Login{})); diff != "" || err != nil {
			t.Errorf("partner (-want +got):\n%s%v", diff, err)
		}
	})
}

func TestEverySignInThatFailsIsAnsweredAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10")
		want := fault.Fields{"sign_in": "error.sign_in"}
		for _, test := range []struct{ what, signIn, password, same string }{
			{"wrong password", "dana@example.org", passphrase, ""},
			{"password in another case", "dana@example.org", strings.ToUpper(password), ""},
			{"no password", "dana@example.org", "", ""},
			{"unknown address", "nobody@example.org", password, ""},
			{"unknown name", "ashen-apple-11", passphrase, ""},
			{"the password of the unknown", "nobody@example.org", "nobody has this password", ""},
			{"nothing", "", "", ""},
			{"a name that cannot be stored", "dana\x00", password, ""},
			{"a name that is not text", "\xff\xfe", password, ""},
			{"everybody", "%", password, ""},
			{"another person", "dana@example.org", password, "partner-robin"},
			{"another partner", "amber-anchor-10", passphrase, "partner-sasha"},
			{"a partner for the counselor", "amber-anchor-10", passphrase, c.ID},
		} {
			token, err := st.SignIn(t.Context(), test.signIn, test.password, test.same, at)
			got, _ := errors.AsType[fault.Fields](err)
			if diff := gocmp.Diff(want, got); diff != "" || token != "" {
				t.Errorf("%s: token %q, %v (-want +got):\n%s", test.what, token, err, diff)
			}
		}
		if n := count(t, db, `SELECT COUNT(*) FROM logins`); n != 1 { // the one from joining
			t.Errorf("got %d logins, want 1", n)
		}
	})
}

func TestTokensAndPasswordsAreNotStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		secrets := []string{
			password, passphrase, signIn(t, st, "dana@example.org"),
			join(t, st, c.PracticeID, "partner-robin", "amber-anchor-10"),
		}
		for _, table := range []string{"logins", "counselors", "sign_ins"} {
			for _, value := range stored(t, db, table) {
				for _, secret := range secrets {
					if strings.Contains(value, secret) {
						t.Errorf("%s holds a secret: %s", table, value)
					}
				}
			}
		}
	})
}

func TestALoginEndsByDisuseByAgeAndBySigningOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		n := 9
		counselor := func() string { return signIn(t, st, "dana@example.org") }
		partner := func() string {
			n++
			return join(t, st, c.PracticeID, fmt.Sprint("partner-", n), fmt.Sprint("amber-anchor-", n))
		}
		signedOut := func(what, token string, after time.Duration, want bool) {
			t.Helper()
			_, err := st.Authenticate(t.Context(), token, at.Add(after))
			if errors.Is(err, fault.SignedOut) != want || !want && err != nil {
				t.Errorf("%s, after %v: %v", what, after, err)
			}
		}
		signedOut("counselor at the idle limit", counselor(), accounts.CounselorIdle, false)
		signedOut("counselor idle too long", counselor(), accounts.CounselorIdle+time.Second, true)
		signedOut("partner at the idle limit", partner(), accounts.PartnerIdle, false)
		signedOut("partner idle too long", partner(), accounts.PartnerIdle+time.Second, true)
		signedOut("nobody", "no such token", 0, true)
		signedOut("nobody at all", "", 0, true)

		for what, busy := range map[string]string{"busy counselor": counselor(), "busy partner": partner()} {
			for after := time.Duration(0); after < accounts.LongestLogin; after += 15 * time.Minute {
				signedOut(what, busy, after, false)
			}
			signedOut(what, busy, accounts.LongestLogin+time.Second, true)
		}

		here, there := counselor(), counselor()
		for range 2 { // submitted twice
			if err := st.SignOut(t.Context(), here, at.Add(time.Minute)); err != nil {
				t.Error(err)
			}
		}
		signedOut("signed out", here, time.Minute, true)
		signedOut("the other browser", there, time.Minute, false)
		for _, unknown := range []string{"", "no such token", "\x00\xff"} {
			if err := st.SignOut(t.Context(), unknown, at); err != nil {
				t.Errorf("%q: %v", unknown, err)
			}
		}
	})
}

func TestUseIsNotedEveryThirtySecondsAtMost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		token := signIn(t, st, "dana@example.org")
		for _, test := range []struct{ after, want time.Duration }{
			{0, 0},
			{10 * time.Second, 0},
			{30 * time.Second, 0},
			{31 * time.Second, 31 * time.Second},
			{60 * time.Second, 31 * time.Second},
			{62 * time.Second, 62 * time.Second},
		} {
			if _, err := st.Authenticate(t.Context(), token, at.Add(test.after)); err != nil {
				t.Fatal(err)
			}
			var seen time.Time
			if err := db.Get(t.Context(), &seen, `SELECT seen_at FROM logins`); err != nil || !seen.Equal(at.Add(test.want)) {
				t.Errorf("after %v: got %v, want %v, %v", test.after, seen.Sub(at), test.want, err)
			}
		}
	})
}

func TestASignOutAmongRequestsHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		token := signIn(t, st, "dana@example.org")
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				_, err := st.Authenticate(t.Context(), token, at.Add(time.Duration(i+1)*time.Minute))
				if err != nil && !errors.Is(err, fault.SignedOut) {
					t.Error(err)
				}
			})
		}
		group.Go(func() {
			if err := st.SignOut(t.Context(), token, at.Add(10*time.Minute)); err != nil {
				t.Error(err)
			}
		})
		group.Wait()
		if _, err := st.Authenticate(t.Context(), token, at.Add(20*time.Minute)); !errors.Is(err, fault.SignedOut) {
			t.Errorf("got %v, want signed out", err)
		}
	})
}

func TestSigningAsksForTheCounselorsOwnPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		c := practice(t, st, "dana@example.org")
		other := practice(t, st, "robin@example.org")
		here := accounts.Login{PracticeID: c.PracticeID, CounselorID: c.ID}
		if err := st.CheckPassword(t.Context(), here, accounts.Browser{}, "signature", password, at); err != nil {
			t.Error(err)
		}
		for _, wrong := range []string{"", passphrase, password + " ", "\x00"} {
			wantFaults(t, st.CheckPassword(t.Context(), here, accounts.Browser{}, "signature", wrong, at), "password")
		}
		elsewhere := accounts.Login{PracticeID: other.PracticeID, CounselorID: c.ID}
		if err := st.CheckPassword(t.Context(), elsewhere, accounts.Browser{}, "signature", password,
			at); !errors.Is(err, fault.NotFound) {
			t.Errorf("in another practice: %v", err)
		}
	})
}
