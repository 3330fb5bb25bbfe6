package database

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Scrub drops what the database still holds of rows of table that were
// overwritten or deleted. On SQLite, where secure_delete has zeroed them in the
// file, it empties the write-ahead log; on PostgreSQL it writes the table anew,
// while the server's own log keeps them until it is recycled. It runs outside
// any transaction.
func (db *DB) Scrub(ctx context.Context, table string) error {
	if db.engine == Postgres {
		if _, err := db.write.ExecContext(ctx, `VACUUM FULL `+table); err != nil {
			return fmt.Errorf("scrub %s: %w", table, translate(err))
		}
		return nil
	}
	for range 50 {
		var result struct {
			Busy         int `db:"busy"`
			Log          int `db:"log"`
			Checkpointed int `db:"checkpointed"`
		}
		if err := db.write.GetContext(ctx, &result, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
			return fmt.Errorf("scrub: %w", translate(err))
		}
		if result.Busy == 0 {
			return nil
		}
		select { // somebody reads the log's end
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return errors.New("scrub: the write-ahead log is in use")
}
