// Package dbtest gives tests databases of their own.
package dbtest

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/vault"
	"mend/migrations"
)

// Each runs test against an empty, migrated database of each engine, side by
// side with each other and with other tests. PostgreSQL is tried where MEND_TEST_POSTGRES holds the URL of a
// server; under CI=true its absence is a failure.
func Each(t *testing.T, test func(*testing.T, *database.DB)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, Postgres(t)) })
}

// SQLite returns an empty, migrated SQLite database.
func SQLite(t testing.TB) *database.DB {
	t.Helper()
	return migrated(t, filepath.Join(t.TempDir(), "mend.db"))
}

// Postgres returns an empty, migrated database that is a schema of its own in
// a shared server.
func Postgres(t testing.TB) *database.DB {
	t.Helper()
	return migrated(t, PostgresURL(t))
}

// PostgresURL returns the URL of an empty schema, which is dropped after t.
func PostgresURL(t testing.TB) string {
	t.Helper()
	url := os.Getenv("MEND_TEST_POSTGRES")
	if url == "" && os.Getenv("CI") == "true" {
		t.Fatal("MEND_TEST_POSTGRES is not set: under CI both engines are tried")
	}
	if url == "" {
		t.Skip("MEND_TEST_POSTGRES is not set")
	}
	schema := "test_" + strings.ToLower(rand.Text())
	server := open(t, url)
	exec(t, server, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { exec(t, server, "DROP SCHEMA "+schema+" CASCADE") })
	return url + "&search_path=" + schema
}

var vaults sync.Map // *database.DB -> *vault.Vault

// Vault returns the vault of db: the same each time it is asked for.
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
	t.Cleanup(func() { vaults.Delete(db) })
	return v
}

func migrated(t testing.TB, url string) *database.DB {
	t.Helper()
	db := open(t, url)
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
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
