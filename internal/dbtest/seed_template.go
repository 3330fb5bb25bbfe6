package dbtest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"mend/internal/database"
	"mend/internal/vault"
)

// A Template is a database that is seeded once for each engine and then copied, key included,
// because seeding is slow.
type Template[T any] struct {
	Seed   func(testing.TB, *database.DB) T // fills an empty, migrated database
	copies [2]seeded[T]
}

// seeded is a database to copy from.
type seeded[T any] struct {
	sync.Mutex
	what   T             // what Seed returned
	master *vault.Master // nil until the database is seeded
	file   []byte        // of an SQLite database
	name   string        // of a PostgreSQL database
}

// Each runs test on a copy of the seeded database of each engine, as the function Each does.
func (m *Template[T]) Each(t *testing.T, test func(*testing.T, *database.DB, T)) {
	t.Helper()
	m.on(t, []database.Engine{database.SQLite, database.Postgres}, test)
}

// Either runs test on Engines. It is for tests, such as those over HTTP, of code built on what
// Each has already tested on both engines.
func (m *Template[T]) Either(t *testing.T, test func(*testing.T, *database.DB, T)) {
	t.Helper()
	m.on(t, Engines(t), test)
}

func (m *Template[T]) on(t *testing.T, engines []database.Engine, test func(*testing.T, *database.DB, T)) {
	t.Helper()
	t.Parallel()
	for _, engine := range engines {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			db, what := m.Open(t, engine)
			test(t, db, what)
		})
	}
}

// Open returns a copy of the seeded database of an engine, and what Seed returned.
func (m *Template[T]) Open(t testing.TB, engine database.Engine) (*database.DB, T) {
	t.Helper()
	c := &m.copies[0]
	if engine == database.Postgres {
		server(t)
		c = &m.copies[1]
	}
	c.Lock()
	if c.master == nil {
		m.seed(t, engine, c)
	}
	c.Unlock()
	db := c.open(t)
	vaults.Store(db, vault.New(c.master))
	masters.Store(db, c.master)
	t.Cleanup(func() { vaults.Delete(db); masters.Delete(db) })
	return db, c.what
}

// open returns a copy.
func (c *seeded[T]) open(t testing.TB) *database.DB {
	t.Helper()
	if c.file != nil {
		return openFile(t, c.file)
	}
	return openCopy(t, c.name)
}

// seed fills a new database, closes it, and keeps it in c.
func (m *Template[T]) seed(t testing.TB, engine database.Engine, c *seeded[T]) {
	t.Helper()
	at := filepath.Join(t.TempDir(), "seeded.db")
	if engine == database.Postgres {
		c.name = newDatabase(t)
		at = databaseURL(t, c.name)
	} else if err := os.WriteFile(at, migratedFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := database.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	what := m.Seed(t, db)
	Vault(t, db)
	master, _ := masters.Load(db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if engine == database.SQLite {
		if c.file, err = os.ReadFile(at); err != nil {
			t.Fatal(err)
		}
	}
	c.what, c.master = what, master.(*vault.Master)
}

// newDatabase creates an empty, migrated database that outlives t and returns its name. It drops
// those of test processes that have ended.
func newDatabase(t testing.TB) string {
	t.Helper()
	admin := administer(t)
	var names []string
	err := admin.Select(t.Context(), &names, `SELECT datname FROM pg_database WHERE datname LIKE 'mend_seeded_%'`)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if ended(name) {
			exec(t, admin, "DROP DATABASE IF EXISTS "+name)
		}
	}
	name := fmt.Sprintf("mend_seeded_%d_%s", os.Getpid(), strings.ToLower(rand.Text()))
	copyDatabase(t, template(t), name)
	return name
}

// ended reports whether the process that created a database of newDatabase has ended.
func ended(name string) bool {
	var pid int
	if _, err := fmt.Sscanf(name, "mend_seeded_%d_", &pid); err != nil {
		return false
	}
	process, err := os.FindProcess(pid)
	return err == nil && errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
