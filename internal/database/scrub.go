package database

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// Scrub removes remains of overwritten or deleted rows of table. On SQLite, where secure_delete has
// zeroed them in the file, it empties the write-ahead log. On PostgreSQL it rewrites the table; the
// server's own log keeps them until it is recycled. It runs outside any transaction.
func (db *DB) Scrub(ctx context.Context, table string) error {
	if db.engine == Postgres {
		if _, err := db.write.ExecContext(ctx, `VACUUM FULL `+table); err != nil {
			return fmt.Errorf("scrub %s: %w", table, translate(err))
		}
		return nil
	}
	return db.emptyLog(ctx)
}

// ScrubAgain repeats a Scrub that a reader of the log prevented. It runs every few minutes.
func (db *DB) ScrubAgain(ctx context.Context) error {
	if !db.health.unscrubbed.Load() {
		return nil
	}
	return db.emptyLog(ctx)
}

// emptyLog empties the write-ahead log. If a long reader, such as a backup, prevents that, it is
// left for ScrubAgain instead of blocking writers.
func (db *DB) emptyLog(ctx context.Context) error {
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return fmt.Errorf("scrub: %w", translate(err))
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `PRAGMA busy_timeout = 500`); err != nil {
		return fmt.Errorf("scrub: %w", translate(err))
	}
	var result struct {
		Busy         int `db:"busy"`
		Log          int `db:"log"`
		Checkpointed int `db:"checkpointed"`
	}
	err = conn.GetContext(ctx, &result, `PRAGMA wal_checkpoint(TRUNCATE)`)
	_, back := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA busy_timeout = 5000`)
	if err = errors.Join(err, back); err != nil {
		return fmt.Errorf("scrub: %w", translate(err))
	}
	db.health.unscrubbed.Store(result.Busy != 0)
	if result.Busy != 0 {
		slog.Warn("what was erased stays in the write-ahead log until nobody reads it; it is tried again")
	}
	return nil
}
