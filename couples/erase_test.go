package couples_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// later is when the retention period of the tests' records is over.
var later = at.AddDate(7, 0, 1)

func askErasure(of couples.Side) couples.Erasure {
	return couples.Erasure{Of: of, Reason: "Both asked for it, and the time is over.", RecordNo: "C-0001"}
}

// TestARecordIsKeptForYearsAndUnderALegalHold: a refused erasure leaves everything as it was.
func TestARecordIsKeptForYearsAndUnderALegalHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st, people := couples.NewStore(db, v, kinds), accounts.NewStore(db, v, accounts.NewHashing(1, 8))
		dana := practice(t, db, "dana@example.org")
		c := create(t, st, robinAndSasha(dana, "key"))
		refused := func(e couples.Erasure, now time.Time, field, says string) {
			t.Helper()
			var bad fault.Fields
			err := st.Erase(t.Context(), people, c, e, now)
			if !errors.As(err, &bad) || !strings.Contains(bad[field].String(), says) {
				t.Errorf("got %v %v", err, bad)
			}
			if find(t, st, c).Partners[0].Name != "Robin Invented" {
				t.Error("something was erased")
			}
		}
		refused(askErasure(""), at.AddDate(7, 0, -1), "of", "retained until March 12, 2038")
		if err := couples.RecordService(t.Context(), db, dbtest.Vault(t, db), c.PracticeID, c.ID,
			at.AddDate(2, 0, 0)); err != nil {
			t.Fatal(err)
		}
		if err := couples.RecordService(t.Context(), db, dbtest.Vault(t, db), c.PracticeID, c.ID,
			at.AddDate(1, 0, 0)); err != nil { // a note of an older session
			t.Fatal(err)
		}
		refused(askErasure("A"), later, "of", "retained until March 12, 2040")
		if err := people.SetKeepYears(t.Context(), c.PracticeID, dana.ID, 1); err != nil {
			t.Fatal(err)
		}
		if err := st.SetLegalHold(t.Context(), c, "  A subpoena came on Monday. "); err != nil {
			t.Fatal(err)
		}
		if k, err := st.Retention(t.Context(), c); err != nil || k.Hold != "A subpoena came on Monday." ||
			!k.Until.Equal(at.AddDate(3, 0, 0)) {
			t.Errorf("got %+v %v", k, err)
		}
		refused(askErasure(""), later, "of", "legal hold")
		if err := st.SetLegalHold(t.Context(), c, ""); err != nil {
			t.Fatal(err)
		}
		for field, e := range map[string]couples.Erasure{
			"reason":    {Reason: "short", RecordNo: "C-0001"},
			"record_no": {Reason: askErasure("").Reason, RecordNo: "C-0002"}, "of": askErasure("C"),
		} {
			refused(e, later, field, "")
		}
		if err := st.Erase(t.Context(), people, c, askErasure(""), later); err != nil {
			t.Error(err)
		}
	})
}

func TestACoupleThatWasErasedIsGoneAndLeavesItsTombstone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st, people := couples.NewStore(db, v, kinds), accounts.NewStore(db, v, accounts.NewHashing(1, 8))
		dana := practice(t, db, "dana@example.org")
		c, other := create(t, st, robinAndSasha(dana, "key")), create(t, st, robinAndSasha(dana, "other"))
		var wrapped []byte
		if err := db.Get(t.Context(), &wrapped,
			`SELECT wrapped FROM vault_keys WHERE couple_id = ? AND compartment = 'clinical'`, c.ID); err != nil {
			t.Fatal(err)
		}
		if err := st.Erase(t.Context(), people, c, askErasure(""), later); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Find(t.Context(), c.PracticeID, dana.ID, c.ID); !errors.Is(err, fault.NotFound) {
			t.Error("the couple is still found:", err)
		}
		if _, _, err := st.FindForPartner(t.Context(), c.PracticeID, c.Partners[0].ID); !errors.Is(err, fault.NotFound) {
			t.Error("a partner still finds it:", err)
		}
		if list, err := st.Caseload(t.Context(), c.PracticeID, dana.ID, couples.Search{}); err != nil ||
			len(list.Couples) != 1 || list.Couples[0].ID != other.ID {
			t.Errorf("the caseload: %+v %v", list, err)
		}
		var left int
		if err := db.Get(t.Context(), &left,
			`SELECT COUNT(*) FROM vault_keys WHERE couple_id = ? AND (destroyed_at IS NULL OR length(wrapped) > 0)`,
			c.ID); err != nil || left != 0 {
			t.Errorf("%d keys are left: %v", left, err)
		}
		list, err := st.Erasures(t.Context(), c.PracticeID)
		if err != nil || len(list) != 1 || list[0].RecordNo != "C-0001" || list[0].By != dana.ID ||
			list[0].Reason != askErasure("").Reason || list[0].Side != "" {
			t.Errorf("the tombstone: %+v %v", list, err)
		}
		for _, query := range []string{
			`DELETE FROM erasures`, `UPDATE erasures SET record_no = 'C-0009'`,
			`UPDATE vault_keys SET destroyed_at = NULL WHERE couple_id = '` + c.ID + `'`,
		} {
			if _, err := db.Exec(t.Context(), query); err == nil {
				t.Error("the tombstone can be moved:", query)
			}
		}
		if find(t, st, other).Partners[0].Name != "Robin Invented" {
			t.Error("another couple lost its names")
		}
		next := create(t, st, robinAndSasha(dana, "next"))
		if next.RecordNo != "C-0003" {
			t.Error("a record number was given twice:", next.RecordNo)
		}
	})
}

