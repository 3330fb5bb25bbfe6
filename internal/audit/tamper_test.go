package audit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// unguarded drops the triggers, as somebody with write access to the database could.
func unguarded(t *testing.T, db *database.DB) {
	t.Helper()
	for _, trigger := range []string{
		"audit_log_update", "audit_log_delete", "audit_log_replace",
		"audit_heads_delete", "audit_heads_back",
	} {
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

// tampered changes the log of 40 entries in one way. It returns the number of the entry that has to
// be reported, or 0 and the expected message.
func tampered(t *testing.T, db *database.DB, random *rand.Rand) (seq int64, says string) {
	t.Helper()
	seq, far := 1+random.Int64N(40), 1+random.Int64N(1000)
	columns := []string{
		"person", "role", "login", "address", "device", "couple", "side", "action", "object",
		"object_id", "reason", "mac",
	}
	const all = `at, person, role, login, address, device, couple, side, action, object, object_id, reason, mac`
	switch random.IntN(16) {
	case 0:
		exec(t, db, `DELETE FROM audit_log WHERE seq = ?`, seq)
	case 1:
		exec(t, db, `UPDATE audit_log SET seq = seq + ? WHERE seq = ?`, 40+far, seq)
	case 2:
		exec(t, db, `UPDATE audit_log SET practice_id = 'q' WHERE seq = ?`, seq)
	case 3: // an entry outside the chain
		exec(t, db, `INSERT INTO audit_log (practice_id, seq, `+all+`) SELECT 'p', ?, `+all+` FROM audit_log WHERE seq = ?`,
			1-far, seq)
		return 0, fmt.Sprintf("entry %d stands outside", 1-far)
	case 4:
		exec(t, db, `INSERT INTO audit_log (practice_id, seq, `+all+`) SELECT 'p', ?, `+all+` FROM audit_log WHERE seq = ?`,
			40+far, seq)
		return 0, fmt.Sprintf("entry %d stands outside", 40+far)
	case 5: // two entries swapped
		seq = 1 + random.Int64N(39)
		other := seq + 1 + random.Int64N(40-seq)
		exec(t, db, `UPDATE audit_log SET seq = -1 WHERE seq = ?`, seq)
		exec(t, db, `UPDATE audit_log SET seq = ? WHERE seq = ?`, seq, other)
		exec(t, db, `UPDATE audit_log SET seq = ? WHERE seq = -1`, other)
	case 6:
		exec(t, db, `UPDATE audit_log SET at = ? WHERE seq = ?`, at.Add(time.Duration(far)*time.Microsecond), seq)
	default:
		column := columns[random.IntN(len(columns))]
		exec(t, db, `UPDATE audit_log SET `+column+` = `+column+` || ? WHERE seq = ?`, fmt.Sprint(far), seq)
	}
	return seq, ""
}

// TestEveryOneOfAThousandRandomChangesIsFound changes the log in one way, verifies it, and restores
// it.
func TestEveryOneOfAThousandRandomChangesIsFound(t *testing.T) {
	dbtest.Long(t)
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		record(t, db, l, 40)
		unguarded(t, db)
		random := rand.New(rand.NewPCG(7, 12))
		exec(t, db, `CREATE TABLE kept AS SELECT * FROM audit_log`)
		for i := range 1000 {
			seq, says := tampered(t, db, random)
			found := verify(t, l)
			if len(found) == 0 || found[0].Seq != seq || !strings.Contains(found[0].What, says) {
				t.Fatalf("change %d: want entry %d %s, got %v", i, seq, says, found)
			}
			exec(t, db, `DELETE FROM audit_log`)
			exec(t, db, `INSERT INTO audit_log SELECT * FROM kept`)
		}
		if found := verify(t, l); found != nil {
			t.Error("after all was put back:", found)
		}
	})
}

