package database

// SkipLocked ends a SELECT that takes rows to work on: rows that another process has locked
// are left to it. An SQLite file has one writer, which needs nothing of the kind.
func (db *DB) SkipLocked() string {
	if db.engine == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}
