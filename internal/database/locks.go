package database

// SkipLocked returns the end of a SELECT that claims rows and skips those locked by another
// process. On SQLite, which has one writer, it is empty.
func (db *DB) SkipLocked() string {
	if db.engine == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}
