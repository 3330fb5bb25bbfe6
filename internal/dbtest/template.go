package dbtest

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"mend/internal/database"
	"mend/migrations"
)

// made holds a migrated database of each engine to copy from, because migrating takes longer
// than most tests do.
var made struct {
	sync.Mutex
	file     []byte // an SQLite database with all migrations applied
	template string // the name of such a database on the PostgreSQL server
}

// migratedFile returns the file of an empty, migrated SQLite database.
func migratedFile(t testing.TB) []byte {
	t.Helper()
	made.Lock()
	defer made.Unlock()
	if made.file != nil {
		return made.file
	}
	path := filepath.Join(t.TempDir(), "made.db")
	migrate(t, path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	made.file = text
	return text
}

// template returns the name of an empty, migrated database on the server. All packages under
// test share it: its name contains the hash of the migrations, and an advisory lock lets only
// one create it.
func template(t testing.TB) string {
	t.Helper()
	admin := administer(t)
	made.Lock()
	defer made.Unlock()
	if made.template != "" {
		return made.template
	}
	one, err := admin.Pool().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	run := func(query string) {
		if _, err := one.ExecContext(context.WithoutCancel(t.Context()), query); err != nil {
			t.Fatal(err)
		}
	}
	run("SELECT pg_advisory_lock(6363)") // a number that only Mend's tests use
	defer run("SELECT pg_advisory_unlock(6363)")
	name := "mend_made_" + migrations.Hash()
	var there bool
	if err := one.QueryRowContext(t.Context(), "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)",
		name).Scan(&there); err != nil {
		t.Fatal(err)
	}
	if !there {
		run("DROP DATABASE IF EXISTS mend_making WITH (FORCE)")
		run("CREATE DATABASE mend_making")
		migrate(t, databaseURL(t, "mend_making"))
		run("ALTER DATABASE mend_making RENAME TO " + name)
	}
	made.template = name
	return name
}

// databaseURL returns the URL of another database on the server.
func databaseURL(t testing.TB, name string) string {
	t.Helper()
	u, err := url.Parse(server(t))
	if err != nil {
		t.Fatal("MEND_TEST_POSTGRES is not a URL")
	}
	u.Path = "/" + name
	return u.String()
}

// migrate applies all migrations to the database at a path or URL and closes it.
func migrate(t testing.TB, at string) {
	t.Helper()
	db, err := database.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
}
