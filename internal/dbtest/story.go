package dbtest

import (
	"context"
	"sync"
	"testing"

	"mend/internal/database"
	"mend/internal/vault"
)

// A Template writes a story into the first database of each engine that it is given, and
// pours a copy of what was written there, keys included, into every further one:
// what takes long to tell is told once.
type Template[T any] struct{ first [2]copied[T] }

type copied[T any] struct {
	sync.Mutex
	told   bool
	what   T
	master *vault.Master
	file   []byte // of an SQLite database
	tables []database.Table
	rows   [][][]any
}

// Pour fills db, which is empty and migrated, and returns what tell returned for the first
// database.
func (m *Template[T]) Pour(t testing.TB, db *database.DB, tell func() T) T {
	t.Helper()
	c := &m.first[0]
	if db.Engine() == database.Postgres {
		c = &m.first[1]
	}
	c.Lock()
	if !c.told {
		defer c.Unlock()
		c.what = tell()
		c.keep(t, db)
		return c.what
	}
	c.Unlock()
	vaults.Store(db, vault.New(c.master))
	masters.Store(db, c.master)
	t.Cleanup(func() { vaults.Delete(db); masters.Delete(db) })
	if db.Engine() == database.SQLite {
		overwrite(t, db, c.file)
	} else {
		c.insert(t, db)
	}
	return c.what
}

// insert adds the kept rows in any order, as a replica does.
func (c *copied[T]) insert(t testing.TB, db *database.DB) {
	t.Helper()
	err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
		if _, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		for i, table := range c.tables {
			if err := tx.InsertAll(ctx, table, c.rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// keep copies what is in db, and its master key.
func (c *copied[T]) keep(t testing.TB, db *database.DB) {
	t.Helper()
	master, ok := masters.Load(db)
	if !ok {
		t.Fatal("this database has no vault of dbtest's")
	}
	if db.Engine() == database.SQLite {
		c.file = contents(t, db)
	} else {
		c.keepRows(t, db)
	}
	c.master, c.told = master.(*vault.Master), true
}

// keepRows copies the rows of db.
func (c *copied[T]) keepRows(t testing.TB, db *database.DB) {
	t.Helper()
	err := db.Snapshot(t.Context(), func(ctx context.Context, tx *database.DB) (err error) {
		if c.tables, err = tx.Tables(ctx); err != nil {
			return err
		}
		c.rows = make([][][]any, len(c.tables))
		for i, table := range c.tables {
			err = tx.Rows(ctx, table, func(row []any) error {
				c.rows[i] = append(c.rows[i], append([]any{}, row...))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
