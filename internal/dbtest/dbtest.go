// Package dbtest gives each test a database of its own.
package dbtest

import (
	"context"
	"crypto/rand"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/vault"
)

// Each runs test on an empty, migrated database of each engine, in parallel with each other
// and with other tests. PostgreSQL is tested if MEND_TEST_POSTGRES holds the URL of a server;
// under CI=true its absence is a failure.
func Each(t *testing.T, test func(*testing.T, *database.DB)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, Postgres(t)) })
}

// Open returns an empty, migrated database of an engine.
func Open(t testing.TB, engine database.Engine) *database.DB {
	if engine == database.Postgres {
		return Postgres(t)
	}
	return SQLite(t)
}

// Engines returns one engine, chosen by a hash of the test's name. It returns both if CI=true,
// and if PostgreSQL is unavailable, whose test then skips.
func Engines(t testing.TB) []database.Engine {
	both := []database.Engine{database.SQLite, database.Postgres}
	if os.Getenv("CI") == "true" || os.Getenv("MEND_TEST_POSTGRES") == "" || testing.Short() {
		return both
	}
	sum := fnv.New32a()
	sum.Write([]byte(t.Name()))
	return both[sum.Sum32()%2:][:1]
}

// SQLite returns an empty, migrated SQLite database.
func SQLite(t testing.TB) *database.DB {
	t.Helper()
	return openFile(t, migratedFile(t))
}

// Postgres returns an empty, migrated database on the shared server.
func Postgres(t testing.TB) *database.DB {
	t.Helper()
	return openCopy(t, template(t))
}

// openCopy opens a copy of a database on the shared server, which is dropped after t.
func openCopy(t testing.TB, from string) *database.DB {
	t.Helper()
	name := "mend_test_" + strings.ToLower(rand.Text())
	copyDatabase(t, from, name)
	t.Cleanup(func() { exec(t, administer(t), "DROP DATABASE "+name+" WITH (FORCE)") })
	return open(t, databaseURL(t, name))
}

// copyDatabase copies a database of the server that nobody uses: by its files, because copying
// through the write-ahead log takes ten times as long.
func copyDatabase(t testing.TB, from, to string) {
	t.Helper()
	exec(t, administer(t), "CREATE DATABASE "+to+" TEMPLATE "+from+" STRATEGY FILE_COPY")
}

// PostgresURL returns the URL of an empty schema, which is dropped after t.
func PostgresURL(t testing.TB) string {
	t.Helper()
	schema := "test_" + strings.ToLower(rand.Text())
	exec(t, administer(t), "CREATE SCHEMA "+schema)
	t.Cleanup(func() { exec(t, administer(t), "DROP SCHEMA "+schema+" CASCADE") })
	return server(t) + "&search_path=" + schema
}

// server returns the URL of the PostgreSQL server for a user who may create databases.
func server(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("quick tests are tried on SQLite alone")
	}
	address := os.Getenv("MEND_TEST_POSTGRES")
	if address == "" && os.Getenv("CI") == "true" {
		t.Fatal("MEND_TEST_POSTGRES is not set: under CI both engines are tried")
	}
	if address == "" {
		t.Skip("MEND_TEST_POSTGRES is not set")
	}
	return address
}

// admin is a connection to the shared server, for all tests of a process.
var admin = sync.OnceValues(func() (*database.DB, error) {
	return database.Open(context.Background(), os.Getenv("MEND_TEST_POSTGRES"))
})

// administer returns admin, or skips t if there is no server.
func administer(t testing.TB) *database.DB {
	t.Helper()
	server(t)
	db, err := admin()
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// vaults and masters hold the vault and the master key of each *database.DB.
var vaults, masters sync.Map

// Vault returns the vault of db, the same one on each call.
func Vault(t testing.TB, db *database.DB) *vault.Vault {
	t.Helper()
	if v, ok := vaults.Load(db); ok {
		return v.(*vault.Vault)
	}
	master, err := vault.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	v := vault.New(master)
	if err := v.Claim(t.Context(), db, time.Now()); err != nil {
		t.Fatal(err)
	}
	vaults.Store(db, v)
	masters.Store(db, master)
	t.Cleanup(func() { vaults.Delete(db); masters.Delete(db) })
	return v
}

// openFile opens a new SQLite database with the given contents.
func openFile(t testing.TB, contents []byte) *database.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mend.db")
	if err := os.WriteFile(path, contents, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

func open(t testing.TB, url string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func exec(t testing.TB, db *database.DB, query string) {
	t.Helper()
	if _, err := db.Exec(context.Background(), query); err != nil {
		t.Fatal(err)
	}
}

// Long skips a test that takes seconds, or walks through all pages, when the quick tests run.
func Long(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("the quick tests leave out what takes seconds")
	}
}

// Thorough skips a test unless CI=true: one that takes long and has a shorter sibling that runs
// everywhere.
func Thorough(t testing.TB) {
	t.Helper()
	if os.Getenv("CI") != "true" {
		t.Skip("with CI=true alone")
	}
}
