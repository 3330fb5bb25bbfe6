package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// counter creates a table with one number, 0.
func counter(t *testing.T, db *database.DB) {
	t.Helper()
	for _, query := range []string{
		`CREATE TABLE counter (id TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0))`,
		`INSERT INTO counter (id, n) VALUES ('x', 0)`,
	} {
		if _, err := db.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
}

func add(ctx context.Context, db *database.DB) error {
	_, err := db.Exec(ctx, `UPDATE counter SET n = n + 1 WHERE id = ?`, "x")
	return err
}

func read(ctx context.Context, db *database.DB) (n int, err error) {
	err = db.Get(ctx, &n, `SELECT n FROM counter WHERE id = ?`, "x")
	return n, err
}

func holds(t *testing.T, db *database.DB, want int) {
	t.Helper()
	if got, err := read(t.Context(), db); got != want || err != nil {
		t.Errorf("got %d, want %d, %v", got, want, err)
	}
}

func TestWhatIsSavedHoldsThoughThePageIsClosed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		counter(t, db)
		page, close := context.WithCancel(t.Context())
		err := db.InTx(page, func(ctx context.Context, tx *database.DB) error {
			if err := add(ctx, tx); err != nil {
				return err
			}
			close()
			return add(ctx, tx) // the transaction continues
		})
		if err != nil {
			t.Error(err)
		}
		holds(t, db, 2)

		ran := false
		err = db.InTx(page, func(context.Context, *database.DB) error { ran = true; return nil })
		if !errors.Is(err, context.Canceled) || ran {
			t.Errorf("a page that was closed before began a transaction: %v, %v", ran, err)
		}
	})
}

func TestATransactionIsAllOrNothing(t *testing.T) {
	boom := errors.New("boom")
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		counter(t, db)
		inner := func(ctx context.Context, tx *database.DB, fail error) error {
			return tx.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return errors.Join(add(ctx, tx), fail) })
		}
		err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
			if err := add(ctx, tx); err != nil {
				return err
			}
			if n, err := read(ctx, tx); n != 1 || err != nil {
				t.Errorf("the transaction reads %d of its own, %v", n, err)
			}
			return inner(ctx, tx, boom)
		})
		if !errors.Is(err, boom) {
			t.Error(err)
		}
		holds(t, db, 0)

		err = db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
			if err := inner(ctx, tx, nil); err != nil {
				return err
			}
			return boom // also rolls back what the inner one did
		})
		if !errors.Is(err, boom) {
			t.Error(err)
		}
		holds(t, db, 0)

		for range 3 { // a panic also releases the writer
			func() {
				defer func() {
					if recover() != boom {
						t.Error("the panic was swallowed")
					}
				}()
				db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
					if err := add(ctx, tx); err != nil {
						return err
					}
					panic(boom)
				})
			}()
		}
		holds(t, db, 0)
		if err := db.InTx(t.Context(),
			func(ctx context.Context, tx *database.DB) error { return inner(ctx, tx, nil) }); err != nil {
			t.Error(err)
		}
		holds(t, db, 1)
	})
}

func TestAReadDoesNotWaitForTheWriter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		counter(t, db)
		err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
			if err := add(ctx, tx); err != nil {
				return err
			}
			holds(t, db, 0) // read outside of the open transaction
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		holds(t, db, 1)
	})
}

func TestFiftyAtOnceShareConnectionsAndStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		counter(t, db)
		var group sync.WaitGroup
		for i := range 50 {
			group.Go(func() {
				for range 4 {
					if _, err := read(t.Context(), db); err != nil {
						t.Error(err)
					}
					err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
						if err := add(ctx, tx); err != nil {
							return err
						}
						var n int
						return tx.Get(ctx, &n, fmt.Sprintf(`SELECT n + %d FROM counter WHERE id = ?`, i%5), "x")
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		holds(t, db, 200)
	})
}

func TestStatementsAndTransactionsAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		counter(t, db)
		var n atomic.Int64
		ctx := database.WithQueryCount(t.Context(), &n)
		for _, step := range []struct {
			what string
			do   func() error
			want int64
		}{
			{"a read", func() error { _, err := read(ctx, db); return err }, 1},
			{"a write", func() error { return add(ctx, db) }, 1},
			{"a transaction of two", func() error {
				return db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
					return errors.Join(add(ctx, tx),
						tx.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return add(ctx, tx) }))
				})
			}, 3},
			{"somebody else's", func() error { return add(t.Context(), db) }, 0},
		} {
			n.Store(0)
			if err := step.do(); err != nil || n.Load() != step.want {
				t.Errorf("%s: got %d, want %d, %v", step.what, n.Load(), step.want, err)
			}
		}
	})
}

