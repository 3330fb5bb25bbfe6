package audit_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

var at = time.Date(2031, 3, 12, 22, 14, 0, 123456000, time.UTC)

// fixed returns keys derived from a practice's name. The practice "nobody" has none.
var fixed = audit.Keys{
	MAC: func(_ context.Context, _ *database.DB, practice string) ([]byte, error) {
		if practice == "nobody" {
			return nil, fault.NotFound
		}
		return []byte("mac of " + practice), nil
	},
	Sign: func(_ context.Context, _ *database.DB, practice string) (ed25519.PrivateKey, error) {
		return ed25519.NewKeyFromSeed([]byte(fmt.Sprintf("%-32.32s", practice))), nil
	},
}

func newLog(t testing.TB, db *database.DB) (*audit.Log, string) {
	file := filepath.Join(t.TempDir(), "elsewhere", "checkpoints")
	return audit.New(db, fixed, file, func() time.Time { return at }), file
}

var dana = audit.Who{
	Practice: "p", Person: "dana", Role: "counselor", Login: "login",
	Address: "192.0.2.0", Device: "d",
}

func record(t testing.TB, db *database.DB, l *audit.Log, n int) {
	t.Helper()
	ctx := l.Begin(t.Context(), dana)
	for i := range n {
		err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
			return audit.Record(ctx, tx,
				audit.Event{Couple: "couple", Side: "A", Action: audit.Changed, Object: "answer", ID: fmt.Sprint("id-", i)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func entries(t testing.TB, l *audit.Log, f audit.Filter) []audit.Entry {
	t.Helper()
	f.Limit = max(f.Limit, 1000)
	list, err := l.Entries(t.Context(), "p", f)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func verify(t testing.TB, l *audit.Log) []audit.Finding {
	t.Helper()
	report, err := l.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report.Findings
}

func TestAnEntryTellsWhoDidWhatToWhatAndWhen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		record(t, db, l, 3)
		list := entries(t, l, audit.Filter{})
		want := audit.Entry{
			Practice: "p", Seq: 3, At: at, Person: "dana", Role: "counselor", Login: "login", Address: "192.0.2.0", Device: "d",
			Couple: "couple", Side: "A", Action: audit.Changed, Object: "answer", ID: "id-2", MAC: list[0].MAC,
		}
		list[0].At = list[0].At.UTC()
		if len(list) != 3 || list[0] != want || len(want.MAC) != 64 {
			t.Errorf("got %+v", list)
		}
		if found := verify(t, l); found != nil {
			t.Error(found)
		}
	})
}

func TestTheEntryStandsAndFallsWithTheChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		record(t, db, l, 1)
		failed := errors.New("the change failed")
		err := db.InTx(l.Begin(t.Context(), dana), func(ctx context.Context, tx *database.DB) error {
			if err := audit.Record(ctx, tx, audit.Event{Action: audit.Signed}); err != nil {
				t.Error(err)
			}
			return failed
		})
		if !errors.Is(err, failed) || len(entries(t, l, audit.Filter{})) != 1 {
			t.Error("an entry of a change that was not made:", err)
		}
		record(t, db, l, 1)
		if list := entries(t, l, audit.Filter{}); list[0].Seq != 2 || verify(t, l) != nil {
			t.Error("a gap:", list[0].Seq)
		}
	})
}

func TestManyAtOnceLeaveNoGap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() { record(t, db, l, 5) })
		}
		group.Wait()
		if list := entries(t, l, audit.Filter{}); len(list) != 100 || list[0].Seq != 100 || verify(t, l) != nil {
			t.Errorf("%d entries, %v", len(list), verify(t, l))
		}
	})
}

func TestWhoSignsInIsNamedInThatEntryAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		ellis := &audit.Who{Person: "ellis", Role: "owner", Login: "new"}
		if err := l.Write(t.Context(), dana, audit.Event{Action: audit.SignedIn, Who: ellis},
			audit.Event{Action: audit.Changed}); err != nil {
			t.Fatal(err)
		}
		list := entries(t, l, audit.Filter{})
		if list[1].Person != "ellis" || list[1].Address != "192.0.2.0" || list[0].Person != "dana" ||
			list[0].Role != "counselor" {
			t.Errorf("got %+v", list)
		}
	})
}

func TestACheckpointIsDueAfterAThousandEntries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		due := func() bool {
			select {
			case <-l.Due():
				return true
			default:
				return false
			}
		}
		many := func(n int) {
			t.Helper()
			if err := l.Write(t.Context(), dana, make([]audit.Event, n)...); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			n    int
			want bool
		}{{999, false}, {1, true}, {999, false}, {500, true}, {501, true}, {499, false}} {
			if many(step.n); due() != step.want {
				t.Errorf("after %d more entries: want %v", step.n, step.want)
			}
		}
		if many(1000); !due() || due() {
			t.Error("asked for more than once")
		}
	})
}

