package couples_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

var (
	at    = time.Date(2031, 3, 12, 22, 14, 0, 0, time.UTC)
	kinds = []string{"affair", "money", "lying"}
)

// practice creates a practice and returns its owner.
func practice(t *testing.T, db *database.DB, email string) accounts.Counselor {
	t.Helper()
	p := accounts.Practice{Name: "Riverbend", TimeZone: "UTC", Paper: "A4"}
	c := accounts.Counselor{Email: email, Name: "Dana Invented"}
	if err := accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8)).CreatePractice(t.Context(), &p, &c,
		"seven quiet herons", at); err != nil {
		t.Fatal(err)
	}
	return c
}

func colleague(t *testing.T, db *database.DB, practice, email string) accounts.Counselor {
	t.Helper()
	c := accounts.Counselor{Email: email, Name: "Kim Invented"}
	if err := accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8)).AddCounselor(t.Context(), practice, &c,
		"seven quiet herons", at); err != nil {
		t.Fatal(err)
	}
	return c
}

// robinAndSasha returns a couple as a form submits it.
func robinAndSasha(of accounts.Counselor, key string) couples.Couple {
	return couples.Couple{
		PracticeID: of.PracticeID, CounselorID: of.ID, FormKey: key, CreatedAt: at,
		Partners: [2]couples.Partner{
			{Name: "Robin Invented", AddressAs: "Robin", Reach: "robin@example.org"},
			{Name: "Sasha Madeup", AddressAs: "Sasha"},
		},
		Breaches: []couples.Breach{{Name: "The summer", Broke: couples.B, KindList: "affair lying"}},
	}
}

func create(t *testing.T, st *couples.Store, c couples.Couple) couples.Couple {
	t.Helper()
	if err := st.Create(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func find(t *testing.T, st *couples.Store, c couples.Couple) couples.Couple {
	t.Helper()
	found, err := st.Find(t.Context(), c.PracticeID, c.CounselorID, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wantFaults checks that err names exactly these fields.
func wantFaults(t *testing.T, err error, fields ...string) {
	t.Helper()
	bad, _ := errors.AsType[fault.Fields](err)
	if diff := cmp.Diff(fields, slices.Sorted(maps.Keys(bad))); diff != "" || err != nil && bad == nil {
		t.Errorf("fields at fault (-want +got):\n%s%v", diff, err)
	}
}

func count(t *testing.T, db *database.DB, query string) (n int) {
	t.Helper()
	if err := db.Get(t.Context(), &n, query); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestACoupleIsFoundAsItWasCreated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		made := robinAndSasha(practice(t, db, "dana@example.org"), "key")
		made.Breaches = append(made.Breaches, couples.Breach{Name: "The loan — “ours”", Broke: couples.A, KindList: "money"})
		made = create(t, st, made)
		want := made
		want.CreatedAt = time.Time{} // not read back
		want.Policies = find(t, st, made).Policies
		want.Breaches = slices.Clone(made.Breaches)
		for i := range want.Breaches {
			want.Breaches[i].CreatedAt = time.Time{} // not read back
		}
		if diff := cmp.Diff(want, find(t, st, made)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if made.RecordNo != "C-0001" || made.Partners[0].Side != couples.A || made.Partners[1].Side != couples.B {
			t.Errorf("got %s, %s, %s", made.RecordNo, made.Partners[0].Side, made.Partners[1].Side)
		}
	})
}

func TestAMutualHurtIsTwoBreaches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := robinAndSasha(practice(t, db, "dana@example.org"), "key")
		c.Breaches = []couples.Breach{
			{Name: "Both of us", Broke: couples.A, KindList: "lying"},
			{Name: "Both of us", Broke: couples.B, KindList: "lying"},
		}
		got := find(t, st, create(t, st, c)).Breaches
		if len(got) != 2 || got[0].Hurt() != couples.B || got[1].Hurt() != couples.A || got[0].ID == got[1].ID {
			t.Errorf("got %+v", got)
		}
	})
}

func TestTheSameFormTwiceIsOneCouple(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, other := practice(t, db, "dana@example.org"), practice(t, db, "robin@example.org")
		first := create(t, st, robinAndSasha(dana, "key"))
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				again := robinAndSasha(dana, "key")
				if err := st.Create(t.Context(), &again); err != nil || again.ID != first.ID {
					t.Errorf("got couple %s, want %s, %v", again.ID, first.ID, err)
				}
			})
		}
		group.Wait()
		if elsewhere := create(t, st, robinAndSasha(other, "key")); elsewhere.ID == first.ID ||
			elsewhere.RecordNo != "C-0001" {
			t.Error("another practice's form is another couple")
		}
		if n, parts := count(t, db, `SELECT COUNT(*) FROM couples`),
			count(t, db, `SELECT COUNT(*) FROM partners`); n != 2 || parts != 4 {
			t.Errorf("got %d couples, %d partners", n, parts)
		}
	})
}

