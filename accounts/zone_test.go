package accounts_test

import (
	"strings"
	"testing"

	"mend/internal/database"
	"mend/internal/dbtest"
)

// TestAZoneThatIsUnknownIsSaidAtTheStart: otherwise another zone would be used silently.
func TestAZoneThatIsUnknownIsSaidAtTheStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := open(t, db)
		practice(t, st, "dana@example.org")
		if err := st.CheckZones(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(t.Context(), `UPDATE practices SET time_zone = 'Nowhere/Land'`); err != nil {
			t.Fatal(err)
		}
		if err := st.CheckZones(t.Context()); err == nil || !strings.Contains(err.Error(), `"Nowhere/Land"`) {
			t.Errorf("got %v", err)
		}
	})
}
