package verification_test

import (
	"path/filepath"
	"testing"

	"mend/demo"
	"mend/demo/demotest"
	"mend/internal/backup"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// TestABackupHoldsEveryColumn of every table. It reads the schema, so a new column is tested
// automatically.
func TestABackupHoldsEveryColumn(t *testing.T) {
	dbtest.Long(t)
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		p.couple(9) // fills every field of a partner
		path, into := filepath.Join(t.TempDir(), "backup"), dbtest.SQLite(t)
		if _, err := backup.WriteFile(t.Context(), db, path, backup.Seal{}, now); err != nil {
			t.Fatal(err)
		}
		if _, _, err := backup.Restore(t.Context(), into, path, backup.Opening{}); err != nil {
			t.Fatal(err)
		}
		tables, err := db.Tables(t.Context())
		must(t, err)
		for _, table := range tables {
			want, got := written(t, db, table), written(t, into, table)
			for _, column := range table.Columns {
				if want[column] != got[column] {
					t.Errorf("%s.%s: %d rows hold something, %d after a backup was restored: the backup leaves it out",
						table.Name, column, want[column], got[column])
				}
			}
		}
		if partners := written(t, db, database.Table{
			Name: "partners", Columns: []string{"reach"}, Kinds: []database.Kind{database.Bytes},
		}); partners["reach"] == 0 {
			t.Error("partners.reach holds nothing: the test would show nothing")
		}
	})
}

// written counts, by column, the rows of a table with a value.
func written(t *testing.T, db *database.DB, table database.Table) map[string]int {
	t.Helper()
	n := map[string]int{}
	must(t, db.Rows(t.Context(), table, func(row []any) error {
		for i, value := range row {
			if b, isBytes := value.([]byte); value != nil && (!isBytes || len(b) > 0) {
				n[table.Columns[i]]++
			}
		}
		return nil
	}))
	return n
}