func TestTenCouplesAtOnceGetTenRecordNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana := practice(t, db, "dana@example.org")
		numbers := make([]string, 10)
		var group sync.WaitGroup
		for i := range numbers {
			group.Go(func() {
				c := robinAndSasha(dana, fmt.Sprint("key ", i))
				err := st.Create(t.Context(), &c)
				for errors.Is(err, fault.Busy) {
					err = st.Create(t.Context(), &c)
				}
				if err != nil {
					t.Error(err)
				}
				numbers[i] = c.RecordNo
			})
		}
		group.Wait()
		slices.Sort(numbers)
		want := []string{"C-0001", "C-0002", "C-0003", "C-0004", "C-0005", "C-0006", "C-0007", "C-0008", "C-0009", "C-0010"}
		if diff := cmp.Diff(want, numbers); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	for _, test := range []struct {
		what   string
		change func(*couples.Couple)
		want   []string
	}{
		{"nothing", func(*couples.Couple) {}, nil},
		{"longest", func(c *couples.Couple) {
			c.Partners[1].Name, c.Partners[1].AddressAs, c.Partners[1].Reach, c.Breaches[0].Name = long(120),
				long(60), long(200), long(120)
		}, nil},
		{"too long", func(c *couples.Couple) {
			c.Partners[1].Name, c.Partners[1].AddressAs, c.Partners[1].Reach, c.Breaches[0].Name = long(121),
				long(61), long(201), long(121)
		}, []string{"b_address_as", "b_name", "b_reach", "breach.0.name"}},
		{
			"empty", func(c *couples.Couple) { c.Partners, c.Breaches = [2]couples.Partner{}, nil },
			[]string{"a_address_as", "a_name", "b_address_as", "b_name", "breach.0.name"},
		},
		{
			"empty breach", func(c *couples.Couple) { c.Breaches = append(c.Breaches, couples.Breach{}) },
			[]string{"breach.1.broke", "breach.1.kinds", "breach.1.name"},
		},
		{"cannot be stored", func(c *couples.Couple) {
			c.Partners[0].Name, c.Partners[0].Reach, c.Breaches[0].Name = "Ro\x00bin", "\xff", "The \xc3"
		}, []string{"a_name", "a_reach", "breach.0.name"}},
		{"neither side", func(c *couples.Couple) { c.Breaches[0].Broke = "both" }, []string{"breach.0.broke"}},
		{"side in another case", func(c *couples.Couple) { c.Breaches[0].Broke = "a" }, []string{"breach.0.broke"}},
		{"unknown kind", func(c *couples.Couple) { c.Breaches[0].KindList = "affair treason" }, []string{"breach.0.kinds"}},
		{"no kind", func(c *couples.Couple) { c.Breaches[0].KindList = "  " }, []string{"breach.0.kinds"}},
	} {
		t.Run(test.what, func(t *testing.T) {
			c := robinAndSasha(accounts.Counselor{}, "key")
			test.change(&c)
			wantFaults(t, c.Validate(kinds), test.want...)
		})
	}
}

func TestACoupleThatIsWrongIsNotStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := robinAndSasha(practice(t, db, "dana@example.org"), "key")
		c.Partners[0].Name, c.Breaches[0].KindList = "", "treason"
		wantFaults(t, st.Create(t.Context(), &c), "a_name", "breach.0.kinds")
		if n := count(t, db, `SELECT COUNT(*) FROM couples`); n != 0 || c.ID != "" {
			t.Errorf("got %d couples, id %q", n, c.ID)
		}
	})
}

func TestACoupleAnswersForItsParts(t *testing.T) {
	c := robinAndSasha(accounts.Counselor{}, "key")
	c.Breaches = []couples.Breach{{ID: "1", Broke: couples.B, KindList: " affair  lying "}, {ID: "2", Broke: couples.A}}
	c.Goals = []couples.Goal{{ID: "open"}, {ID: "retired", Retired: true}, {ID: "open too"}}
	for _, test := range []struct {
		what      string
		got, want any
	}{
		{"names", c.Names(), "Robin and Sasha"},
		{"partner A", c.Partner(couples.A).AddressAs, "Robin"},
		{"partner B", c.Partner(couples.B).AddressAs, "Sasha"},
		{"other of A", couples.A.Other(), couples.B},
		{"other of B", couples.B.Other(), couples.A},
		{"hurt by B", c.Breaches[0].Hurt(), couples.A},
		{"hurt by A", c.Breaches[1].Hurt(), couples.B},
		{"kinds", c.Breaches[0].Kinds(), []string{"affair", "lying"}},
		{"breach", c.Breach("2").ID, "2"},
		{"unknown breach", c.Breach("3").ID, "1"},
		{"no breach", couples.Couple{}.Breach("1"), couples.Breach{}},
		{"open goals", c.OpenGoals(), []couples.Goal{{ID: "open"}, {ID: "open too"}}},
		{"all goals still", len(c.Goals), 3},
		{"and unchanged", c.Goals[1].ID, "retired"},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.what, diff)
		}
	}
}
