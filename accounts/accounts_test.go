package accounts_test

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

const (
	password   = "seven quiet herons"
	passphrase = "a lantern on the pier"
)

var at = time.Date(2031, 3, 12, 22, 14, 0, 0, time.UTC)

func open(t *testing.T, db *database.DB) *accounts.Store {
	return accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8))
}

func riverbend() accounts.Practice {
	return accounts.Practice{Name: "Riverbend", TimeZone: "America/New_York", Paper: "Letter"}
}

func dana() accounts.Counselor {
	return accounts.Counselor{Email: "dana@example.org", Name: "Dana Invented"}
}

// practice creates a practice whose owner signs in with email.
func practice(t *testing.T, st *accounts.Store, email string) accounts.Counselor {
	t.Helper()
	p, c := riverbend(), dana()
	c.Email = cmp.Or(email, c.Email)
	if err := st.CreatePractice(t.Context(), &p, &c, password, at); err != nil {
		t.Fatal(err)
	}
	if err := st.ReviewSafety(t.Context(), c.PracticeID, c.ID, safety(), at); err != nil {
		t.Fatal(err)
	}
	return c
}

// safety returns the default safety settings, with no covering counselor.
func safety() accounts.Safety {
	s := accounts.DefaultSafety()
	s.NoCover = "I work alone, and tell every couple whom to call."
	return s
}

// wantFaults checks that err names exactly these fields.
func wantFaults(t *testing.T, err error, fields ...string) {
	t.Helper()
	bad, _ := errors.AsType[fault.Fields](err)
	if diff := gocmp.Diff(fields, slices.Sorted(maps.Keys(bad))); diff != "" || err != nil && bad == nil {
		t.Errorf("fields at fault (-want +got):\n%s%v", diff, err)
	}
}

