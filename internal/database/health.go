package database

import (
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"mend/internal/fault"
)

// ErrBroken says that the disk failed under an SQLite file. What was said to be
// saved before is on it as far as it goes; from then on nothing is said to be
// saved until somebody has looked and started Mend anew: after a failed fsync a
// second one that succeeds proves nothing.
var ErrBroken = fmt.Errorf("the disk failed under the database: %w", fault.Broken)

// health remembers that the disk failed, and that a Scrub has to be done again.
type health struct{ broken, unscrubbed atomic.Bool }

// Broken returns ErrBroken after the disk has failed, and nil before.
func (db *DB) Broken() error {
	if db.health.broken.Load() {
		return ErrBroken
	}
	return nil
}

// mapError gives err its fault, and remembers a disk that failed.
func (db *DB) mapError(err error) error {
	if err == nil {
		return nil
	}
	if isBroken(err) && !db.health.broken.Swap(true) {
		slog.Error("the disk failed under the database: nothing is saved from now on", "err", err.Error())
	}
	if isBroken(err) {
		return ErrBroken
	}
	return translate(err)
}

// isBroken tells whether SQLite met a disk that does not do what it is told, or
// a file that is not what was written. PostgreSQL stops by itself.
func isBroken(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

// isFull tells whether there is no room left.
func isFull(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == "53100" // disk_full
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == sqlite3.SQLITE_FULL
	}
	return false
}