func TestOnlyWhatAPersonCanCauseIsAFault(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		counter(t, db)
		guard := []string{`CREATE TRIGGER counter_kept BEFORE DELETE ON counter BEGIN SELECT RAISE(ABORT, 'kept'); END`}
		if db.Engine() == database.Postgres {
			guard = []string{
				`CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$`,
				`CREATE TRIGGER counter_kept BEFORE DELETE ON counter FOR EACH ROW EXECUTE FUNCTION keep()`,
			}
		}
		for _, query := range append(guard,
			`CREATE TABLE child (id TEXT PRIMARY KEY, of TEXT NOT NULL UNIQUE REFERENCES counter (id))`,
			`INSERT INTO child (id, of) VALUES ('a', 'x')`) {
			if _, err := db.Exec(t.Context(), query); err != nil {
				t.Fatal(query, err)
			}
		}
		kinds := []error{fault.NotFound, fault.Conflict, fault.Locked}
		for _, test := range []struct {
			query string
			want  error // nil accepts any other error
		}{
			{`DELETE FROM counter`, fault.Locked},
			{`INSERT INTO counter (id, n) VALUES ('x', 1)`, fault.Conflict},
			{`INSERT INTO child (id, of) VALUES ('b', 'x')`, fault.Conflict},
			{`INSERT INTO child (id, of) VALUES ('b', 'nothing')`, nil},
			{`INSERT INTO child (id, of) VALUES ('b', NULL)`, nil},
			{`UPDATE counter SET n = -1`, nil},
			{`UPDATE nothing SET n = 1`, nil},
			{`UPDATED counter`, nil},
		} {
			check := func(where string, err error) {
				t.Helper()
				if err == nil {
					t.Errorf("%s: %s: no error", where, test.query)
				}
				for _, kind := range kinds {
					if errors.Is(err, kind) != (kind == test.want) {
						t.Errorf("%s: %s: got %v, want %v", where, test.query, err, test.want)
					}
				}
			}
			_, err := db.Exec(t.Context(), test.query)
			check("alone", err)
			check("in a transaction", db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
				_, err := tx.Exec(ctx, test.query)
				return err
			}))
		}
		holds(t, db, 0)
	})
}

func TestTimesComeBackAsTheyWere(t *testing.T) {
	type row struct {
		ID    string     `db:"id"`
		At    time.Time  `db:"at"`
		Until *time.Time `db:"until"`
	}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		if _, err := db.Exec(t.Context(),
			`CREATE TABLE moments (id TEXT PRIMARY KEY, at TIMESTAMP NOT NULL, until TIMESTAMP)`); err != nil {
			t.Fatal(err)
		}
		newYork, err := time.LoadLocation("America/New_York")
		if err != nil {
			t.Fatal(err)
		}
		for what, at := range map[string]time.Time{
			"utc":              time.Date(2031, 3, 12, 22, 14, 0, 0, time.UTC),
			"summer":           time.Date(2031, 7, 12, 22, 14, 0, 0, newYork),
			"the hour twice":   time.Date(2031, 11, 2, 5, 30, 0, 0, time.UTC).In(newYork),
			"far east":         time.Date(2031, 1, 1, 0, 30, 0, 0, time.FixedZone("", 14*3600)),
			"half-hour zone":   time.Date(2031, 1, 1, 0, 30, 0, 0, time.FixedZone("", -(3*3600+1800))),
			"microseconds":     time.Date(2031, 3, 12, 22, 14, 0, 123456000, time.UTC),
			"one nano too few": time.Date(2031, 3, 12, 22, 14, 59, 999999999, time.UTC),
			"long ago":         time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC),
		} {
			want := at.Truncate(time.Microsecond)
			if _, err := db.ExecNamed(t.Context(), `INSERT INTO moments (id, at, until) VALUES (:id, :at, :until)`,
				row{what, at, &at}); err != nil {
				t.Fatal(err)
			}
			var got row
			err := db.Get(t.Context(), &got, `SELECT id, at, until FROM moments WHERE at = ? AND id = ?`, at, what)
			if err != nil || !got.At.Equal(want) || got.Until == nil || !got.Until.Equal(want) {
				t.Errorf("%s: got %v, %v, want %v, %v", what, got.At, got.Until, want, err)
			}
			if _, offset := got.At.Zone(); offset != 0 {
				t.Errorf("%s: got %v, want UTC", what, got.At)
			}
		}
		if _, err := db.ExecNamed(t.Context(), `UPDATE moments SET until = :until`, row{}); err != nil {
			t.Fatal(err)
		}
		var open int
		if err := db.Get(t.Context(), &open, `SELECT COUNT(*) FROM moments WHERE until IS NULL`); err != nil || open != 8 {
			t.Errorf("got %d open, %v", open, err)
		}
	})
}

// TestATransactionEndsAfterItsLimit: five seconds, or another for work of a known size.
func TestATransactionEndsAfterItsLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		left := func(ctx context.Context) (d time.Duration) {
			err := db.InTx(ctx, func(ctx context.Context, _ *database.DB) error {
				end, _ := ctx.Deadline()
				d = time.Until(end).Round(time.Second)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			return d
		}
		if d := left(t.Context()); d != 5*time.Second {
			t.Error(d)
		}
		if d := left(database.WithTxLimit(t.Context(), time.Hour)); d != time.Hour {
			t.Error(d)
		}
	})
}
