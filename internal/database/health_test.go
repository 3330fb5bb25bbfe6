package database_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mend/internal/database"
	"mend/internal/fault"
)

// A full disk is reported as such, nothing is stored partially, and writes succeed again once there
// is room.
func TestAFullDiskTakesNothingHalf(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "mend.db"))
	must(t, db, `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)`)
	var pages int
	if err := db.Get(t.Context(), &pages, `PRAGMA page_count`); err != nil {
		t.Fatal(err)
	}
	if err := db.Pool().Get(&pages, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+3)); err != nil {
		t.Fatal(err)
	}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *database.DB) error {
		for i := range 100 {
			if _, err := tx.Exec(ctx, `INSERT INTO notes VALUES (?, ?)`, i, strings.Repeat("word ", 200)); err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, fault.Full) {
		t.Fatal("a full disk is", err)
	}
	var n int
	if err := db.Get(t.Context(), &n, `SELECT COUNT(*) FROM notes`); err != nil || n != 0 {
		t.Errorf("%d rows of it are there, %v", n, err)
	}
	if err := db.Pool().Get(&pages, `PRAGMA max_page_count = 100000`); err != nil {
		t.Fatal(err)
	}
	must(t, db, `INSERT INTO notes VALUES (1, 'there is room again')`)
	if db.Broken() != nil {
		t.Error("a full disk is taken for a broken one")
	}
}

// After the disk has failed, no write is acknowledged any more, even if it would succeed.
func TestAfterAFailedDiskNothingIsSaidToBeSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mend.db")
	db := openFile(t, path)
	must(t, db, `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)`)
	for i := range 200 {
		must(t, db, fmt.Sprintf(`INSERT INTO notes VALUES (%d, '%s')`, i, strings.Repeat("word ", 200)))
	}
	if _, err := db.Pool().Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	for page := int64(2); page < 40; page++ { // all but the first pages
		if _, err := file.WriteAt([]byte(strings.Repeat("\xff", 4096)), page*4096); err != nil {
			t.Fatal(err)
		}
	}
	file.Close()
	db = openFile(t, path)
	var n int
	if err := db.Get(t.Context(), &n, `SELECT COUNT(*) FROM notes WHERE text LIKE '%x%'`); !errors.Is(err, fault.Broken) {
		t.Fatal("what was destroyed reads as", n, err)
	}
	if _, err := db.Exec(t.Context(), `CREATE TABLE more (id INTEGER)`); !errors.Is(err, database.ErrBroken) {
		t.Error("a write afterwards:", err)
	}
	if err := db.InTx(t.Context(), func(context.Context, *database.DB) error { return nil }); !errors.Is(err,
		database.ErrBroken) {
		t.Error("a transaction afterwards:", err)
	}
}

func openFile(t *testing.T, path string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func must(t *testing.T, db *database.DB, query string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), query); err != nil {
		t.Fatal(query, err)
	}
}
