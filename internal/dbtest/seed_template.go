package dbtest

import (
	"context"
	"sync"
	"testing"

	"mend/internal/database"
	"mend/internal/vault"
)

// A Template seeds the first database of each engine and copies the result, keys included, into
// every later one, because seeding is slow.
type Template[T any] struct{ first [2]copied[T] }

type copied[T any] struct {
	sync.Mutex
	seeded bool
	what   T
	master *vault.Master
	file   []byte // of an SQLite database
	tables []database.Table
	rows   [][][]any
}

// Open returns a filled database of an engine, and what seed returned for the first one.
func (m *Template[T]) Open(t testing.TB, engine database.Engine, seed func(*database.DB) T) (*database.DB, T) {
	t.Helper()
	c := m.of(engine)
	c.Lock()
	seeded := c.seeded
	c.Unlock()
	if seeded && engine == database.SQLite { // opening the file is faster than filling another one
		db := openFile(t, c.file)
		c.giveKey(t, db)
		return db, c.what
	}
	db := Open(t, engine)
	return db, m.Fill(t, db, func() T { return seed(db) })
}

// Fill fills db, which is empty and migrated, and returns what seed returned for the first
// database.
func (m *Template[T]) Fill(t testing.TB, db *database.DB, seed func() T) T {
	t.Helper()
	c := m.of(db.Engine())
	c.Lock()
	if !c.seeded {
		defer c.Unlock()
		c.what = seed()
		c.keep(t, db)
		return c.what
	}
	c.Unlock()
	c.giveKey(t, db)
	if db.Engine() == database.SQLite {
		overwrite(t, db, c.file)
	} else {
		c.insert(t, db)
	}
	return c.what
}

// of returns what is kept for an engine.
func (m *Template[T]) of(engine database.Engine) *copied[T] {
	if engine == database.Postgres {
		return &m.first[1]
	}
	return &m.first[0]
}

// giveKey makes Vault return the vault of the first database for db.
func (c *copied[T]) giveKey(t testing.TB, db *database.DB) {
	vaults.Store(db, vault.New(c.master))
	masters.Store(db, c.master)
	t.Cleanup(func() { vaults.Delete(db); masters.Delete(db) })
}

// insert adds the kept rows in any order, in replica mode, which skips foreign keys and
// triggers.
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

// keep copies the contents of db and its master key.
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
	c.master, c.seeded = master.(*vault.Master), true
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
