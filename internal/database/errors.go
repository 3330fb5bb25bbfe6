package database

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"mend/internal/fault"
)

// translate maps driver errors that a person can cause to faults.
func translate(err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.NotFound
	case isConflict(err):
		return fmt.Errorf("%w: %w", fault.Conflict, err)
	case isFull(err):
		return fmt.Errorf("%w: %w", fault.Full, err)
	case isLocked(err):
		return fmt.Errorf("%w: %w", fault.Locked, err)
	}
	return err
}

// isConflict reports whether err is a UNIQUE or PRIMARY KEY violation.
func isConflict(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == "23505" // unique_violation
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// isLocked reports whether err comes from a trigger that protects signed rows.
func isLocked(err error) bool {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code == "P0001" // raise_exception
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_TRIGGER
	}
	return false
}
