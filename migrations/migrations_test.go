package migrations_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/migrations"
)

func TestMigrationsAreNumberedWithoutAGapAndPairedWhereEnginesDiffer(t *testing.T) {
	paths, err := filepath.Glob("*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	name := regexp.MustCompile(`^(\d{4})_([a-z]+(?:_[a-z]+)*?)(_sqlite|_postgres)?\.sql$`)
	numbers, engines := map[int]string{}, map[string][]string{}
	for _, path := range paths {
		part := name.FindStringSubmatch(path)
		if part == nil {
			t.Errorf("%s is not called NNNN_words.sql", path)
			continue
		}
		n, _ := strconv.Atoi(part[1])
		if other, taken := numbers[n]; taken && other != part[2] {
			t.Errorf("%s shares its number with %s", path, other)
		}
		numbers[n] = part[2]
		engines[part[1]] = append(engines[part[1]], part[3])
	}
	for n := 1; n <= len(numbers); n++ {
		if _, ok := numbers[n]; !ok {
			t.Errorf("there is no migration %04d", n)
		}
	}
	for number, got := range engines {
		if both := cmp.Equal(got, []string{"_postgres", "_sqlite"}); !both && !cmp.Equal(got, []string{""}) {
			t.Errorf("migration %s is for %q: want one for all or one for each", number, got)
		}
	}
}

type column struct {
	Table string `db:"table_name"`
	Name  string `db:"column_name"`
	Type  string `db:"data_type"`
	Null  bool   `db:"nullable"`
}

// columns returns the columns of the schema, with the types of SQLite.
func columns(t *testing.T, db *database.DB) (all []column) {
	t.Helper()
	query := `
		SELECT m.name AS table_name, c.name AS column_name, c.type AS data_type, c."notnull" = 0 AND c.pk = 0 AS nullable
		FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT IN ('goose_db_version', 'sqlite_sequence')
		ORDER BY m.name, c.name`
	if db.Engine() == database.Postgres {
		query = `
		SELECT table_name, column_name, UPPER(REPLACE(data_type, ' without time zone', '')) AS data_type,
		  is_nullable = 'YES' AS nullable
		FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'goose_db_version'
		ORDER BY table_name COLLATE "C", column_name COLLATE "C"`
	}
	if err := db.Select(t.Context(), &all, query); err != nil {
		t.Fatal(err)
	}
	return all
}

// indexes returns the names of the indexes that migrations created by name.
func indexes(t *testing.T, db *database.DB) (all []string) {
	t.Helper()
	query := `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`
	if db.Engine() == database.Postgres {
		query = `
		SELECT i.indexname FROM pg_indexes i
		WHERE i.schemaname = current_schema() AND i.tablename <> 'goose_db_version'
		  AND NOT EXISTS (SELECT 1 FROM information_schema.table_constraints c
		  WHERE c.table_schema = i.schemaname AND c.constraint_name = i.indexname)
		ORDER BY i.indexname COLLATE "C"`
	}
	if err := db.Select(t.Context(), &all, query); err != nil {
		t.Fatal(err)
	}
	return all
}

func versions(t *testing.T, db *database.DB) (all []int) {
	t.Helper()
	if err := db.Select(t.Context(), &all, `SELECT version_id FROM goose_db_version ORDER BY version_id`); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestBothEnginesEndWithTheSameTables(t *testing.T) {
	t.Parallel()
	lite, postgres := dbtest.SQLite(t), dbtest.Postgres(t)
	got, want := columns(t, lite), columns(t, postgres)
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 100 {
		t.Errorf("%d columns (-postgres +sqlite):\n%s", len(got), diff)
	}
	if diff := cmp.Diff(indexes(t, postgres), indexes(t, lite)); diff != "" {
		t.Errorf("indexes (-postgres +sqlite):\n%s", diff)
	}
}

func TestApplyingAgainChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		tables, had := columns(t, db), versions(t, db)
		if err := migrations.Apply(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tables, columns(t, db)) + cmp.Diff(had, versions(t, db)); diff != "" {
			t.Errorf("-before +after:\n%s", diff)
		}
	})
}

func TestADatabaseOfANewerMendIsLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		for _, query := range []string{ // one migration is missing, but a later one was applied
			`DROP TABLE own_versions`, `DROP TABLE sharing_turns`, `DROP TABLE comments`, `DROP TABLE answers`,
			`DROP TABLE agreements`, `DROP TABLE assignments`, `DROP TABLE definitions`,
			`DELETE FROM goose_db_version WHERE version_id >= 5`,
			`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`,
		} {
			if _, err := db.Exec(t.Context(), query); err != nil {
				t.Fatal(query, err)
			}
		}
		tables, had := columns(t, db), versions(t, db)
		if err := migrations.Apply(t.Context(), db); !errors.Is(err, migrations.ErrNewer) {
			t.Errorf("got %v, want ErrNewer", err)
		}
		if diff := cmp.Diff(tables, columns(t, db)) + cmp.Diff(had, versions(t, db)); diff != "" {
			t.Errorf("-before +after:\n%s", diff)
		}
	})
}

func TestTenProcessesMayMigrateOnePostgresAtOnce(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	open := func() *database.DB {
		db, err := database.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	var processes []*database.DB
	for range 10 {
		processes = append(processes, open())
	}
	var group sync.WaitGroup
	for _, db := range processes {
		group.Go(func() {
			if err := migrations.Apply(t.Context(), db); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	var twice []string
	err := processes[0].Select(t.Context(), &twice,
		`SELECT version_id FROM goose_db_version GROUP BY version_id HAVING COUNT(*) > 1`)
	if len(twice) != 0 || err != nil {
		t.Errorf("applied twice: %v, %v", twice, err)
	}
	if got := len(columns(t, processes[9])); got < 100 {
		t.Errorf("got %d columns", got)
	}
}

func TestAnUnfinishedHistoryIsContinued(t *testing.T) {
	t.Parallel()
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "mend.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(t.Context(), `CREATE TABLE answers (id TEXT PRIMARY KEY)`); err != nil { // conflicts with 0005
		t.Fatal(err)
	}
	if err := migrations.Apply(t.Context(), db); err == nil || !strings.Contains(err.Error(), "answers") {
		t.Fatal("got no error for a migration that cannot run:", err)
	}
	if diff := cmp.Diff("[0 1 2 3 4]", fmt.Sprint(versions(t, db))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := db.Exec(t.Context(), `DROP TABLE answers`); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Apply(t.Context(), db); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff("[0 1 2 3 4 5 6]", fmt.Sprint(versions(t, db)[:7])); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
