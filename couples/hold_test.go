package couples_test

import (
	"testing"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// TestJointWorkWaitsWhileAHoldIsUndecided, also when somebody deleted the hold from the database.
func TestJointWorkWaitsWhileAHoldIsUndecided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st := couples.NewStore(db, v, kinds)
		dana := practice(t, db, "dana@example.org")
		c, other := create(t, st, robinAndSasha(dana, "1")), create(t, st, robinAndSasha(dana, "2"))
		held := func(c couples.Couple, want bool) {
			t.Helper()
			if got, err := st.Held(t.Context(), c); got != want || err != nil {
				t.Errorf("held: %v, want %v; %v", got, want, err)
			}
		}
		held(c, false)
		for record, holds := range map[string]bool{"a call": false, "a conversation": true} {
			up := couples.FollowUp{PracticeID: c.PracticeID, CoupleID: c.ID, PartnerID: c.Partners[0].ID, Holds: holds}
			if err := couples.PlaceFollowUp(t.Context(), db, v, up, record, at); err != nil {
				t.Fatal(err)
			}
		}
		held(c, true)
		held(other, false)
		if _, err := db.Exec(t.Context(), `UPDATE follow_ups SET holds = ? WHERE couple_id = ?`, false, c.ID); err != nil {
			t.Fatal(err)
		}
		held(c, true)
	})
}
