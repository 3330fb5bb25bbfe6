package database

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

var scanned = map[Engine]*regexp.Regexp{
	// SQLite says SCAN of a table that it reads from end to end, with or without
	// an index that saves it the table itself.
	SQLite:   regexp.MustCompile(`^SCAN (\S+)`),
	Postgres: regexp.MustCompile(`Seq Scan on (\S+)`),
}

// Scans returns the tables, under the names that the query gives them, that the
// engine would read from end to end for query, however few rows they have now.
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

// Plan returns the lines in which the engine says how it would run query. PostgreSQL is told that reading a
// table from end to end is dear, as it is once there is much in it, and plans
// for values that it does not know.
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
