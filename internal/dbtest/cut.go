package dbtest

import (
	"testing"

	"mend/internal/database"
)

// Cut makes each verb ("INSERT" or "UPDATE") on a table fail until mend is called, as if the
// server were killed before the commit.
func Cut(t testing.TB, db *database.DB, verb, table string) (mend func()) {
	t.Helper()
	if db.Engine() == database.Postgres {
		exec(t, db, `CREATE TRIGGER cut BEFORE `+verb+` ON `+table+` FOR EACH ROW EXECUTE FUNCTION refuse_change()`)
		return func() { exec(t, db, `DROP TRIGGER cut ON `+table) }
	}
	exec(t, db, `CREATE TRIGGER cut BEFORE `+verb+` ON `+table+` BEGIN SELECT RAISE(ABORT, 'cut'); END`)
	return func() { exec(t, db, `DROP TRIGGER cut`) }
}