func TestErasingWhatWasOnePartnersAloneLeavesTheOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st, people := couples.NewStore(db, v, kinds), accounts.NewStore(db, v, accounts.NewHashing(1, 8))
		dana := practice(t, db, "dana@example.org")
		c := create(t, st, robinAndSasha(dana, "key"))
		waits := couples.FollowUp{PracticeID: c.PracticeID, CoupleID: c.ID, PartnerID: c.Partners[0].ID, Holds: true}
		if err := couples.PlaceFollowUp(t.Context(), db, v, waits, "record", at); err != nil {
			t.Fatal(err)
		}
		if err := st.Erase(t.Context(), people, c, askErasure("A"), later); err != nil {
			t.Fatal(err)
		}
		found := find(t, st, c)
		if robin, sasha := found.Partners[0],
			found.Partners[1]; !robin.Erased || robin.Reach != "" || robin.Name != "Robin Invented" || sasha.Erased {
			t.Errorf("got %+v", found.Partners)
		}
		if _, _, err := st.FindByPartner(t.Context(), c.PracticeID, dana.ID,
			c.Partners[0].ID); !errors.Is(err, fault.NotFound) {
			t.Error("the individual file is still there:", err)
		}
		if _, _, err := st.FindForPartner(t.Context(), c.PracticeID, c.Partners[0].ID); !errors.Is(err, fault.NotFound) {
			t.Error("who was erased still finds the couple:", err)
		}
		if _, me, err := st.FindForPartner(t.Context(), c.PracticeID, c.Partners[1].ID); err != nil ||
			me.Name != "Sasha Madeup" {
			t.Errorf("the other: %+v %v", me, err)
		}
		if err := couples.CheckHold(t.Context(), db, v, c.PracticeID, c.ID); err != nil {
			t.Error("joint work waits for what is erased:", err)
		}
		var names string
		if err := db.Get(t.Context(), &names,
			`SELECT COALESCE(MIN(compartment) || '|' || MAX(compartment) || '|' || COUNT(*), '') FROM vault_keys
				WHERE couple_id = ? AND destroyed_at IS NOT NULL`, c.ID); err != nil || names != "individual A|private A|2" {
			t.Error("destroyed:", names, err)
		}
		wantFaults(t, st.Erase(t.Context(), people, found, askErasure("A"), later), "of")
		if err := st.Erase(t.Context(), people, found, askErasure(""), later); err != nil {
			t.Error("the rest cannot be erased:", err)
		}
	})
}

// TestAnErasureHasAValidMACAndIsInTheLog: the MACs are valid after the program's own erasure,
// and the log states whether a couple or one partner was erased.
func TestAnErasureHasAValidMACAndIsInTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st, people := couples.NewStore(db, v, kinds), accounts.NewStore(db, v, accounts.NewHashing(1, 8))
		dana := practice(t, db, "dana@example.org")
		log := audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", func() time.Time { return later })
		ctx := log.Begin(t.Context(), audit.Who{Practice: dana.PracticeID, Person: dana.ID})
		for _, test := range []struct {
			of       couples.Side
			recordNo string
			object   string
		}{{"A", "C-0001", "partner"}, {"", "C-0002", "couple"}} {
			c := create(t, st, robinAndSasha(dana, test.recordNo))
			e := askErasure(test.of)
			e.RecordNo = test.recordNo
			if err := st.Erase(ctx, people, c, e, later); err != nil {
				t.Fatal(err)
			}
			if _, found, err := rowmac.Verify(t.Context(), db, v); err != nil || len(found) > 0 {
				t.Errorf("%s: %v, %v", test.object, found, err)
			}
			var told []string
			if err := db.Select(t.Context(), &told, `SELECT object FROM audit_log WHERE couple = ? AND action = 'erased'`,
				c.ID); err != nil || !slices.Contains(told, test.object) {
				t.Errorf("%s: the log tells of %q, %v", test.object, told, err)
			}
		}
	})
}
