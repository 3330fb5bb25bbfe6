package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"

	"mend/internal/database"
	"mend/migrations"
)

// mostLine is the longest line accepted, in bytes. A row with an encrypted page of a megabyte fits.
const mostLine = 64 << 20

// A visitor receives the contents of a file, part by part.
type visitor struct {
	header func(Header) error
	table  func(database.Table) error
	row    func([]any) error
}

// walk reads a whole file and checks it against its manifest.
func walk(r io.Reader, with Opening, v visitor) (Header, Manifest, error) {
	var h Header
	unsealed, err := with.reader(r)
	if err != nil {
		return h, Manifest{}, err
	}
	w := walker{visitor: v, sums: map[string]*adder{}, ends: newChainHeads()}
	lines := bufio.NewScanner(unsealed)
	lines.Buffer(make([]byte, 1<<16), mostLine)
	for n := 1; lines.Scan(); n++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil || w.manifest != nil {
			return w.head, Manifest{}, damaged("line %d", n)
		}
		if err := w.line(l); err != nil {
			return w.head, Manifest{}, err
		}
	}
	if lines.Err() != nil {
		return w.head, Manifest{}, damaged("it is cut off or was changed")
	}
	if w.manifest == nil {
		return w.head, Manifest{}, damaged("its end is missing")
	}
	got := map[string]Sum{}
	for name, a := range w.sums {
		got[name] = a.sum()
	}
	if !maps.Equal(got, w.manifest.Tables) {
		return w.head, Manifest{}, damaged("its rows are not those that were written")
	}
	if !with.AnyLog && !(maps.Equal(w.ends.known, w.manifest.Heads) && maps.Equal(w.ends.entries, w.manifest.Heads)) {
		return w.head, Manifest{}, ErrLog
	}
	return w.head, *w.manifest, nil
}

// A walker processes a file line by line.
type walker struct {
	visitor
	head     Header
	table    *database.Table
	sums     map[string]*adder
	ends     chainHeads
	manifest *Manifest
}

func (w *walker) line(l line) error {
	switch {
	case l.Header != nil:
		w.head = *l.Header
		if w.head.Format != 1 {
			return ErrNewer
		}
		return w.visitor.header(w.head)
	case w.head.Format == 0:
		return damaged("it does not begin as a backup")
	case l.Table != nil:
		t := database.Table{Name: l.Table.Name, Columns: l.Table.Columns, Kinds: l.Table.Kinds}
		w.table, w.sums[t.Name] = &t, &adder{}
		return w.visitor.table(t)
	case l.Row != nil && w.table != nil:
		row, err := values(l.Row, w.table.Kinds)
		if err != nil {
			return damaged("a row of %s", w.table.Name)
		}
		w.sums[w.table.Name].add(l.Row)
		w.ends.observe(w.table, row)
		return w.visitor.row(row)
	case l.Manifest != nil:
		w.manifest = l.Manifest
		return nil
	}
	return damaged("a line that says nothing")
}

// Verify reads the whole file at path and returns its header and manifest. It returns an error if
// any of it was changed or a newer Mend made it.
func Verify(path string, with Opening) (Header, Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Header{}, Manifest{}, err
	}
	defer f.Close()
	return walk(f, with,
		visitor{header: notNewer, table: func(database.Table) error { return nil }, row: func([]any) error { return nil }})
}

func notNewer(h Header) error {
	if h.Schema > migrations.Newest() {
		return ErrNewer
	}
	return nil
}

// Restore fills db, which must be empty, from the file at path. It checks the whole file before
// writing anything, and reads back and sums up what was written before committing. Then it migrates
// the schema.
func Restore(ctx context.Context, db *database.DB, path string, with Opening) (Header, Manifest, error) {
	head, manifest, err := Verify(path, with)
	if err != nil {
		return head, manifest, err
	}
	if err := isEmpty(ctx, db); err != nil {
		return head, manifest, err
	}
	if err := migrations.ApplyUpTo(ctx, db, head.Schema); err != nil {
		return head, manifest, err
	}
	f, err := os.Open(path)
	if err != nil {
		return head, manifest, err
	}
	defer f.Close()
	err = db.BulkLoad(ctx, func(ctx context.Context, tx *database.DB) error { return fill(ctx, tx, f, with, manifest) })
	if err != nil {
		return head, manifest, fmt.Errorf("restore: %w", err)
	}
	return head, manifest, migrations.Apply(ctx, db)
}

// fill writes the contents of f and verifies what was written.
func fill(ctx context.Context, tx *database.DB, f io.Reader, with Opening, want Manifest) error {
	known, err := tx.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range known { // rows inserted by migrations come from the backup instead
		if _, err := tx.Exec(ctx, `DELETE FROM `+t.Name); err != nil {
			return err
		}
	}
	tables := map[string]database.Table{}
	for _, t := range known {
		tables[t.Name] = t
	}
	var now database.Table
	_, again, err := walk(f, with, visitor{
		header: notNewer,
		table: func(t database.Table) error {
			now = t
			if _, ok := tables[t.Name]; !ok || !sameColumns(tables[t.Name], t) {
				return damaged("the table %s does not belong to its schema", t.Name)
			}
			return nil
		},
		row: func(row []any) error { return tx.Insert(ctx, now, row) },
	})
	if err != nil {
		return err
	}
	if !maps.Equal(again.Tables, want.Tables) {
		return errors.New("the file was changed while it was read")
	}
	for _, t := range known {
		var total adder
		err := tx.Rows(ctx, t, func(row []any) error { total.add(words(row)); return nil })
		if err != nil {
			return err
		}
		if total.sum() != want.Tables[t.Name] {
			return fmt.Errorf("the table %s is not what the backup holds", t.Name)
		}
	}
	return nil
}

// sameColumns reports whether b has the columns of a, in the same order and of the same kinds.
func sameColumns(a, b database.Table) bool {
	if len(a.Columns) != len(b.Columns) {
		return false
	}
	for i := range a.Columns {
		if a.Columns[i] != b.Columns[i] || a.Kinds[i] != b.Kinds[i] {
			return false
		}
	}
	return true
}

// isEmpty returns ErrNotEmpty if db has any row.
func isEmpty(ctx context.Context, db *database.DB) error {
	tables, err := db.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		var n int
		if err := db.Get(ctx, &n, `SELECT COUNT(*) FROM (SELECT 1 FROM `+t.Name+` LIMIT 1) one`); err != nil {
			return err
		}
		if n > 0 {
			return ErrNotEmpty
		}
	}
	return nil
}
