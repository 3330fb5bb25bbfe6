package database_test

import (
	"testing"

	"mend/internal/database"
	"mend/internal/dbtest"
)

// Scans has to report a full scan, or the test that every query uses an index could not fail.
func TestAScanIsSeenAndALookUpIsNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		for query, want := range map[string]bool{
			`SELECT id FROM sessions WHERE minutes = ?`:                                                                true,
			`SELECT s.id FROM couples c JOIN sessions s ON s.minutes = 50 AND s.couple_id = c.id WHERE c.id = ?`:       false,
			`SELECT s.id FROM sessions s WHERE s.id = ? OR s.minutes = ?`:                                              true,
			`UPDATE answers SET read_at = ? WHERE on_paper`:                                                            true,
			`SELECT id FROM sessions WHERE id = ?`:                                                                     false,
			`SELECT id FROM sessions WHERE practice_id = ? AND counselor_id = ? AND NOT signed AND state <> 'planned'`: false,
		} {
			got, err := db.Scans(t.Context(), query)
			if err != nil || (len(got) > 0) != want {
				t.Errorf("%s: %v, %v", query, got, err)
			}
		}
	})
}

// TestPostgreSQLPlansAsTheTestsAsk: in tests, PostgreSQL uses an index if there is one, plans each
// statement once, and does not JIT-compile a query without one.
func TestPostgreSQLPlansAsTheTestsAsk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		if db.Engine() != database.Postgres {
			return
		}
		for setting, want := range map[string]string{
			"plan_cache_mode": "force_generic_plan",
			"enable_seqscan":  "off", "jit": "off",
		} {
			var got string
			if err := db.Get(t.Context(), &got, `SELECT current_setting('`+setting+`')`); err != nil || got != want {
				t.Errorf("%s is %s, %v", setting, got, err)
			}
		}
	})
}
