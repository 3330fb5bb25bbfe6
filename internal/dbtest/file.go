package dbtest

import (
	"os"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"

	"mend/internal/database"
)

// openFile opens a new SQLite database with the given contents.
func openFile(t testing.TB, contents []byte) *database.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mend.db")
	if err := os.WriteFile(path, contents, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// contents returns the bytes of a copy of an SQLite database.
func contents(t testing.TB, db *database.DB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kept.db")
	exec(t, db, `VACUUM INTO '`+path+`'`)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// overwrite replaces everything in an SQLite database with the contents of another.
func overwrite(t testing.TB, db *database.DB, contents []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kept.db")
	if err := os.WriteFile(path, contents, 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := db.Pool().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(driver any) error {
		restore, err := driver.(interface {
			NewRestore(source string) (*sqlite.Backup, error)
		}).NewRestore(path)
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			more, err = restore.Step(-1)
		}
		if err != nil {
			restore.Finish()
			return err
		}
		return restore.Finish()
	})
	if err != nil {
		t.Fatal(err)
	}
}
