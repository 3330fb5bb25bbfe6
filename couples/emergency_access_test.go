package couples_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

const why = "Their counselor is ill, and a court asks."

func TestARecordOpensToAnOwnerForOneHourAndToNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, ola := practice(t, db, "dana@example.org"), practice(t, db, "ola@example.org")
		kim, sam := colleague(t, db, dana.PracticeID, "kim@example.org"),
			addStaff(t, db, dana.PracticeID, "sam@example.org", accounts.Supervisor)
		c := create(t, st, robinAndSasha(kim, "1"))
		if err := st.AddGoal(t.Context(), c, "Listen.", "g", at); err != nil {
			t.Fatal(err)
		}
		for what, other := range map[string]string{"a counselor": kim.ID, "a supervisor": sam.ID, "nobody": "nobody"} {
			if _, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, other, "C-0001", why, at); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := st.OpenEmergencyAccess(t.Context(), ola.PracticeID, ola.ID, "C-0001", why, at); err == nil {
			t.Error("another practice opens it")
		}
		opened, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, "C-0001", why, at)
		if err != nil || opened != c.ID {
			t.Fatal(opened, err)
		}
		reads := func(what string, owner accounts.Counselor, when time.Time, want bool) {
			t.Helper()
			found, g, err := st.FindInEmergency(t.Context(), owner.PracticeID, owner.ID, c.ID, when)
			if want && (err != nil || found.Names() != "Robin and Sasha" || len(found.Goals) != 1 || g.Reason != why ||
				found.Partners[0].Reach != "") {
				t.Errorf("%s: %+v, %+v, %v", what, found, g, err)
			}
			if !want && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		reads("at once", dana, at, true)
		reads("within the hour", dana, at.Add(couples.EmergencyAccessFor-time.Second), true)
		reads("after the hour", dana, at.Add(couples.EmergencyAccessFor), false)
		reads("an owner of elsewhere", ola, at, false)
		reads("the couple's counselor", kim, at, false)
		if err := st.EndEmergencyAccess(t.Context(), dana.PracticeID, ola.ID, c.ID, at); err != nil {
			t.Error(err)
		}
		reads("after somebody else's end", dana, at, true)
		for _, role := range []accounts.Role{accounts.Member, accounts.Supervisor, accounts.Owner} {
			if _, err := db.Exec(t.Context(), `UPDATE counselors SET role = ? WHERE id = ?`, role, dana.ID); err != nil {
				t.Fatal(err)
			}
			reads("as a "+string(role), dana, at, role == accounts.Owner)
		}
		for _, until := range []any{at, nil} {
			if _, err := db.Exec(t.Context(), `UPDATE counselors SET disabled_at = ? WHERE id = ?`, until, dana.ID); err != nil {
				t.Fatal(err)
			}
			reads("while disabled or not", dana, at, until == nil)
		}
		if err := st.EndEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, c.ID, at); err != nil {
			t.Error(err)
		}
		reads("after the end", dana, at, false)
	})
}

func TestAReasonIsNeededAndSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana := practice(t, db, "dana@example.org")
		kim := colleague(t, db, dana.PracticeID, "kim@example.org")
		create(t, st, robinAndSasha(kim, "1"))
		create(t, st, robinAndSasha(dana, "2"))
		for _, test := range []struct{ recordNo, reason, field string }{
			{"C-0001", "", "reason"},
			{"C-0001", "nineteen characters", "reason"},
			{"C-0001", "  nineteen characters  ", "reason"},
			{"C-0001", "a reason with a \x00 in it", "reason"},
			{"C-0009", why, "record_no"},
			{"", why, "record_no"},
			{"C-0002", why, "record_no"},
		} {
			_, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, test.recordNo, test.reason, at)
			if bad, ok := errors.AsType[fault.Fields](err); !ok || bad[test.field] == "" {
				t.Errorf("%q %q: %v", test.recordNo, test.reason, err)
			}
		}
		for range 2 { // submitted twice
			if _, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, "C-0001", why, at); err != nil {
				t.Fatal(err)
			}
		}
		var stored [][]byte
		if err := db.Select(t.Context(), &stored, `SELECT reason FROM emergency_access`); err != nil || len(stored) != 1 ||
			bytes.Contains(stored[0], []byte("court")) {
			t.Errorf("%q, %v", stored, err)
		}
		told, err := st.UnseenAccesses(t.Context(), dana.PracticeID, kim.ID)
		if err != nil || len(told) != 1 || told[0].Reason != why || told[0].OwnerID != dana.ID ||
			!told[0].Over().Equal(at.Add(couples.EmergencyAccessFor)) {
			t.Errorf("%+v, %v", told, err)
		}
		if _, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, "C-0001", "exactly twenty chars",
			at.AddDate(0, 0, 1)); err != nil {
			t.Error("the shortest reason:", err)
		}
		if told, err := st.UnseenAccesses(t.Context(), dana.PracticeID, dana.ID); err != nil || len(told) > 0 {
			t.Errorf("somebody else is told: %+v, %v", told, err)
		}
	})
}

