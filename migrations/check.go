package migrations

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"mend/internal/database"
)

// Differences returns how the schema of db differs from what the migrations make:
// a guard that was left out, and whatever else was changed by hand.
func Differences(ctx context.Context, db *database.DB) ([]string, error) {
	if db.Engine() == database.Postgres {
		return guardsOnPostgres(ctx, db)
	}
	folder, err := os.MkdirTemp("", "mend-schema-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	fresh, err := database.Open(ctx, filepath.Join(folder, "fresh.db"))
	if err != nil {
		return nil, err
	}
	defer fresh.Close()
	if err := Apply(ctx, fresh); err != nil {
		return nil, err
	}
	want, err := schemaOf(ctx, fresh)
	if err != nil {
		return nil, err
	}
	got, err := schemaOf(ctx, db)
	return differences(want, got), err
}

// schemaOf are the statements that made what an SQLite file holds, by name. What
// litestream puts there begins with _.
func schemaOf(ctx context.Context, db *database.DB) (map[string]string, error) {
	var rows []struct {
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	err := db.Select(ctx, &rows,
		`SELECT type || ' ' || name AS name, COALESCE(sql, '') AS sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`)
	made := map[string]string{}
	for _, r := range rows {
		if _, name, _ := strings.Cut(r.Name, " "); !strings.HasPrefix(name, "_") {
			made[r.Name] = strings.Join(strings.Fields(r.SQL), " ")
		}
	}
	return made, err
}

// differences compares what there is with what there should be.
func differences(want, got map[string]string) (list []string) {
	for name, sql := range want {
		switch have, ok := got[name]; {
		case !ok:
			list = append(list, name+" is missing")
		case have != sql:
			list = append(list, name+" is not as it was made")
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			list = append(list, name+" was not made by Mend")
		}
	}
	slices.Sort(list)
	return list
}

var (
	madeTrigger  = regexp.MustCompile(`CREATE TRIGGER (\w+)`)
	madeFunction = regexp.MustCompile(`(?s)CREATE FUNCTION (\w+)\(\).*?\$\$(.*?)\$\$`)
)

// guardsOnPostgres compares the triggers and what they run: PostgreSQL keeps no
// statement to compare for the rest.
func guardsOnPostgres(ctx context.Context, db *database.DB) ([]string, error) {
	want, err := guards()
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	err = db.Select(ctx, &rows, `
		SELECT 'trigger ' || t.tgname AS name, CASE WHEN t.tgenabled = 'O' THEN '' ELSE 'off' END AS sql
		FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE NOT t.tgisinternal AND n.nspname = current_schema()
		UNION ALL
		SELECT 'function ' || p.proname, p.prosrc
		FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		WHERE n.nspname = current_schema() AND p.proname LIKE 'refuse_%'
		UNION ALL
		SELECT 'constraint triggers of ' || c.relname, 'off'
		FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE t.tgisinternal AND t.tgenabled <> 'O' AND n.nspname = current_schema()
		GROUP BY c.relname`)
	got := map[string]string{}
	for _, r := range rows {
		got[r.Name] = strings.Join(strings.Fields(r.SQL), " ")
	}
	return differences(want, got), err
}

// guards are the triggers and functions that the migrations make on PostgreSQL.
func guards() (map[string]string, error) {
	names, err := fs.Glob(files, "*_postgres.sql")
	if err != nil {
		return nil, err
	}
	want := map[string]string{}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for _, found := range madeTrigger.FindAllStringSubmatch(string(text), -1) {
			want["trigger "+found[1]] = ""
		}
		for _, found := range madeFunction.FindAllStringSubmatch(string(text), -1) {
			want["function "+found[1]] = strings.Join(strings.Fields(found[2]), " ")
		}
	}
	if len(want) == 0 {
		return nil, fmt.Errorf("no guards are known")
	}
	return want, nil
}