func count(t *testing.T, db *database.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.Get(t.Context(), &n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestThePracticeStandsAboveItsPrintedSheets(t *testing.T) {
	for _, test := range []struct {
		name string
		p    accounts.Practice
		want []string
	}{
		{"name only", accounts.Practice{Name: "Riverbend"}, []string{"Riverbend"}},
		{
			"all of it",
			accounts.Practice{
				Name: "Riverbend", Address: "1 Pier Street\r\nHarbor", Telephone: "555 0100",
				Letterhead: "By appointment",
			},
			[]string{"Riverbend", "1 Pier Street", "Harbor", "555 0100", "By appointment"},
		},
		{
			"empty lines",
			accounts.Practice{Name: "Riverbend", Address: "\n\n  1 Pier Street  \n \n", Letterhead: "\t"},
			[]string{"Riverbend", "1 Pier Street"},
		},
	} {
		if diff := gocmp.Diff(test.want, test.p.Lines()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestASignatureHasWhatTheCounselorGave(t *testing.T) {
	for _, test := range []struct {
		c    accounts.Counselor
		want string
	}{
		{accounts.Counselor{Name: "Dana Invented"}, "Dana Invented"},
		{accounts.Counselor{Name: "Dana Invented", Credentials: "PhD"}, "Dana Invented, PhD"},
		{accounts.Counselor{Name: "Dana Invented", LicenseType: "LMFT"}, "Dana Invented, LMFT"},
		{accounts.Counselor{Name: "Dana Invented", LicenseNo: "0001"}, "Dana Invented, 0001"},
		{accounts.Counselor{Name: "Dana Invented", LicenseState: "VT"}, "Dana Invented (VT)"},
		{
			accounts.Counselor{
				Name: "Dana Invented", Credentials: "PhD", LicenseType: "LMFT",
				LicenseNo: "0001", LicenseState: "VT",
			},
			"Dana Invented, PhD, LMFT 0001 (VT)",
		},
	} {
		if got := test.c.Signature(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestAnUnknownTimeZoneIsReadAsUTC(t *testing.T) {
	if got := riverbend().Zone().String(); got != "America/New_York" {
		t.Errorf("got %s", got)
	}
	if got := (accounts.Practice{TimeZone: "Nowhere/Land"}).Zone(); got != time.UTC {
		t.Errorf("got %s, want UTC", got)
	}
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) } // characters count, not bytes
	for _, test := range []struct {
		what   string
		change func(p *accounts.Practice, c *accounts.Counselor, password *string)
		want   []string
	}{
		{"nothing", func(*accounts.Practice, *accounts.Counselor, *string) {}, nil},
		{"longest", func(p *accounts.Practice, c *accounts.Counselor, w *string) {
			p.Name, p.Address, p.Telephone, p.Letterhead = long(200), long(500), long(60), long(500)
			c.Name, c.Credentials, c.LicenseType, c.LicenseNo, c.LicenseState, *w = long(120), long(120), long(120), long(60),
				long(60), strings.Repeat("ö", 200)
		}, nil},
		{"too long", func(p *accounts.Practice, c *accounts.Counselor, w *string) {
			p.Name, p.Address, p.Telephone, p.Letterhead = long(201), long(501), long(61), long(501)
			c.Name, c.Credentials, c.LicenseType, c.LicenseNo, c.LicenseState, *w = long(121), long(121), long(121),
				long(61), long(61), long(201)
		}, []string{
			"address", "credentials", "letterhead", "license_no", "license_state", "license_type", "name", "password",
			"practice", "telephone",
		}},
		{
			"empty", func(p *accounts.Practice, c *accounts.Counselor, w *string) {
				*p, *c, *w = accounts.Practice{}, accounts.Counselor{}, ""
			},
			[]string{"email", "name", "paper", "password", "practice", "time_zone"},
		},
		{"NUL", func(p *accounts.Practice, c *accounts.Counselor, w *string) {
			p.Name, p.TimeZone, c.Name, c.Email, *w = "River\x00bend", "UTC\x00", "Da\x00na", "da\x00na@example.org",
				"seven quiet\x00 herons"
		}, []string{"email", "name", "password", "practice", "time_zone"}},
		{"not UTF-8", func(p *accounts.Practice, c *accounts.Counselor, w *string) {
			p.Name, p.Address, c.Name, c.Email, *w = "River\xff", "\xc3", "\xed\xa0\x80", "da\xffna@example.org",
				"seven quiet\xff herons"
		}, []string{"address", "email", "name", "password", "practice"}},
		{
			"time zone of the server", func(p *accounts.Practice, _ *accounts.Counselor, _ *string) { p.TimeZone = "Local" },
			[]string{"time_zone"},
		},
		{
			"invented time zone", func(p *accounts.Practice, _ *accounts.Counselor, _ *string) { p.TimeZone = "Nowhere/Land" },
			[]string{"time_zone"},
		},
		{
			"file as time zone",
			func(p *accounts.Practice, _ *accounts.Counselor, _ *string) { p.TimeZone = "../../etc/passwd" },
			[]string{"time_zone"},
		},
		{"A5", func(p *accounts.Practice, _ *accounts.Counselor, _ *string) { p.Paper = "A5" }, []string{"paper"}},
		{
			"eleven characters", func(_ *accounts.Practice, _ *accounts.Counselor, w *string) { *w = long(11) },
			[]string{"password"},
		},
		{"twelve characters", func(_ *accounts.Practice, _ *accounts.Counselor, w *string) { *w = long(12) }, nil},
	} {
		t.Run(test.what, func(t *testing.T) {
			p, c, w := riverbend(), dana(), password
			test.change(&p, &c, &w)
			wantFaults(t, accounts.ValidateSetup(p, c, w), test.want...)
		})
	}
}

func TestOnlyAPlainAddressIsAnEmailAddress(t *testing.T) {
	for email, good := range map[string]bool{
		"dana@example.org":                     true,
		"dana.o'invented+mend@sub.example.org": true,
		"zoë@example.org":                      true,
		"dana":                                 false,
		"@example.org":                         false,
		"dana@":                                false,
		" dana@example.org":                    false,
		"Dana <dana@example.org>":              false,
		"<dana@example.org>":                   false,
		"dana@example.org, robin@example.org":  false,
		"dana@example.org\r\nBcc: robin@example.org": false,
		strings.Repeat("d", 250) + "@example.org":    false,
	} {
		c := dana()
		c.Email = email
		if err := c.Validate(); (err == nil) != good {
			t.Errorf("%q: %v", email, err)
		}
	}
}

func TestWhatWasTypedIsStoredOnBothEngines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		p := accounts.Practice{
			Name: strings.Repeat("é", 200), Address: "1 Pier Street\nHarbor", Telephone: "555 0100",
			TimeZone: "Asia/Kathmandu", Letterhead: "🕯", Paper: "A4",
		}
		c := accounts.Counselor{
			Email: "  Dana@Example.ORG ", Name: "Łukasz Invented", Credentials: "PhD",
			LicenseType: "LMFT", LicenseNo: "0001", LicenseState: "VT",
		}
		if err := st.CreatePractice(t.Context(), &p, &c, password, at); err != nil {
			t.Fatal(err)
		}
		gotP, err := st.FindPractice(t.Context(), p.ID)
		if diff := gocmp.Diff(p, gotP); diff != "" || err != nil {
			t.Errorf("practice (-want +got):\n%s%v", diff, err)
		}
		gotC, err := st.FindCounselor(t.Context(), p.ID, c.ID)
		if diff := gocmp.Diff(c, gotC); diff != "" || err != nil {
			t.Errorf("counselor (-want +got):\n%s%v", diff, err)
		}
		if gotC.Email != "dana@example.org" || gotC.Role != accounts.Owner {
			t.Errorf("got %s, %s", gotC.Email, gotC.Role)
		}
		for _, ids := range [][2]string{{"another", c.ID}, {p.ID, "nobody"}} {
			if _, err := st.FindCounselor(t.Context(), ids[0], ids[1]); !errors.Is(err, fault.NotFound) {
				t.Errorf("%v: %v", ids, err)
			}
		}
		if _, err := st.FindPractice(t.Context(), "another"); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

func TestTwoCounselorsCannotShareAnAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		owner := practice(t, st, "dana@example.org")
		robin := accounts.Counselor{Email: "robin@example.org", Name: "Robin Invented", Role: accounts.Owner}
		if err := st.AddCounselor(t.Context(), owner.PracticeID, &robin, password, at); err != nil ||
			robin.Role != accounts.Member {
			t.Fatal(robin.Role, err)
		}
		for _, email := range []string{"robin@example.org", "DANA@example.org", " Robin@Example.org "} {
			again := accounts.Counselor{Email: email, Name: "Sasha Invented"}
			wantFaults(t, st.AddCounselor(t.Context(), owner.PracticeID, &again, password, at), "email")
		}
		p, c := riverbend(), dana()
		wantFaults(t, st.CreatePractice(t.Context(), &p, &c, password, at), "email")
		if got := count(t, db, `SELECT COUNT(*) FROM practices`); got != 1 {
			t.Errorf("got %d practices, want 1: the refused one must leave nothing", got)
		}
		short := accounts.Counselor{Name: "Sasha Invented"}
		wantFaults(t, st.AddCounselor(t.Context(), owner.PracticeID, &short, "short", at), "email", "password")
	})
}
