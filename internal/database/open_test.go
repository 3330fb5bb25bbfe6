package database_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mend/internal/database"
)

func TestAFileThatIsTakenIsAnErrorThatNamesIt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "practice", "mend.db")
	unlock, err := database.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := database.Lock(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want an error that names %s", err, path)
	}
	if other, err := database.Lock(filepath.Join(t.TempDir(), "other.db")); err != nil {
		t.Error("another file is taken as well:", err)
	} else {
		other()
	}
	unlock()
	unlock, err = database.Lock(path)
	if err != nil {
		t.Fatal("unlocked, but", err)
	}
	unlock()
}

func TestTheFileIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "practice")
	path := filepath.Join(folder, "mend.db")
	unlock, err := database.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	db := open(t, path)
	if _, err := db.Exec(t.Context(), `CREATE TABLE x (id TEXT)`); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{
		"..": 0o700, ".": 0o700, "mend.db": 0o600, "mend.db-wal": 0o600, "mend.db-shm": 0o600, "mend.db.lock": 0o600,
	} {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: got %o, want %o", name, got, want)
		}
	}
}

func open(t *testing.T, url string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestAFileMayHaveAnyName(t *testing.T) {
	for _, name := range []string{
		"mend.db", "our practice.db", "50%41.db", "a#b.db", "a?mode=memory.db",
		"a&b=c.db", "Zoë.db", "a:b.db",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, name)
			db := open(t, path)
			if _, err := db.Exec(t.Context(), `CREATE TABLE x (id TEXT)`); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			files, err := os.ReadDir(folder)
			if err != nil || len(files) != 1 || files[0].Name() != name {
				t.Errorf("got %v, %v", files, err)
			}
			var n int
			if err := open(t, path).Get(t.Context(), &n, `SELECT COUNT(*) FROM x`); err != nil {
				t.Error("what was written is gone:", err)
			}
		})
	}
}

func TestADatabaseThatCannotBeOpenedIsAnErrorWithoutItsPassword(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(strings.Repeat("this is a letter, not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"postgres://mend:heron@127.0.0.1:1/mend?sslmode=disable",
		"postgresql://mend:heron@127.0.0.1:1/mend?sslmode=disable",
		"postgres://mend:heron@127.0.0.1:port/mend",
		"postgres://mend:heron@127.0.0.1:1/mend?sslmode=heavy",
		"postgres://mend:heron%zz@127.0.0.1:1/mend",
		"postgres://mend:heron/1@127.0.0.1:1/mend",
		file,
		filepath.Join(file, "mend.db"),
		t.TempDir(),
	} {
		db, err := database.Open(t.Context(), url)
		if err == nil {
			db.Close()
			t.Errorf("%s was opened", url)
			continue
		}
		if strings.Contains(err.Error(), "heron") {
			t.Errorf("the password is in the error: %v", err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := database.Open(gone, filepath.Join(t.TempDir(), "mend.db")); err == nil {
		t.Error("opened for somebody who left")
	}
}

// TestAClosedDatabaseIsOneWholeFile: statements that are prepared in the background hold no connection
// after Close, so that nothing is left in the write-ahead log and the file can be moved.
func TestAClosedDatabaseIsOneWholeFile(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for n := range 100 {
		path := filepath.Join(folder, fmt.Sprint(n))
		db := open(t, path)
		if _, err := db.Exec(t.Context(), `CREATE TABLE x (id INTEGER)`); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := db.Snapshot(t.Context(), countTenWays); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"-wal", "-shm"} {
			if _, err := os.Stat(path + part); err == nil {
				t.Fatalf("after %d databases %s is left", n, part)
			}
		}
	}
}

// countTenWays runs ten statements.
func countTenWays(ctx context.Context, tx *database.DB) error {
	for way := range 10 {
		var n int
		if err := tx.Get(ctx, &n, fmt.Sprint(`SELECT count(*) FROM x WHERE id > `, way)); err != nil {
			return err
		}
	}
	return nil
}
