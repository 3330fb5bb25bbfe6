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

// To migrate takes longer than most tests do: it is done once, and copied.
var made struct {
	sync.Mutex
	file     []byte // an SQLite database that has had all migrations
	template string // the name of such a database in the server
}

// migratedFile is what is in the file of an SQLite database that is empty and
// migrated.
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

// template returns the name of a database in the server that is empty and migrated.
// All packages that are tested share it: its name is that of the migrations, and who
// makes it first has others wait.
func template(t testing.TB, admin *database.DB, address string) string {
	t.Helper()
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
	run("SELECT pg_advisory_lock(6363)") // Mend's tests' own number
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
		migrate(t, databaseURL(t, address, "mend_making"))
		run("ALTER DATABASE mend_making RENAME TO " + name)
	}
	made.template = name
	return name
}

// databaseURL is the URL of another database of the server.
func databaseURL(t testing.TB, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("MEND_TEST_POSTGRES is not a URL")
	}
	u.Path = "/" + name
	return u.String()
}

// migrate brings the database at a path or URL up to date and closes it.
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