func TestTheHoursThatAreOverAreEndedAndTheOthersListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana := practice(t, db, "dana@example.org")
		kim := colleague(t, db, dana.PracticeID, "kim@example.org")
		create(t, st, robinAndSasha(kim, "1"))
		create(t, st, robinAndSasha(kim, "2"))
		for recordNo, when := range map[string]time.Time{"C-0001": at, "C-0002": at.Add(30 * time.Minute)} {
			if _, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, recordNo, why, when); err != nil {
				t.Fatal(err)
			}
		}
		for _, minutes := range []int{30, 59} {
			list, err := st.OpenAccesses(t.Context(), dana.PracticeID, dana.ID, at.Add(time.Duration(minutes)*time.Minute))
			if err != nil || len(list) != 2 {
				t.Errorf("after %d minutes: %+v, %v", minutes, list, err)
			}
		}
		list, err := st.OpenAccesses(t.Context(), dana.PracticeID, dana.ID, at.Add(time.Hour))
		if err != nil || len(list) != 1 || list[0].RecordNo != "C-0002" {
			t.Errorf("%+v, %v", list, err)
		}
		var ended int
		if err := db.Get(t.Context(), &ended, `SELECT COUNT(*) FROM emergency_access WHERE ended_at = until`); err != nil ||
			ended != 1 {
			t.Error(ended, err)
		}
		if _, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, "C-0001", why, at.Add(2*time.Hour)); err != nil {
			t.Error("a new hour:", err)
		}
	})
}

// TestAnEmergencyAccessHasAValidMAC while it is open, ended, and over: the MAC stays valid after
// the program's own changes, and a row that somebody else changed opens nothing.
func TestAnEmergencyAccessHasAValidMAC(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st := couples.NewStore(db, v, kinds)
		dana := practice(t, db, "dana@example.org")
		kim := colleague(t, db, dana.PracticeID, "kim@example.org")
		ids := map[string]string{}
		for _, n := range []string{"1", "2", "3"} {
			create(t, st, robinAndSasha(kim, n))
			id, err := st.OpenEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, "C-000"+n, why, at)
			if err != nil {
				t.Fatal(err)
			}
			ids[n] = id
		}
		intact := func(when string) {
			t.Helper()
			if _, found, err := rowmac.Verify(t.Context(), db, v); err != nil || len(found) > 0 {
				t.Errorf("%s: %v, %v", when, found, err)
			}
		}
		intact("open")
		if err := st.EndEmergencyAccess(t.Context(), dana.PracticeID, dana.ID, ids["1"], at.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		intact("ended")
		if _, err := st.OpenAccesses(t.Context(), dana.PracticeID, dana.ID, at.Add(couples.EmergencyAccessFor)); err != nil {
			t.Fatal(err)
		}
		intact("over")
		if _, err := db.Exec(t.Context(), `UPDATE emergency_access SET ended_at = NULL, until = ? WHERE couple_id = ?`,
			at.Add(9*time.Hour), ids["2"]); err != nil {
			t.Fatal(err)
		}
		_, _, err := st.FindInEmergency(t.Context(), dana.PracticeID, dana.ID, ids["2"], at.Add(2*time.Hour))
		if !errors.Is(err, fault.NotFound) {
			t.Error("an hour that was made longer in the database opens the record:", err)
		}
	})
}