func TestACutTailAndARebuiltChainAreFound(t *testing.T) {
	for name, test := range map[string]struct {
		tamper func(t *testing.T, db *database.DB, l *audit.Log)
		says   string
	}{
		"nothing": {func(*testing.T, *database.DB, *audit.Log) {}, ""},
		"the tail alone": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq > 7`)
		}, "entry 8: the chain was cut off: its head knows entry 10"},
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
		"the head's MAC": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `UPDATE audit_heads SET mac = 'another'`)
		}, "entry 10: it is not the one that the head knows"},
		"one from the middle": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq = 4`)
		}, "entry 4: it is missing"},
		"one of no practice": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `UPDATE audit_log SET practice_id = 'q' WHERE seq = 10`)
		}, "log of practice q: entry 10 stands outside the chain"},
		"a head of nobody": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `INSERT INTO audit_heads (practice_id, seq, mac) VALUES ('nobody', 1, '')`)
		}, "its keys are not to be had"},
		"cut, and grown again as far": {func(t *testing.T, db *database.DB, l *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq > 7`)
			exec(t, db, `UPDATE audit_heads SET seq = 7, mac = (SELECT mac FROM audit_log WHERE seq = 7)`)
			regrow(t, l, 3)
		}, "entry 10: it is not the one that a checkpoint knows"},
		"cut, and grown again beyond": {func(t *testing.T, db *database.DB, l *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq > 7`)
			exec(t, db, `UPDATE audit_heads SET seq = 7, mac = (SELECT mac FROM audit_log WHERE seq = 7)`)
			regrow(t, l, 9)
		}, "entry 10: it is not the one that a checkpoint knows"},
		"rebuilt with the key": {func(t *testing.T, db *database.DB, l *audit.Log) {
			exec(t, db, `DELETE FROM audit_log`)
			exec(t, db, `DELETE FROM audit_heads`)
			regrow(t, l, 10) // a valid chain, but not the original one
		}, "entry 10: it is not the one that a checkpoint knows"},
		"rebuilt without the key": {func(t *testing.T, db *database.DB, _ *audit.Log) {
			exec(t, db, `DELETE FROM audit_log WHERE seq > 3`)
			other := audit.New(db, audit.Keys{MAC: wrongMAC, Sign: fixed.Sign}, "", func() time.Time { return at })
			exec(t, db, `UPDATE audit_heads SET seq = 3, mac = (SELECT mac FROM audit_log WHERE seq = 3)`)
			record(t, db, other, 7)
		}, "not as it was written"},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				l, _ := newLog(t, db)
				record(t, db, l, 10)
				for range 2 { // the second checkpoint adds nothing
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

// regrow writes n entries as the program does when it does not know of the cut, and asks for a
// checkpoint after each.
func regrow(t *testing.T, l *audit.Log, n int) {
	t.Helper()
	for range n {
		write(t, l, audit.Who{Practice: "p", Person: "somebody else"})
		_ = l.Checkpoint(t.Context()) // fails while the chain is shorter than before
	}
}

func wrongMAC(context.Context, *database.DB, string) ([]byte, error) { return []byte("a guess"), nil }

// TestTheLogMayGrowWhileItIsVerified: several processes write to PostgreSQL, and that is not
// reported.
func TestTheLogMayGrowWhileItIsVerified(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, _ := newLog(t, db)
		done := make(chan error, 1)
		go func() {
			var err error
			for i := range 300 {
				err = errors.Join(err, l.Write(t.Context(), dana, audit.Event{Action: audit.Changed}))
				if i%3 == 0 {
					err = errors.Join(err, l.Checkpoint(t.Context()))
				}
			}
			done <- err
		}()
		for {
			if found := verify(t, l); found != nil {
				t.Error(found)
			}
			select {
			case err := <-done:
				report, verifyErr := l.Verify(t.Context())
				if err != nil || verifyErr != nil || report.Findings != nil || report.Entries != 300 || report.Checkpoints != 100 {
					t.Error(err, verifyErr, report)
				}
				return
			default:
			}
		}
	})
}
