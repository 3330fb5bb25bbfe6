package database

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// source returns the connection string of an SQLite file. Settings are part of it, since SQLite
// forgets them with the connection. recursive_triggers is needed so that REPLACE fires the triggers
// that refuse a DELETE.
func source(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_pragma=trusted_schema(0)" +
		"&_pragma=recursive_triggers(1)&_pragma=temp_store(MEMORY)&_time_format=sqlite&_timezone=UTC"
}

// createPrivate creates the file at path, and its folder, for their owner only.
func createPrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close()) // an existing file may have other permissions
}

// Lock locks the SQLite file at path against other processes until unlock is called: two processes
// migrating one file would break it. If it is locked already, it returns an error that says so.
func Lock(path string) (unlock func(), err error) {
	if err := createPrivate(path); err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock database file: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("another Mend is already using %s", path)
	}
	return func() { lock.Close() }, nil
}

// checkSettings reads back the settings that protect acknowledged writes and refuses weaker ones:
// WAL with synchronous=NORMAL lost writes in 10 of 25 power cuts, and SQLite before 3.51.3 can lose
// WAL frames with two connections.
func (db *DB) checkSettings(ctx context.Context) error {
	if db.engine == Postgres {
		var commit, fsync string
		if err := db.Get(ctx, &commit, `SELECT current_setting('synchronous_commit')`); err != nil {
			return err
		}
		if err := db.Get(ctx, &fsync, `SELECT current_setting('fsync')`); err != nil {
			return err
		}
		if commit == "off" || commit == "local" || fsync != "on" {
			return fmt.Errorf("PostgreSQL must run with fsync=on and synchronous_commit=on, not fsync=%s and "+
				"synchronous_commit=%s", fsync, commit)
		}
		return nil
	}
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2",
		"foreign_keys": "1", "secure_delete": "1",
	} {
		var got string
		if err := db.write.GetContext(ctx, &got, "PRAGMA "+pragma); err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("SQLite %s is %s, must be %s", pragma, got, want)
		}
	}
	var version string
	if err := db.Get(ctx, &version, `SELECT sqlite_version()`); err != nil {
		return err
	}
	if older(version, "3.51.3") {
		return fmt.Errorf("SQLite %s can lose writes; 3.51.3 or later is needed", version)
	}
	return nil
}

// older reports whether version a is lower than b, part by part.
func older(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, _ := strconv.Atoi(as[i])
		y, _ := strconv.Atoi(bs[i])
		if x != y {
			return x < y
		}
	}
	return len(as) < len(bs)
}
