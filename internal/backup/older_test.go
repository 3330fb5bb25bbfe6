package backup_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"mend/internal/backup"
	"mend/internal/database"
	"mend/migrations"
)

// TestABackupOfAnOlderSchemaIsBroughtUpToDate: what an older Mend wrote is in the current tables
// after the restore.
func TestABackupOfAnOlderSchemaIsBroughtUpToDate(t *testing.T) {
	for _, version := range []int64{9, 13, 22, 25, migrations.Newest() - 1} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			db := emptyFile(t)
			if err := migrations.ApplyUpTo(t.Context(), db, version); err != nil {
				t.Fatal(err)
			}
			fill(t, db, 2)
			path := filepath.Join(t.TempDir(), "b")
			if _, err := backup.WriteFile(t.Context(), db, path, backup.Seal{}, noon); err != nil {
				t.Fatal(err)
			}
			into := emptyFile(t)
			head, _, err := backup.Restore(t.Context(), into, path, backup.Opening{})
			if err != nil || head.Schema != version {
				t.Fatal(head, err)
			}
			if err := migrations.Apply(t.Context(), db); err != nil { // a database as Mend migrates it
				t.Fatal(err)
			}
			if now, err := migrations.Version(t.Context(), into); err != nil || now != migrations.Newest() {
				t.Error(now, err)
			}
			if !sameRows(dump(t, db), dump(t, into)) {
				t.Error("not the same")
			}
		})
	}
}

// emptyFile returns an SQLite database without tables.
func emptyFile(t *testing.T) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
