package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"mend/internal/database"
	"mend/migrations"
)

// Write copies a snapshot of db to w. Other writers do not wait for it.
func Write(ctx context.Context, db *database.DB, w io.Writer, to Seal, now time.Time) (Manifest, error) {
	m := Manifest{Tables: map[string]Sum{}, Heads: map[string]Head{}}
	sealed, err := to.writer(w)
	if err != nil {
		return m, err
	}
	err = db.Snapshot(ctx, func(ctx context.Context, tx *database.DB) error {
		out := json.NewEncoder(sealed)
		schema, err := migrations.Version(ctx, tx)
		if err != nil {
			return err
		}
		if err := out.Encode(line{Header: &Header{1, schema, string(db.Engine()), now.UTC()}}); err != nil {
			return err
		}
		tables, err := tx.Tables(ctx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if m.Tables[t.Name], err = writeTable(ctx, tx, t, out); err != nil {
				return err
			}
		}
		if err := heads(ctx, tx, m.Heads); err != nil {
			return err
		}
		return out.Encode(line{Manifest: &m})
	})
	if err = errors.Join(err, sealed.Close()); err != nil {
		return m, fmt.Errorf("backup: %w", err)
	}
	return m, nil
}

func writeTable(ctx context.Context, tx *database.DB, t database.Table, out *json.Encoder) (Sum, error) {
	if err := out.Encode(line{Table: &table{t.Name, t.Columns, t.Kinds}}); err != nil {
		return Sum{}, err
	}
	var total adder
	err := tx.Rows(ctx, t, func(row []any) error {
		said := words(row)
		total.add(said)
		return out.Encode(line{Row: said})
	})
	return total.sum(), err
}

// heads records the end of each practice's log.
func heads(ctx context.Context, tx *database.DB, to map[string]Head) error {
	var list []struct {
		Practice string `db:"practice_id"`
		Seq      int64  `db:"seq"`
		MAC      string `db:"mac"`
	}
	if err := tx.Select(ctx, &list, `SELECT practice_id, seq, mac FROM audit_heads`); err != nil {
		return err
	}
	for _, h := range list {
		to[h.Practice] = Head{h.Seq, h.MAC}
	}
	return nil
}

// WriteFile is Write to a file readable only by its owner. The file appears only when it is
// complete and durable. An existing file is not overwritten.
func WriteFile(ctx context.Context, db *database.DB, path string, to Seal, now time.Time) (m Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return m, fmt.Errorf("there is a file at %s already", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".mend-backup-*") // created with mode 0600
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<16)
	if m, err = Write(ctx, db, buffered, to, now); err != nil {
		return m, err
	}
	if err = errors.Join(buffered.Flush(), f.Sync(), f.Close()); err != nil {
		return m, err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return m, err
	}
	return m, syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
