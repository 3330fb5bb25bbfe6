package growth_test

import (
	"testing"
	"time"

	"mend/accounts"
	"mend/bench/growth"
	"mend/demo"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
)

var now = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

func grow(t *testing.T, db *database.DB, size growth.Size) (growth.Target, []demo.Person) {
	t.Helper()
	g, err := growth.NewTarget(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8))
	if err != nil {
		t.Fatal(err)
	}
	people, err := growth.Grow(t.Context(), g, size, now)
	if err != nil {
		t.Fatal(err)
	}
	return g, people
}

func TestWhatGrewIsAsIfItHadBeenToldOneByOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		g, people := grow(t, db, growth.Size{Couples: 24, Counselors: 2, Years: 2})
		log := audit.New(db, audit.Keys{MAC: g.Vault.AuditKey, Sign: g.Vault.SigningKey}, "", time.Now)
		report, err := log.Verify(t.Context())
		if err != nil || len(report.Findings) > 0 || report.Entries < 24*300 {
			t.Error("log:", report, err)
		}
		notes, bad, err := g.Stores.Sessions.VerifyNotes(t.Context())
		if err != nil || len(bad) > 0 || notes < 24*15 {
			t.Error("notes:", notes, len(bad), err)
		}
		opened := 0
		for _, p := range people {
			if p.Role != "partner" {
				continue
			}
			if _, err := g.Stores.Accounts.SignIn(t.Context(), p.SignIn, demo.Password, "", now); err != nil {
				t.Error(err)
			}
			if p.Partner == "A" && opened < 200 {
				opened += everyPage(t, g, p)
			}
		}
		if opened < 200 {
			t.Error("only", opened, "pages")
		}
	})
}

// everyPage opens every page that the counselor of a partner's couple may open, and returns how
// many.
func everyPage(t *testing.T, g growth.Target, p demo.Person) (opened int) {
	t.Helper()
	var of struct {
		Practice  string `db:"practice_id"`
		Counselor string `db:"counselor_id"`
	}
	if err := g.DB.Get(t.Context(), &of, `SELECT practice_id, counselor_id FROM couples WHERE id = ?`,
		p.Couple); err != nil {
		t.Fatal(err)
	}
	c, err := g.Stores.Couples.Find(t.Context(), of.Practice, of.Counselor, p.Couple)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := g.Stores.Worksheets.ForCouple(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if _, err := g.Stores.Worksheets.Read(t.Context(), c, page.Assignment.ID); err != nil {
			t.Fatal(err)
		}
		opened++
	}
	if _, err := g.Stores.Sessions.Standings(t.Context(), c); err != nil {
		t.Error(err)
	}
	if list, err := g.Stores.Promises.List(t.Context(), c, now.AddDate(-1, 0, 0)); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
	return opened
}

// TestNothingIsInventedWhereSomebodyKeepsRecords: no person, and no log entry with a past date.
func TestNothingIsInventedWhereSomebodyKeepsRecords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := demo.Stores{Accounts: accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8))}
		token, err := st.Accounts.BeginSetup(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		practice, owner := accounts.Practice{Name: "Somebody's", TimeZone: "UTC", Paper: "A4"},
			accounts.Counselor{Name: "Ida Invented", Email: "ida@somebody.example"}
		if err := st.Accounts.SetUp(t.Context(), token, &practice, &owner, "a quiet harbor at noon", now); err != nil {
			t.Fatal(err)
		}
		if _, err := demo.Seed(t.Context(), st, 1, now); err == nil {
			t.Error("a couple was invented")
		}
		if _, err := growth.Grow(t.Context(), growth.Target{Stores: st, DB: db, Vault: dbtest.Vault(t, db)},
			growth.Size{Couples: 2, Years: 2}, now); err == nil {
			t.Error("years were invented")
		}
		var entries int
		if err := db.Get(t.Context(), &entries, `SELECT COUNT(*) FROM audit_log`); err != nil || entries != 0 {
			t.Error(entries, err)
		}
	})
}
