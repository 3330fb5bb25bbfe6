package couples_test

import (
	"errors"
	"testing"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// TestASupervisorOpensWhatAnOwnerAssignedAndNothingElse, as long as the row is what Mend wrote.
func TestASupervisorOpensWhatAnOwnerAssignedAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		st, people := couples.NewStore(db, v, kinds), accounts.NewStore(db, v, accounts.NewHashing(1, 8))
		dana := practice(t, db, "dana@example.org")
		sam := colleague(t, db, dana.PracticeID, "sam@example.org")
		if err := people.SetRole(t.Context(), dana.PracticeID, dana.ID, sam.ID, accounts.Supervisor, at); err != nil {
			t.Fatal(err)
		}
		one, other := create(t, st, robinAndSasha(dana, "1")), create(t, st, robinAndSasha(dana, "2"))
		opens := func(id string) error {
			_, err := st.FindForSupervisor(t.Context(), dana.PracticeID, sam.ID, id)
			return err
		}
		if err := opens(one.ID); !errors.Is(err, fault.NotFound) {
			t.Error("before anything was assigned:", err)
		}
		if err := st.Supervise(t.Context(), dana.PracticeID, dana.ID, sam.ID, "", one.RecordNo, at); err != nil {
			t.Fatal(err)
		}
		if err := opens(one.ID); err != nil {
			t.Error("assigned:", err)
		}
		if err := opens(other.ID); !errors.Is(err, fault.NotFound) {
			t.Error("another couple:", err)
		}
		if _, err := db.Exec(t.Context(), `UPDATE supervisions SET couple_id = ?`, other.ID); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{one.ID, other.ID} {
			if err := opens(id); !errors.Is(err, fault.NotFound) {
				t.Error("a row that was changed past the program:", err)
			}
		}
		if _, err := st.Supervised(t.Context(), dana.PracticeID, sam.ID, couples.Search{}); !errors.Is(err, fault.NotFound) {
			t.Error("its list:", err)
		}
	})
}
