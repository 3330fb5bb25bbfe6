package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mend/internal/backup"
	"mend/internal/database"
	"mend/migrations"
)

// TestAStartThatFailsToMigrateAgainAndAgainKeepsTheNewestCopies: each attempt makes a copy, and
// only a few are kept per schema. Copies of other schemas are left alone.
func TestAStartThatFailsToMigrateAgainAndAgainKeepsTheNewestCopies(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data [1]")
	db, err := database.Open(t.Context(), filepath.Join(folder, "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	older := migrations.Newest() - 1
	if err := migrations.ApplyUpTo(t.Context(), db, older); err != nil {
		t.Fatal(err)
	}
	another := filepath.Join(folder, fmt.Sprintf("before-migration-from-%d-20200101T000000.000000Z.backup", older-1))
	if err := os.WriteFile(another, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for range copies + 3 {
		if err := copyBeforeMigrating(t.Context(), db, folder); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	left := 0
	for _, f := range files {
		path := filepath.Join(folder, f.Name())
		if filepath.Ext(path) != ".backup" || path == another {
			continue
		}
		left++
		head, _, err := backup.Verify(path, backup.Opening{})
		if err != nil || head.Schema != older || head.MadeAt.Before(began.UTC().Truncate(time.Microsecond)) {
			t.Error(f.Name(), head, err)
		}
	}
	if _, err := os.Stat(another); left != copies || err != nil {
		t.Error(left, "copies are left", err)
	}
}
