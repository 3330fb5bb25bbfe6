package database

import (
	"context"
	"fmt"
	"strings"
	"time"
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

// Refill runs do in one transaction in which rows may come in any order: what
// guards signed rows and references between tables is put aside and is back, and
// holds, before it commits. It is for a restore and the demo's growth alone.
func (db *DB) Refill(ctx context.Context, do func(ctx context.Context, tx *DB) error) error {
	conn, err := db.write.Connx(ctx)
	if err != nil {
		return fmt.Errorf("refill: %w", db.mind(err))
	}
	defer conn.Close()
	if db.engine == SQLite {
		// Rows come in the order of no index: unless the pages of all are at hand,
		// each is written many times over. The usual cache is 2 MB.
		if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2000000`); err != nil {
			return fmt.Errorf("refill: %w", db.mind(err))
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000`)
	}
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("refill: %w", db.mind(err))
	}
	defer tx.Rollback()
	in := &DB{engine: db.engine, read: db.write, write: db.write, tx: tx, signals: db.signals, health: db.health}
	back, err := in.putAside(ctx)
	if err != nil {
		return fmt.Errorf("refill: %w", err)
	}
	if err := do(ctx, in); err != nil {
		return err
	}
	for _, statement := range back {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("refill: %w", db.mind(err))
		}
	}
	if err := in.noOrphans(ctx); err != nil {
		return err
	}
	return db.mind(tx.Commit())
}

// putAside takes triggers and references away and returns the statements that
// bring them back.
func (db *DB) putAside(ctx context.Context) ([]string, error) {
	if db.engine == Postgres {
		return db.putAsidePostgres(ctx)
	}
	var triggers []struct {
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	if err := db.tx.SelectContext(ctx, &triggers, `SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`); err != nil {
		return nil, err
	}
	var back []string
	for _, t := range triggers {
		if _, err := db.tx.ExecContext(ctx, `DROP TRIGGER `+t.Name); err != nil {
			return nil, err
		}
		back = append(back, t.SQL)
	}
	return back, nil
}

func (db *DB) putAsidePostgres(ctx context.Context) ([]string, error) {
	var back []string
	var tables []string
	err := db.tx.SelectContext(ctx, &tables, `
		SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace`)
	if err != nil {
		return nil, err
	}
	for _, name := range tables {
		if _, err := db.tx.ExecContext(ctx, `ALTER TABLE `+name+` DISABLE TRIGGER USER`); err != nil {
			return nil, err
		}
	}
	var references []struct {
		Table      string `db:"relname"`
		Name       string `db:"conname"`
		Definition string `db:"definition"`
	}
	err = db.tx.SelectContext(ctx, &references, `
		SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) AS definition
		FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`)
	if err != nil {
		return nil, err
	}
	for _, r := range references {
		if _, err := db.tx.ExecContext(ctx, `ALTER TABLE `+r.Table+` DROP CONSTRAINT `+r.Name); err != nil {
			return nil, err
		}
		back = append(back, `ALTER TABLE `+r.Table+` ADD CONSTRAINT `+r.Name+` `+r.Definition)
	}
	for _, name := range tables {
		back = append(back, `ALTER TABLE `+name+` ENABLE TRIGGER USER`)
	}
	return back, nil
}

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
