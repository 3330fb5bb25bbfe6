package couples_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
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

// TestADecisionClosesWhatTheCounselorHasSeen and nothing that came while it was written. A review
// covers the concerns that were there when it was begun, or that were seen since.
func TestADecisionClosesWhatTheCounselorHasSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st := couples.NewStore(db, v, kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "1"))
		robin, after := c.Partners[0], func(minutes int) time.Time { return at.Add(time.Duration(minutes) * time.Minute) }
		place := func(record string, minutes int) {
			t.Helper()
			up := couples.FollowUp{PracticeID: c.PracticeID, CoupleID: c.ID, PartnerID: robin.ID, Urgent: true, Holds: true}
			if err := couples.PlaceFollowUp(t.Context(), db, v, up, record, after(minutes)); err != nil {
				t.Fatal(err)
			}
		}
		open := func() []string {
			t.Helper()
			_, ids, err := st.DecidedOf(t.Context(), c, robin)
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		review := func(begun int) {
			t.Helper()
			if err := couples.NoteReview(t.Context(), db, v, c.PracticeID, c.ID, robin.ID, after(begun), after(20)); err != nil {
				t.Fatal(err)
			}
		}
		decide := func(seen []string) fault.Fields {
			t.Helper()
			d := couples.Decision{Decision: couples.Decisions[0], Reasons: "Both want it, asked alone.", Seen: seen}
			bad, _ := errors.AsType[fault.Fields](st.Decide(t.Context(), c, robin, d, after(30)))
			return bad
		}
		place("first", 0)
		seen := open()
		place("while the review is written", 10)
		review(5)
		if got := decide(seen)["decision"]; !strings.Contains(string(got), "A new concern") {
			t.Error("what nobody has seen is closed:", got)
		}
		if got := decide(open())["decision"]; !strings.Contains(string(got), "risk review") {
			t.Error("what came during the review counts as reviewed:", got)
		}
		if waiting, err := st.Unacknowledged(t.Context(), c.PracticeID, 0, after(40)); err != nil || len(waiting) != 1 {
			t.Error("it is no longer shown to the owner:", waiting, err)
		}
		review(15)
		if bad := decide(open()); bad != nil || len(open()) != 0 {
			t.Error(bad)
		}
		if bad := decide(nil); bad != nil {
			t.Error("the same decision again:", bad)
		}
	})
}
