package database

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// value is v as its column's kind: engines differ in what they return of a
// text, an empty one of bytes, and a truth.
func (k Kind) value(v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		if k == Bytes {
			return []byte(x), nil
		}
		if k == Text {
			return x, nil
		}
	case []byte:
		if k == Text {
			return string(x), nil
		}
		if k == Bytes {
			return append([]byte{}, x...), nil
		}
	case int64:
		if k == Boolean {
			return x != 0, nil
		}
		if k == Integer {
			return x, nil
		}
	case bool:
		if k == Boolean {
			return x, nil
		}
	case time.Time:
		if k == Time {
			return x.UTC().Truncate(time.Microsecond), nil
		}
	}
	return nil, fmt.Errorf("a %T where %s belongs", v, k)
}

// BulkLoad runs do in one transaction in which rows may come in any order: what
// guards signed rows, references between tables and indexes are put aside and are
// back, and hold, before it commits. It is for a restore and the demo's growth
// alone, while nobody else uses db.
func (db *DB) BulkLoad(ctx context.Context, do func(ctx context.Context, tx *DB) error) (err error) {
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return fmt.Errorf("refill: %w", db.mapError(err))
	}
	defer conn.Close()
	back, err := db.tuneForBulk(ctx, conn)
	if err != nil {
		return fmt.Errorf("refill: %w", db.mapError(err))
	}
	defer func() { err = errors.Join(err, back()) }()
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("refill: %w", db.mapError(err))
	}
	defer tx.Rollback()
	in := &DB{engine: db.engine, read: db.write, write: db.write, tx: tx, signals: db.signals, health: db.health}
	if err := in.refill(ctx, do); err != nil {
		return err
	}
	return db.mapError(tx.Commit())
}

func (db *DB) refill(ctx context.Context, do func(ctx context.Context, tx *DB) error) error {
	back, err := db.dropConstraints(ctx)
	if err != nil {
		return fmt.Errorf("refill: %w", err)
	}
	if err := do(ctx, db); err != nil {
		return err
	}
	for _, statement := range back {
		if _, err := db.tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("refill: %w", db.mapError(err))
		}
	}
	return db.noOrphans(ctx)
}

// tuneForBulk has an SQLite connection take very much in one transaction. Unless the
// pages of all indexes are in memory, each is written many times over, and the usual
// cache is 2 MB. A write-ahead log would grow as long as the database, and is
// searched from end to end for each page; the old journal holds what was there
// before alone, which is next to nothing. A file that somebody else has open keeps
// its log.
func (db *DB) tuneForBulk(ctx context.Context, conn *sqlx.Conn) (back func() error, err error) {
	if db.engine == Postgres {
		return func() error { return nil }, nil
	}
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2000000`); err != nil {
		return nil, err
	}
	db.read.SetMaxIdleConns(0) // closes those that read
	_, _ = conn.ExecContext(ctx, `PRAGMA journal_mode = DELETE`)
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx),
			`PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000`)
		db.read.SetMaxIdleConns(readers)
		return db.mapError(err)
	}, nil
}

// dropConstraints takes triggers, references and indexes away, but those that keep a key,
// and returns the statements that bring them back.
func (db *DB) dropConstraints(ctx context.Context) (back []string, err error) {
	queries := asidePostgres
	if db.engine == SQLite {
		queries = asideSQLite
	}
	for _, query := range queries {
		var list []struct {
			Away string `db:"away"`
			Back string `db:"back"`
		}
		if err := db.tx.SelectContext(ctx, &list, query); err != nil {
			return nil, err
		}
		for _, s := range list {
			if _, err := db.tx.ExecContext(ctx, s.Away); err != nil {
				return nil, err
			}
			back = append(back, s.Back)
		}
	}
	return back, nil
}

// What is put aside: how it goes, and how it comes back.
var (
	asideSQLite = []string{`
		SELECT 'DROP ' || type || ' ' || name AS away, sql AS back
		FROM sqlite_master
		WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
		ORDER BY type, name`}
	asidePostgres = []string{`
		SELECT 'SET LOCAL maintenance_work_mem = ''512MB''' AS away, 'SET LOCAL work_mem = ''128MB''' AS back`, `
		SELECT 'DROP INDEX ' || c.relname AS away, pg_get_indexdef(c.oid) AS back
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE c.relnamespace = current_schema()::regnamespace
		  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid)`, `
		SELECT 'ALTER TABLE ' || c.relname || ' DROP CONSTRAINT ' || k.conname AS away,
			'ALTER TABLE ' || c.relname || ' ADD CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS back
		FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`, `
		SELECT DISTINCT 'ALTER TABLE ' || c.relname || ' DISABLE TRIGGER USER' AS away,
		  'ALTER TABLE ' || c.relname || ' ENABLE TRIGGER USER' AS back
		FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace`}
)

// noOrphans looks for references to what is not there; PostgreSQL has done so
// when they came back.
func (db *DB) noOrphans(ctx context.Context) error {
	if db.engine == Postgres {
		return nil
	}
	rows, err := db.tx.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return fmt.Errorf("refill: a row refers to one that is not there")
	}
	return rows.Err()
}

// Insert adds a row to t, in the transaction of a Refill.
func (db *DB) Insert(ctx context.Context, t Table, row []any) error {
	holes := strings.TrimSuffix(strings.Repeat("?, ", len(row)), ", ")
	_, err := db.Exec(ctx, `INSERT INTO `+t.Name+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+holes+`)`, row...)
	return err
}
