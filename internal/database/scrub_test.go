package database_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mend/internal/database"
)

// TestScrubbingWaitsForNobodyWhoReads erases during a backup: nobody has to wait, and the log is
// emptied once the backup is done.
func TestScrubbingWaitsForNobodyWhoReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mend.db")
	db := openFile(t, path)
	must(t, db, `CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)`)
	must(t, db, `INSERT INTO notes VALUES (1, 'to be erased')`)
	log := func() int64 {
		t.Helper()
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	err := db.Snapshot(t.Context(), func(ctx context.Context, tx *database.DB) error {
		var n int
		if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM notes`); err != nil {
			return err
		}
		must(t, db, `DELETE FROM notes`)
		began := time.Now()
		if err := db.Scrub(t.Context(), "notes"); err != nil {
			t.Error(err)
		}
		must(t, db, `INSERT INTO notes VALUES (2, 'written beside it')`)
		if took := time.Since(began); took >= 5*time.Second { // what SQLite waits for a lock
			t.Errorf("writing waited %v", took)
		}
		return nil
	})
	if err != nil || log() == 0 {
		t.Fatal("the log is empty although it was read: nothing was tried", err)
	}
	if err := db.ScrubAgain(t.Context()); err != nil || log() != 0 {
		t.Error("the log is not emptied later: ", log(), err)
	}
	must(t, db, `INSERT INTO notes VALUES (3, 'more')`)
	if err := db.ScrubAgain(t.Context()); err != nil || log() == 0 {
		t.Error("what has nothing to do does something: ", log(), err)
	}
}

// TestAFileThatWasPutThereIsItsOwnersAlone opens a copy that was readable by everybody.
func TestAFileThatWasPutThereIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mend.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	openFile(t, path)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
}
