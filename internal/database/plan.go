package database

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

var scanned = map[Engine]*regexp.Regexp{
	// SQLite prints SCAN for a table that it reads fully, with or without a covering index.
	SQLite:   regexp.MustCompile(`^SCAN (\S+)`),
	Postgres: regexp.MustCompile(`Seq Scan on (\S+)`),
}

// Scans returns the tables, by their names in the query, that the engine would read fully for
// query, however few rows they have now.
func (db *DB) Scans(ctx context.Context, query string) ([]string, error) {
	lines, err := db.Plan(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("plan of %s: %w", query, err)
	}
	var list []string
	for _, line := range lines {
		if m := scanned[db.engine].FindStringSubmatch(line); m != nil {
			list = append(list, m[1])
		}
	}
	return list, nil
}

// Plan returns the engine's plan for query. PostgreSQL is told that full scans are expensive, as
// they are on large tables, and plans for unknown values.
func (db *DB) Plan(ctx context.Context, query string) (lines []string, err error) {
	holes := strings.Count(query, "?")
	if db.engine == SQLite {
		rows, err := db.read.QueryxContext(ctx, "EXPLAIN QUERY PLAN "+query, make([]any, holes)...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				return nil, err
			}
			lines = append(lines, detail)
		}
		return lines, rows.Err()
	}
	tx, err := db.read.BeginTxx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	values := strings.TrimSuffix(strings.Repeat("NULL, ", holes), ", ")
	if values != "" {
		values = "(" + values + ")"
	}
	for _, q := range []string{
		`SET LOCAL plan_cache_mode = force_generic_plan`, `SET LOCAL enable_seqscan = off`,
		`PREPARE asked AS ` + db.read.Rebind(query),
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return nil, err
		}
	}
	err = tx.SelectContext(ctx, &lines, `EXPLAIN (COSTS OFF) EXECUTE asked`+values)
	if _, free := tx.ExecContext(ctx, `DEALLOCATE asked`); err == nil {
		err = free
	}
	return lines, err
}
