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

// ErrBroken means that the disk failed under an SQLite file. Earlier acknowledged writes are on it
// as far as possible. From then on nothing is acknowledged until somebody has checked the disk and
// restarted Mend: after a failed fsync, a later successful one proves nothing.
var ErrBroken = fmt.Errorf("the disk failed under the database: %w", fault.Broken)

// health records that the disk failed, and that a Scrub has to be repeated.
type health struct{ broken, unscrubbed atomic.Bool }

// Broken returns ErrBroken after the disk has failed, and otherwise nil.
func (db *DB) Broken() error {
	if db.health.broken.Load() {
		return ErrBroken
	}
	return nil
}

// mapError maps err to a fault and records disk failures.
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

// isBroken reports whether SQLite met an I/O error or a corrupt file. PostgreSQL stops by itself.
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

// isFull reports whether the disk is full.
func isFull(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == "53100" // disk_full
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == sqlite3.SQLITE_FULL
	}
	return false
}
