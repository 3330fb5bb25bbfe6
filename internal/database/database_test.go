package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func TestPortableSQL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		exec := func(query string, args ...any) int64 {
			t.Helper()
			n, err := db.Exec(ctx, query, args...)
			if err != nil {
				t.Fatal(query, err)
			}
			return n
		}
		count := func(query string, args ...any) (n int) {
			t.Helper()
			if err := db.Get(ctx, &n, query, args...); err != nil {
				t.Fatal(query, err)
			}
			return n
		}
		exec(`CREATE TABLE x (id TEXT PRIMARY KEY, at TIMESTAMP, note TEXT NOT NULL DEFAULT '', n INTEGER NOT NULL DEFAULT 0, ok BOOLEAN NOT NULL DEFAULT FALSE)`)
		exec(`CREATE INDEX x_open ON x (at) WHERE at IS NULL`)
		zone := time.FixedZone("far", 11*3600)
		at := time.Date(2026, 3, 1, 5, 0, 0, 123456789, zone)

		exec(`INSERT INTO x (id, at, note, ok) VALUES (?, ?, ?, TRUE)`, "a", at, "why?")
		exec(`INSERT INTO x (id, n) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET n = x.n + excluded.n`, "a", 5)
		exec(`INSERT INTO x (id) VALUES (?)`, "b")
		if n := count(`SELECT n FROM x WHERE id = ?`, "a"); n != 5 {
			t.Error("upsert", n)
		}
		if n := exec(`INSERT INTO x (id) VALUES (?) ON CONFLICT DO NOTHING`, "a"); n != 0 {
			t.Error("do nothing", n)
		}
		if _, err := db.Exec(ctx, `INSERT INTO x (id) VALUES (?)`, "a"); !errors.Is(err, fault.Conflict) {
			t.Error("conflict", err)
		}
		var got time.Time
		if err := db.Get(ctx, &got, `SELECT at FROM x WHERE at >= ? AND at < ?`, at.Add(-time.Second),
			at.Add(time.Second)); err != nil || !got.Equal(at.Truncate(time.Microsecond)) {
			t.Error("zoned range", got, err)
		}
		if err := db.Get(ctx, &got, `SELECT at FROM x WHERE id = ?`, "none"); !errors.Is(err, fault.NotFound) {
			t.Error("not found", err)
		}
		var null *time.Time
		if err := db.Get(ctx, &null, `SELECT at FROM x WHERE id = ?`, "b"); err != nil || null != nil {
			t.Error("null", null, err)
		}
		var ids []string
		if err := db.Select(ctx, &ids, `SELECT id FROM x ORDER BY id LIMIT ? OFFSET ?`, 1, 1); err != nil ||
			len(ids) != 1 || ids[0] != "b" {
			t.Error("limit", ids, err)
		}
		if n := count(`SELECT COUNT(*) FILTER (WHERE ok) FROM x`); n != 1 {
			t.Error("filter", n)
		}
		if n := count(`WITH y AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS r FROM x) SELECT r FROM y WHERE id = ?`,
			"b"); n != 2 {
			t.Error("window", n)
		}
		if n := count(`SELECT COUNT(*) FROM x WHERE LOWER(note) LIKE LOWER(?) ESCAPE '\'`, "WHY%"); n != 1 {
			t.Error("like", n)
		}
		var id string
		if err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
			return tx.Get(ctx, &id, `UPDATE x SET n = n + 1 WHERE id = ? RETURNING id`, "b")
		}); err != nil || id != "b" {
			t.Error("returning", id, err)
		}

		boom := errors.New("boom")
		err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
			return tx.InTx(ctx, func(ctx context.Context, tx *database.DB) error { // joins the outer transaction
				if _, err := tx.Exec(ctx, `DELETE FROM x`); err != nil {
					return err
				}
				return boom
			})
		})
		if n := count(`SELECT COUNT(*) FROM x`); !errors.Is(err, boom) || n != 2 {
			t.Error("rollback", n, err)
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := db.Get(gone, &id, `SELECT id FROM x`); !errors.Is(err, context.Canceled) {
			t.Error("canceled", err)
		}
	})
}
