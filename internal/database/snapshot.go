package database

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Snapshot runs do on a read-only view of the database that does not change, however long do takes.
func (db *DB) Snapshot(ctx context.Context, do func(ctx context.Context, tx *DB) error) error {
	var options *sql.TxOptions // an SQLite transaction reads one state throughout
	if db.engine == Postgres {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := db.read.BeginTxx(ctx, options)
	if err != nil {
		return fmt.Errorf("snapshot: %w", db.mapError(err))
	}
	defer tx.Rollback()
	return do(ctx, &DB{engine: db.engine, read: db.read, write: db.read, tx: tx, signals: db.signals, health: db.health})
}

// A Kind is the type of a column, on either engine.
type Kind string

// The kinds of columns.
const (
	Text    Kind = "text"
	Bytes   Kind = "bytes"
	Time    Kind = "time"
	Boolean Kind = "boolean"
	Integer Kind = "integer"
)

var kinds = map[string]Kind{
	"TEXT": Text, "BYTEA": Bytes, "TIMESTAMP": Time, "BOOLEAN": Boolean, "BOOL": Boolean,
	"INTEGER": Integer, "INT4": Integer, "BIGINT": Integer, "INT8": Integer,
}

// A Table is a table with its columns.
type Table struct {
	Name    string
	Columns []string
	Kinds   []Kind
}

// Tables returns Mend's tables by name, without those of the migration library and those beginning
// with _, which litestream adds to a file.
func (db *DB) Tables(ctx context.Context) ([]Table, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	if db.engine == Postgres {
		query = `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
	}
	var names []string
	if err := db.Select(ctx, &names, query); err != nil {
		return nil, err
	}
	var list []Table
	for _, name := range names {
		if strings.HasPrefix(name, "goose_") || strings.HasPrefix(name, "_") {
			continue
		}
		t, err := db.table(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		list = append(list, t)
	}
	return list, nil
}

// Has reports whether there is a table of that name.
func (db *DB) Has(ctx context.Context, name string) (bool, error) {
	query := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?`
	if db.engine == Postgres {
		query = `SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?`
	}
	var n int
	err := db.Get(ctx, &n, query, name)
	return n > 0, err
}

func (db *DB) table(ctx context.Context, name string) (Table, error) {
	rows, err := db.query(ctx, `SELECT * FROM `+name+` WHERE 1 = 0`)
	if err != nil {
		return Table{}, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return Table{}, err
	}
	t := Table{Name: name}
	for _, c := range types {
		kind, ok := kinds[strings.ToUpper(c.DatabaseTypeName())]
		if !ok {
			return t, fmt.Errorf("column %s is of the unknown type %q", c.Name(), c.DatabaseTypeName())
		}
		t.Columns, t.Kinds = append(t.Columns, c.Name()), append(t.Kinds, kind)
	}
	return t, rows.Err()
}

// query runs a query without keeping it prepared.
func (db *DB) query(ctx context.Context, query string) (*sql.Rows, error) {
	if db.tx != nil {
		return db.tx.QueryContext(ctx, query)
	}
	return db.read.QueryContext(ctx, query)
}

// Rows calls each with every row of t: values by column, as string, []byte, time.Time, bool, int64
// or nil. The slice is reused.
func (db *DB) Rows(ctx context.Context, t Table, each func(row []any) error) error {
	rows, err := db.query(ctx, `SELECT `+strings.Join(t.Columns, ", ")+` FROM `+t.Name)
	if err != nil {
		return db.mapError(err)
	}
	defer rows.Close()
	row, to := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range row {
		to[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		for i, v := range row {
			if row[i], err = t.Kinds[i].value(v); err != nil {
				return fmt.Errorf("column %s.%s: %w", t.Name, t.Columns[i], err)
			}
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return db.mapError(rows.Err())
}

// Values returns the rows of query as the driver returns them, for code that treats all tables
// alike. Columns must be bare, or SQLite loses their type.
func (db *DB) Values(ctx context.Context, query string, args ...any) ([][]any, error) {
	st, err := db.statement(ctx, db.read, query, args)
	if err != nil {
		return nil, db.mapError(err)
	}
	rows, err := st.QueryxContext(ctx, utc(args)...)
	if err != nil {
		return nil, db.mapError(err)
	}
	defer rows.Close()
	var list [][]any
	for rows.Next() {
		row, err := rows.SliceScan()
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, db.mapError(rows.Err())
}
