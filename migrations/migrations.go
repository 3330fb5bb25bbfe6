// Package migrations contains the history of Mend's schema and migrates a database. A file is for
// both engines; the few that must differ (triggers) share a number and end in _sqlite or _postgres.
// Until the first tagged release a migration may be rewritten; after it, never.
package migrations

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"mend/internal/database"
)

//go:embed *.sql
var files embed.FS

// ErrNewer means that the database was written by a newer Mend.
var ErrNewer = errors.New("the database was written by a newer Mend; use that version or restore a backup")

// Apply runs the migrations that db lacks, in order, each in a transaction. On PostgreSQL one
// process migrates while others wait; the caller holds the lock of an SQLite file. If db has
// migrations that this program does not know, it returns ErrNewer and changes nothing.
func Apply(ctx context.Context, db *database.DB) error {
	p, err := provider(ctx, db)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if current > target {
		return ErrNewer
	}
	if current == target {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// ApplyUpTo is Apply up to the migration with that number, for restoring an older backup.
func ApplyUpTo(ctx context.Context, db *database.DB, version int64) error {
	p, err := provider(ctx, db)
	if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// Pending reports whether db, which is not empty, lacks migrations.
func Pending(ctx context.Context, db *database.DB) (bool, error) {
	version, err := Version(ctx, db)
	return version > 0 && version < Newest(), err
}

// Version returns the number of db's latest migration, or 0.
func Version(ctx context.Context, db *database.DB) (int64, error) {
	tables, err := db.Has(ctx, "goose_db_version")
	if err != nil || !tables {
		return 0, err
	}
	var version int64
	if err := db.Get(ctx, &version,
		`SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`); err != nil {
		return 0, fmt.Errorf("schema: %w", err)
	}
	return version, nil
}

// Newest returns the number of the latest migration that this program knows.
func Newest() int64 {
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 { // the files are embedded
		panic("no migrations")
	}
	slices.Sort(names)
	number, _, _ := strings.Cut(names[len(names)-1], "_")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}

// Hash identifies the migrations, in sixteen hexadecimal digits: two databases with the same hash
// have the same schema.
func Hash() string {
	names, err := fs.Glob(files, "*.sql")
	sum := sha256.New()
	for _, name := range names {
		var text []byte
		if text, err = files.ReadFile(name); err != nil {
			break
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	if err != nil { // the files are embedded
		panic(err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func provider(ctx context.Context, db *database.DB) (*goose.Provider, error) {
	if db.Engine() == database.SQLite {
		others, err := fs.Glob(files, "*_postgres.sql")
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectSQLite3, db.Pool().DB, files, goose.WithExcludeNames(others))
	}
	others, err := fs.Glob(files, "*_sqlite.sql")
	if err != nil {
		return nil, err
	}
	var id int64 // one per schema, so that those on one server do not wait for each other
	if err := db.Get(ctx, &id, `SELECT CAST(hashtext(current_schema()) AS BIGINT)`); err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300), lock.WithLockID(id))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db.Pool().DB, files,
		goose.WithExcludeNames(others), goose.WithSessionLocker(locker))
}
