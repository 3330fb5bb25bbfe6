package migrations_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/migrations"
)

var write = flag.Bool("write", false, "write schema_postgres.txt anew, after a migration has changed")

// TestWhatTheMigrationsMakeOnPostgresIsKnown compares it with the schema that `mend verify`
// expects.
func TestWhatTheMigrationsMakeOnPostgresIsKnown(t *testing.T) {
	db := dbtest.Postgres(t)
	text, err := migrations.PostgresSchema(t.Context(), db)
	if err != nil || strings.Count(text, "\n") < 400 {
		t.Fatalf("%d lines, %v", strings.Count(text, "\n"), err)
	}
	if *write {
		if err := os.WriteFile("schema_postgres.txt", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	list, err := migrations.Differences(t.Context(), db)
	if err != nil || len(list) > 0 {
		t.Errorf("go test ./migrations -run Known -write writes it anew: %v %v", list, err)
	}
}

// TestWhatWasMadeByHandIsFound: each of these statements changes the schema and is reported.
func TestWhatWasMadeByHandIsFound(t *testing.T) {
	for change, says := range map[string]string{
		`CREATE TABLE more (id TEXT)`:                                       "more",
		`DROP TABLE follow_up_topics`:                                       "follow_up_topics",
		`ALTER TABLE goals ADD COLUMN more TEXT`:                            "goals",
		`DROP INDEX invitations_partner`:                                    "index invitations_partner is missing",
		`CREATE INDEX more ON goals (position)`:                             "index more was not made by Mend",
		`DROP TRIGGER addenda_update ON addenda`:                            "trigger addenda_update is missing",
		`ALTER TABLE addenda DISABLE TRIGGER addenda_update`:                "trigger addenda_update is not as it was made",
		`ALTER TABLE addenda DISABLE TRIGGER ALL`:                           "constraint triggers of addenda",
		`ALTER TABLE couples ALTER COLUMN counselor_id DROP NOT NULL`:       "couples",
		`ALTER TABLE couples DROP CONSTRAINT couples_counselor_id_fkey`:     "constraint couples.couples_counselor_id_fkey",
		`ALTER TABLE practices ALTER COLUMN wait_hours SET DEFAULT 25`:      "column practices.wait_hours",
		`ALTER TABLE practices DROP CONSTRAINT practices_wait_hours_check`:  "constraint practices.practices_wait_hours_check",
		`CREATE FUNCTION more() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'`: "function more was not made by Mend",
	} {
		t.Run(change, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				query := change
				if db.Engine() == database.SQLite {
					query = strings.TrimSuffix(query, " ON addenda")
				}
				if _, err := db.Pool().ExecContext(t.Context(), query); err != nil {
					if db.Engine() == database.SQLite {
						return // SQLite has no such statement
					}
					t.Fatal(err)
				}
				list, err := migrations.Differences(t.Context(), db)
				if err != nil || !strings.Contains(strings.Join(list, "\n"), says) {
					t.Errorf("%v %v", list, err)
				}
			})
		})
	}
}
