package database

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// value converts v to the column's kind, since engines return texts, empty byte strings and
// booleans differently.
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

// BulkLoad runs do in one transaction in which rows can be inserted in any order: triggers,
// references and indexes are dropped, and restored and checked before it commits. It is only for a
// restore and for bench/growth, while nobody else uses db.
func (db *DB) BulkLoad(ctx context.Context, do func(ctx context.Context, tx *DB) error) (err error) {
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return fmt.Errorf("bulk load: %w", db.mapError(err))
	}
	defer conn.Close()
	back, err := db.tuneForBulk(ctx, conn)
	if err != nil {
		return fmt.Errorf("bulk load: %w", db.mapError(err))
	}
	defer func() { err = errors.Join(err, back()) }()
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("bulk load: %w", db.mapError(err))
	}
	defer tx.Rollback()
	in := &DB{engine: db.engine, read: db.write, write: db.write, tx: tx, signals: db.signals, health: db.health}
	if err := in.runBulkLoad(ctx, do); err != nil {
		return err
	}
	return db.mapError(tx.Commit())
}

func (db *DB) runBulkLoad(ctx context.Context, do func(ctx context.Context, tx *DB) error) error {
	back, err := db.dropConstraints(ctx)
	if err != nil {
		return fmt.Errorf("bulk load: %w", err)
	}
	if err := do(ctx, db); err != nil {
		return err
	}
	for _, statement := range back {
		if _, err := db.tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("bulk load: %w", db.mapError(err))
		}
	}
	return db.noOrphans(ctx)
}

// tuneForBulk prepares an SQLite connection for a very large transaction. All index pages should
// fit in memory, or each is written many times; the default cache is 2 MB. A write-ahead log would
// grow to the size of the database and be searched for each page, so it uses a rollback journal,
// which holds only the previous contents, next to nothing. If another process has the file open,
// the write-ahead log stays.
func (db *DB) tuneForBulk(ctx context.Context, conn *sqlx.Conn) (back func() error, err error) {
	if db.engine == Postgres {
		return func() error { return nil }, nil
	}
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2000000`); err != nil {
		return nil, err
	}
	db.read.SetMaxIdleConns(0) // closes the reading connections
	_, _ = conn.ExecContext(ctx, `PRAGMA journal_mode = DELETE`)
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx),
			`PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000`)
		db.read.SetMaxIdleConns(readers)
		return db.mapError(err)
	}, nil
}

// dropConstraints drops triggers, references and indexes, except those of keys, and returns the
// statements that restore them.
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

// The statements that drop and restore each kind.
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

// noOrphans checks for dangling references. PostgreSQL has checked them when they were restored.
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
		return fmt.Errorf("bulk load: a row refers to one that is not there")
	}
	return rows.Err()
}

// Insert inserts a row into t, in the transaction of a BulkLoad.
func (db *DB) Insert(ctx context.Context, t Table, row []any) error {
	holes := strings.TrimSuffix(strings.Repeat("?, ", len(row)), ", ")
	_, err := db.Exec(ctx, `INSERT INTO `+t.Name+` (`+strings.Join(t.Columns, ", ")+`) VALUES (`+holes+`)`, row...)
	return err
}
