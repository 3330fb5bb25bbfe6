package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// unguarded takes the triggers away, as somebody with the database could.
func unguarded(t *testing.T, db *database.DB) {
	t.Helper()
	for _, trigger := range []string{"audit_log_update", "audit_log_delete", "audit_log_replace", "audit_heads_delete", "audit_heads_back"} {
		query := `DROP TRIGGER IF EXISTS ` + trigger
		if db.Engine() == database.Postgres {
			query += map[bool]string{true: ` ON audit_heads`, false: ` ON audit_log`}[strings.Contains(trigger, "heads")]
		}
		exec(t, db, query)
	}
}

func exec(t *testing.T, db *database.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(query, err)
	}
}

// TestEveryOneOfAThousandRandomChangesIsFound changes one column of one entry,
// removes an entry or adds one, looks, and puts it back.
func TestEveryOneOfAThousandRandomChangesIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		record(t, db, l, 40)
		unguarded(t, db)
		random := rand.New(rand.NewPCG(7, 12))
		columns := []string{"at", "person", "role", "login", "address", "device", "couple", "side", "action", "object", "object_id", "reason", "mac"}
		exec(t, db, `CREATE TABLE kept AS SELECT * FROM audit_log`)
		for i := range 1000 {
			seq, column := 1+random.IntN(40), columns[random.IntN(len(columns))]
			switch what := random.IntN(10); {
			case what == 0:
				exec(t, db, `DELETE FROM audit_log WHERE seq = ?`, seq)
			case what == 1:
				exec(t, db, `UPDATE audit_log SET seq = seq + 100 WHERE seq = ?`, seq)
			case column == "at":
				exec(t, db, `UPDATE audit_log SET at = ? WHERE seq = ?`, at.Add(time.Duration(1+random.IntN(9999))*time.Microsecond), seq)
			default:
				exec(t, db, `UPDATE audit_log SET `+column+` = `+column+` || ? WHERE seq = ?`, fmt.Sprint(i), seq)
			}
			found := verify(t, l)
			if len(found) == 0 || found[0].Seq != int64(seq) {
				t.Fatalf("change %d of %s in entry %d: %+v", i, column, seq, found)
			}
			exec(t, db, `DELETE FROM audit_log WHERE seq >= ?`, seq)
			exec(t, db, `INSERT INTO audit_log SELECT * FROM kept WHERE seq >= ?`, seq)
		}
		if found := verify(t, l); found != nil {
			t.Error("after all was put back:", found)
		}
	})
}

func TestACutTailAndARebuiltChainAreFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tamper func(t *testing.T, db *database.DB, l *audit.Log)
		says   string
	}{
		"nothing": {func(*testing.T, *database.DB, *audit.Log) {}, ""},
		"the tail alone": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq > 7`)
		}, "not where its head says"},
		"tail and head": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq > 7`)
			exec(t, db, `UPDATE audit_heads SET seq = 7, mac = (SELECT mac FROM audit_log WHERE seq = 7)`)
		}, "cut off: a checkpoint knows entry 10"},
		"everything": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_log`)
			exec(t, db, `DELETE FROM audit_heads`)
		}, "the chain is gone"},
		"the head alone": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_heads`)
		}, "the chain is gone"},
		"rebuilt with the key": {func(t *testing.T, db *database.DB, l *audit.Log) {
			exec(t, db, `DELETE FROM audit_log`)
			exec(t, db, `DELETE FROM audit_heads`)
			for range 10 { // an honest chain, but not the one that was
				record(t, db, l, 1)
			}
		}, "not the one that a checkpoint knows"},
		"rebuilt without the key": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq > 3`)
			other := audit.New(db, audit.Keys{MAC: wrongMAC, Sign: fixed.Sign}, "", func() time.Time { return at })
			exec(t, db, `UPDATE audit_heads SET seq = 3, mac = (SELECT mac FROM audit_log WHERE seq = 3)`)
			record(t, db, other, 7)
		}, "not as it was written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				l, _ := newLog(t, db)
				record(t, db, l, 10)
				for range 2 { // the second adds nothing
					if err := l.Checkpoint(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				unguarded(t, db)
				test.tamper(t, db, l)
				says := fmt.Sprint(verify(t, l))
				if test.says == "" && says != "[]" || !strings.Contains(says, test.says) {
					t.Errorf("got %s, want %q", says, test.says)
				}
			})
		})
	}
}

func TestCheckpointsAreSignedAppendedAndForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, file := newLog(t, db)
		for range 3 {
			record(t, db, l, 2)
			if err := l.Checkpoint(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		text, err := os.ReadFile(file)
		info, err2 := os.Stat(file)
		if err != nil || err2 != nil || bytes.Count(text, []byte("\n")) != 3 || info.Mode().Perm() != 0o600 {
			t.Fatalf("%s %v %v %v", text, info.Mode(), err, err2)
		}
		for _, change := range []struct{ old, new, says string }{
			{`"seq":2`, `"seq":3`, "checkpoint"}, {`"signature":"`, `"signature":"00`, "not signed"}, {`{"practice"`, `{"practise`, "cannot be read"},
			{`"practice":"p"`, `"practice":"q"`, "the chain is gone"},
		} {
			if err := os.WriteFile(file, bytes.Replace(text, []byte(change.old), []byte(change.new), 1), 0o600); err != nil {
				t.Fatal(err)
			}
			if says := fmt.Sprint(verify(t, l)); !strings.Contains(says, change.says) {
				t.Errorf("%s: %s", change.new, says)
			}
		}
	})
}

func wrongMAC(context.Context, *database.DB, string) ([]byte, error) { return []byte("a guess"), nil }

func BenchmarkRecord(b *testing.B) {
	for name, db := range map[string]func(testing.TB) *database.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			opened := db(b)
			l, _ := newLog(b, opened)
			for b.Loop() {
				record(b, opened, l, 1)
			}
		})
	}
}
