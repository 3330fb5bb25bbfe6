package database

import (
	"context"
	"fmt"
	"strings"
)

// atOnce is the number of rows per INSERT statement on SQLite.
const atOnce = 32

// InsertAll inserts rows into t in bulk, in the transaction of a BulkLoad.
func (db *DB) InsertAll(ctx context.Context, t Table, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var err error
	if db.engine == Postgres {
		err = db.copyIn(ctx, t, rows)
	} else {
		err = db.insertAll(ctx, t, rows)
	}
	if err != nil {
		return fmt.Errorf("rows of %s: %w", t.Name, db.mapError(err))
	}
	return nil
}

func (db *DB) copyIn(ctx context.Context, t Table, rows [][]any) error {
	st, err := db.tx.PrepareContext(ctx, `COPY `+t.Name+` (`+strings.Join(t.Columns, ", ")+`) FROM STDIN`)
	if err != nil {
		return err
	}
	defer st.Close()
	for _, row := range rows {
		if _, err := st.ExecContext(ctx, utc(row)...); err != nil {
			return err
		}
	}
	_, err = st.ExecContext(ctx)
	return err
}

func (db *DB) insertAll(ctx context.Context, t Table, rows [][]any) error {
	for _, n := range []int{atOnce, 1} {
		row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(t.Columns)), ", ") + ")"
		text := `INSERT INTO ` + t.Name + ` (` + strings.Join(t.Columns, ", ") + `) VALUES ` +
			strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
		st, err := db.tx.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		defer st.Close()
		args := make([]any, 0, n*len(t.Columns))
		for ; len(rows) >= n; rows = rows[n:] {
			args = args[:0]
			for _, r := range rows[:n] {
				args = append(args, utc(r)...)
			}
			if _, err := st.ExecContext(ctx, args...); err != nil {
				return err
			}
		}
	}
	return nil
}