func TestWhatIsReadIsWrittenOnceAndBeforeTheAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		page := audit.Event{
			Practice: "p", Couple: "couple", Side: "A", Action: audit.Opened,
			Object: audit.PageObject, ID: "answer",
		}
		reading := l.Begin(t.Context(), dana)
		for range 3 {
			audit.RecordRead(reading, page)
		}
		if len(entries(t, l, audit.Filter{})) != 0 {
			t.Error("written before it is asked for")
		}
		for range 2 {
			if err := audit.Flush(reading); err != nil {
				t.Fatal(err)
			}
		}
		audit.RecordRead(l.Begin(t.Context(), dana), page) // read in order to be changed, not shown
		if list := entries(t, l, audit.Filter{}); len(list) != 1 || list[0].ID != "answer" {
			t.Errorf("got %+v", list)
		}
		audit.RecordRead(t.Context(), page) // outside of a request, reads are not recorded
		if err := errors.Join(audit.Flush(t.Context()), audit.Record(t.Context(), db, page)); err != nil {
			t.Error(err)
		}
		db.Close()
		broken := l.Begin(t.Context(), dana)
		audit.RecordRead(broken, page)
		if audit.Flush(broken) == nil {
			t.Error("nothing could be written, and nobody was told")
		}
	})
}

func TestTheLogIsFilteredAndPaged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		now := at
		l := audit.New(db, fixed, "", func() time.Time { now = now.Add(time.Hour); return now })
		for i, who := range []audit.Who{dana, {Practice: "p", Person: "ellis"}, dana, {Practice: "q", Person: "ola"}, dana} {
			action := []audit.Action{audit.Signed, audit.Opened}[i%2]
			if err := l.Write(t.Context(), who,
				audit.Event{Action: action, Couple: []string{"one", "two"}[i/3], Side: []string{"A", "B"}[i/2%2]}); err != nil {
				t.Fatal(err)
			}
		}
		for name, test := range map[string]struct {
			f    audit.Filter
			want string
		}{
			"all":      {audit.Filter{}, "4 3 2 1"},
			"person":   {audit.Filter{Person: "dana"}, "4 3 1"},
			"action":   {audit.Filter{Action: audit.Opened}, "2"},
			"couple":   {audit.Filter{Couple: "two"}, "4"},
			"side":     {audit.Filter{Couple: "one", Side: "B"}, "3"},
			"from":     {audit.Filter{From: at.Add(150 * time.Minute)}, "4 3"},
			"until":    {audit.Filter{Until: at.Add(150 * time.Minute)}, "2 1"},
			"next":     {audit.Filter{Before: 3}, "2 1"},
			"together": {audit.Filter{Person: "dana", Couple: "one", Before: 3}, "1"},
		} {
			var got []string
			for _, e := range entries(t, l, test.f) {
				got = append(got, fmt.Sprint(e.Seq))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("%s: %v, want %s", name, got, test.want)
			}
		}
		if list, err := l.Entries(t.Context(), "p", audit.Filter{Limit: 2}); err != nil || len(list) != 2 {
			t.Error(list, err)
		}
	})
}

func TestAPartnerLearnsWhoOpenedTheirOwnPagesAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		write := func(who audit.Who, e audit.Event) {
			if err := l.Write(t.Context(), who, e); err != nil {
				t.Fatal(err)
			}
		}
		noor := audit.Who{Practice: "p", Person: "noor", Role: "partner"}
		write(dana, audit.Event{Couple: "couple", Side: "A", Action: audit.Opened, Object: audit.PageObject, ID: "mine"})
		write(dana, audit.Event{
			Couple: "couple", Side: "B", Action: audit.Opened,
			Object: audit.PageObject, ID: "the other's",
		})
		write(dana, audit.Event{
			Couple: "couple", Side: "A", Action: audit.Opened, Object: "individual file",
			ID: "of which nothing is told",
		})
		write(dana, audit.Event{Couple: "couple", Action: audit.Opened, Object: "joint page", ID: "of both"})
		write(dana, audit.Event{
			Couple: "couple", Side: "A", Action: audit.Changed,
			Object: audit.PageObject, ID: "not a reading",
		})
		write(dana, audit.Event{
			Couple: "another", Side: "A", Action: audit.Opened, Object: audit.PageObject,
			ID: "of another couple",
		})
		write(noor, audit.Event{
			Couple: "couple", Side: "A", Action: audit.Opened, Object: audit.PageObject,
			ID: "what the other does",
		})
		list, err := l.OpenedOf(t.Context(), "p", "couple", "A", 50)
		if err != nil || len(list) != 1 || list[0].ID != "mine" {
			t.Errorf("got %+v, %v", list, err)
		}
	})
}

func TestTheLogRefusesToBeChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		record(t, db, l, 3)
		queries := []string{
			`UPDATE audit_log SET person = 'else'`, `DELETE FROM audit_log WHERE seq = 3`, `DELETE FROM audit_heads`,
			`UPDATE audit_heads SET seq = 2`, `UPDATE audit_heads SET practice_id = 'q'`,
		}
		if db.Engine() == database.Postgres {
			queries = append(queries, `TRUNCATE audit_log`, `TRUNCATE audit_heads`)
		} else {
			queries = append(queries, `INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE seq = 2`)
		}
		for _, query := range queries {
			if _, err := db.Exec(t.Context(), query); !errors.Is(err, fault.Locked) {
				t.Errorf("%s: %v", query, err)
			}
		}
		if found := verify(t, l); found != nil {
			t.Error(found)
		}
	})
}
