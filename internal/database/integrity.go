package database

import (
	"context"
	"fmt"
)

// Faults returns errors in the database itself: in its pages and indexes, and dangling references.
func (db *DB) Faults(ctx context.Context) ([]string, error) {
	if db.engine == Postgres {
		return db.faultsOnPostgres(ctx)
	}
	var list []string
	var said []string
	if err := db.Select(ctx, &said, `PRAGMA integrity_check`); err != nil {
		return []string{"the file cannot be read whole: " + err.Error()}, nil
	}
	for _, line := range said {
		if line != "ok" {
			list = append(list, "the file: "+line)
		}
	}
	var orphans []struct {
		Table  string  `db:"table"`
		Row    *int64  `db:"rowid"`
		Parent string  `db:"parent"`
		FK     *string `db:"fkid"`
	}
	if err := db.Select(ctx, &orphans, `PRAGMA foreign_key_check`); err != nil {
		return nil, err
	}
	for _, o := range orphans {
		list = append(list, fmt.Sprintf("a row of %s refers to a row of %s that is not there", o.Table, o.Parent))
	}
	return list, nil
}

// faultsOnPostgres checks every reference and, with the extension amcheck, every index.
func (db *DB) faultsOnPostgres(ctx context.Context) (list []string, err error) {
	var references []struct {
		Table  string `db:"child"`
		Column string `db:"child_column"`
		Parent string `db:"parent"`
		Key    string `db:"parent_column"`
	}
	err = db.Select(ctx, &references, `
		SELECT c.conrelid::regclass::text AS child, a.attname AS child_column, c.confrelid::regclass::text AS parent,
		  b.attname AS parent_column
		FROM pg_constraint c
		JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
		JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
		WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND array_length(c.conkey, 1) = 1`)
	if err != nil {
		return nil, err
	}
	for _, r := range references {
		rows, err := db.query(ctx,
			fmt.Sprintf(
				`SELECT 1 FROM %s t WHERE t.%s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s p WHERE p.%s = t.%s) LIMIT 1`, r.Table,
				r.Column, r.Parent, r.Key, r.Column))
		if err != nil {
			return nil, err
		}
		if rows.Next() {
			list = append(list, fmt.Sprintf("a row of %s refers to a row of %s that is not there", r.Table, r.Parent))
		}
		if err := rows.Close(); err != nil {
			return nil, err
		}
	}
	return db.brokenIndexes(ctx, list)
}

func (db *DB) brokenIndexes(ctx context.Context, list []string) ([]string, error) {
	var checks bool
	if err := db.Get(ctx, &checks,
		`SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'amcheck') AS checks`); err != nil || !checks {
		return list, err
	}
	var indexes []string
	err := db.Select(ctx, &indexes, `
		SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		  JOIN pg_am a ON a.oid = c.relam
		WHERE a.amname = 'btree' AND c.relnamespace = current_schema()::regnamespace AND i.indisvalid`)
	if err != nil {
		return nil, err
	}
	for _, index := range indexes {
		rows, err := db.query(ctx, `SELECT bt_index_check('`+index+`'::regclass, true)`)
		if err == nil {
			rows.Next()
			err = rows.Err()
			rows.Close()
		}
		if err != nil {
			list = append(list, fmt.Sprintf("index %s: %s", index, err))
		}
	}
	return list, nil
}
