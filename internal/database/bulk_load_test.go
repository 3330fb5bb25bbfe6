package database_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"mend/internal/database"
	"mend/internal/dbtest"
)

// schema returns every index, trigger and constraint with its definition.
func schema(t *testing.T, db *database.DB) map[string]string {
	t.Helper()
	query := `SELECT type || ' ' || name AS name, COALESCE(sql, '') AS sql FROM sqlite_master`
	if db.Engine() == database.Postgres {
		query = `
			SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE schemaname = current_schema()
			UNION ALL
			SELECT conrelid || ' ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
			  WHERE connamespace = current_schema()::regnamespace
			UNION ALL
			SELECT t.tgrelid || ' ' || t.tgname, CAST(t.tgenabled AS TEXT)
			FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
			WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace`
	}
	var list []struct {
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	if err := db.Select(t.Context(), &list, query); err != nil {
		t.Fatal(err)
	}
	is := map[string]string{}
	for _, s := range list {
		is[s.Name] = s.SQL
	}
	return is
}

// TestABulkLoadLeavesTheSchemaAsItWas: a bulk load that succeeds, one that fails, and one with a
// concurrent reader keep the schema, and SQLite keeps its write-ahead log.
func TestABulkLoadLeavesTheSchemaAsItWas(t *testing.T) {
	dbtest.Long(t)
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		before, failed := schema(t, db), errors.New("it failed")
		if len(before) < 50 {
			t.Fatal("only", len(before), "parts of a schema")
		}
		load := func(room string, end error) error {
			return db.BulkLoad(t.Context(), func(ctx context.Context, tx *database.DB) error {
				if _, err := tx.Exec(ctx,
					`INSERT INTO sign_in_failures (subject, failures, forget_at) VALUES (?, 1, '2031-03-12 12:00:00')`,
					room); err != nil {
					return err
				}
				return end
			})
		}
		check := func(what string, want int) {
			t.Helper()
			var n int
			if err := db.Get(t.Context(), &n, `SELECT COUNT(*) FROM sign_in_failures`); err != nil || n != want {
				t.Error(what, n, "rows", err)
			}
			if !maps.Equal(before, schema(t, db)) {
				t.Error(what, "changed the schema")
			}
			if db.Engine() == database.Postgres {
				return
			}
			var mode string
			if err := db.Pool().GetContext(t.Context(), &mode, `PRAGMA journal_mode`); err != nil || mode != "wal" {
				t.Error(what, "leaves the journal as", mode, err)
			}
		}
		if err := load("a", nil); err != nil {
			t.Fatal(err)
		}
		check("a bulk load", 1)
		if err := load("b", failed); !errors.Is(err, failed) {
			t.Error(err)
		}
		check("a failed one", 1)
		err := db.Snapshot(t.Context(), func(context.Context, *database.DB) error { return load("c", nil) })
		if err != nil {
			t.Fatal(err)
		}
		check("one beside a reader", 2)
	})
}
