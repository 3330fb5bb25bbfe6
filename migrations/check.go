package migrations

import (
	"context"
	_ "embed" // the schema on PostgreSQL
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mend/internal/database"
)

// Differences returns how the schema of db differs from what the migrations create, such as a
// missing trigger.
func Differences(ctx context.Context, db *database.DB) ([]string, error) {
	if db.Engine() == database.Postgres {
		return differencesOnPostgres(ctx, db)
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

// schemaOf returns the statements that created the objects of an SQLite file, by name. Litestream's
// objects begin with _.
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

// differences compares the actual with the expected schema.
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

// postgresSchema is the schema that the migrations create on PostgreSQL, which stores no
// statements: a line with name and definition per object. A test generates it.
//
//go:embed schema_postgres.txt
var postgresSchema string

// differencesOnPostgres compares tables, columns, constraints, indexes, triggers and their
// functions with what the migrations create.
func differencesOnPostgres(ctx context.Context, db *database.DB) ([]string, error) {
	want := map[string]string{}
	for line := range strings.Lines(postgresSchema) {
		name, definition, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		want[name] = definition
	}
	got, err := schemaOnPostgres(ctx, db)
	return differences(want, got), err
}

// schemaOnPostgres returns the definitions of all objects, by name. NOT NULL is part of the column,
// since newer servers list it as a constraint. A disabled trigger counts as different.
func schemaOnPostgres(ctx context.Context, db *database.DB) (map[string]string, error) {
	var rows []struct {
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	err := db.Select(ctx, &rows, `
		SELECT 'column ' || c.relname || '.' || a.attname AS name,
		  format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
		  || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS sql
		FROM pg_attribute a
		JOIN pg_class c ON c.oid = a.attrelid
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
		  AND a.attnum > 0 AND NOT a.attisdropped
		  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')
		UNION ALL
		SELECT 'constraint ' || c.relname || '.' || k.conname, pg_get_constraintdef(k.oid)
		FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
		WHERE k.connamespace = current_schema()::regnamespace AND k.contype IN ('c', 'f', 'p', 'u', 'x')
		UNION ALL
		SELECT 'index ' || c.relname, replace(pg_get_indexdef(c.oid), ' ' || quote_ident(current_schema()) || '.', ' ')
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE c.relnamespace = current_schema()::regnamespace
		UNION ALL
		SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid, TRUE) || CASE WHEN t.tgenabled = 'O' THEN '' ELSE ' off' END
		FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
		UNION ALL
		SELECT 'function ' || p.proname, p.prosrc
		FROM pg_proc p
		WHERE p.pronamespace = current_schema()::regnamespace
		  AND NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
		UNION ALL
		SELECT 'constraint triggers of ' || c.relname, 'off'
		FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
		WHERE t.tgisinternal AND t.tgenabled <> 'O' AND c.relnamespace = current_schema()::regnamespace
		GROUP BY c.relname`)
	made := map[string]string{}
	for _, r := range rows {
		made[r.Name] = strings.Join(strings.Fields(r.SQL), " ")
	}
	return made, err
}
