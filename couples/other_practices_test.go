package couples_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// addStaff adds somebody with a role to a practice.
func addStaff(t *testing.T, db *database.DB, practice, email string, role accounts.Role) accounts.Counselor {
	t.Helper()
	c := accounts.Counselor{Email: email, Name: "Sam Invented", Role: role}
	if err := accountsStore(t, db).AddCounselor(t.Context(), practice, &c, "seven quiet herons", at); err != nil {
		t.Fatal(err)
	}
	return c
}

func accountsStore(t *testing.T, db *database.DB) *accounts.Store {
	return accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8))
}

func TestASupervisorSeesTheCouplesThatWereGivenAndNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana := practice(t, db, "dana@example.org")
		kim := colleague(t, db, dana.PracticeID, "kim@example.org")
		sam := addStaff(t, db, dana.PracticeID, "sam@example.org", accounts.Supervisor)
		danas, first, second := create(t, st, robinAndSasha(dana, "1")), create(t, st, robinAndSasha(kim, "2")),
			create(t, st, robinAndSasha(kim, "3"))
		sees := func(what string, want ...couples.Couple) {
			t.Helper()
			found, err := st.Supervised(t.Context(), dana.PracticeID, sam.ID, couples.Search{})
			list := found.Couples
			if err != nil || len(list) != len(want) {
				t.Errorf("%s: %+v, %v", what, list, err)
			}
			for _, c := range []couples.Couple{danas, first, second} {
				found, err := st.FindForSupervisor(t.Context(), dana.PracticeID, sam.ID, c.ID)
				given := slices.ContainsFunc(want, func(w couples.Couple) bool { return w.ID == c.ID })
				if given && (err != nil || found.Partners[0].Name == "" || found.Partners[0].Reach != "" ||
					len(found.Breaches) == 0) {
					t.Errorf("%s: %+v, %v", what, found, err)
				}
				if !given && !errors.Is(err, fault.NotFound) {
					t.Errorf("%s: another couple: %v", what, err)
				}
			}
		}
		give := func(counselor, recordNo string) {
			t.Helper()
			if err := st.Supervise(t.Context(), dana.PracticeID, dana.ID, sam.ID, counselor, recordNo, at); err != nil {
				t.Fatal(err)
			}
		}
		sees("nobody was given")
		give("", " c-0002 ")
		give("", "C-0002") // assigned twice
		sees("one couple", first)
		give(kim.ID, "")
		sees("one couple, and all of a counselor", first, second)
		given, err := st.Supervisions(t.Context(), dana.PracticeID)
		if err != nil || len(given) != 2 {
			t.Fatal(given, err)
		}
		slices.SortFunc(given, func(a, b couples.Supervision) int { return strings.Compare(b.RecordNo, a.RecordNo) })
		for i, g := range given {
			if err := st.EndSupervision(t.Context(), dana.PracticeID, dana.ID, g.ID); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				sees("the counselor's are left", first, second)
			}
		}
		sees("all was taken back")
		give(dana.ID, "")
		sees("an owner's couples", danas)
		if err := accountsStore(t, db).SetRole(t.Context(), dana.PracticeID, dana.ID, sam.ID, accounts.FrontDesk, at); err != nil {
			t.Fatal(err)
		}
		sees("no longer a supervisor")
	})
}

func TestOnlyAnOwnerGivesAndOnlyASupervisorIsGiven(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, ola := practice(t, db, "dana@example.org"), practice(t, db, "ola@example.org")
		kim, sam := colleague(t, db, dana.PracticeID, "kim@example.org"),
			addStaff(t, db, dana.PracticeID, "sam@example.org", accounts.Supervisor)
		create(t, st, robinAndSasha(dana, "1"))
		for what, test := range map[string]struct{ owner, supervisor string }{
			"a counselor gives":               {kim.ID, sam.ID},
			"a supervisor gives":              {sam.ID, sam.ID},
			"the owner of another practice":   {ola.ID, sam.ID},
			"to a counselor":                  {dana.ID, kim.ID},
			"to an owner":                     {dana.ID, dana.ID},
			"to somebody of elsewhere":        {dana.ID, ola.ID},
			"a supervisor of nobody's choice": {dana.ID, "nobody"},
		} {
			if err := st.Supervise(t.Context(), dana.PracticeID, test.owner, test.supervisor, "", "C-0001",
				at); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, of := range [][2]string{{"", ""}, {kim.ID, "C-0001"}, {"", "C-0009"}, {ola.ID, ""}, {sam.ID, ""}} {
			err := st.Supervise(t.Context(), dana.PracticeID, dana.ID, sam.ID, of[0], of[1], at)
			if bad, ok := errors.AsType[fault.Fields](err); !ok || bad["supervises"] == "" {
				t.Errorf("%v: %v", of, err)
			}
		}
		if err := st.Supervise(t.Context(), dana.PracticeID, dana.ID, sam.ID, "", "C-0001", at); err != nil {
			t.Fatal(err)
		}
		given, _ := st.Supervisions(t.Context(), dana.PracticeID)
		for _, other := range []string{kim.ID, sam.ID, ola.ID} {
			if err := st.EndSupervision(t.Context(), dana.PracticeID, other, given[0].ID); !errors.Is(err, fault.NotFound) {
				t.Error(err)
			}
		}
	})
}

// TestTheFrontDeskReachesBothAndKnowsNothingElse reads a couple as the front desk and checks that
// everything else is empty.
func TestTheFrontDeskReachesBothAndKnowsNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, ola := practice(t, db, "dana@example.org"), practice(t, db, "ola@example.org")
		drew, elsewhere := addStaff(t, db, dana.PracticeID, "drew@example.org", accounts.FrontDesk),
			addStaff(t, db, ola.PracticeID, "remy@example.org", accounts.FrontDesk)
		c := create(t, st, robinAndSasha(dana, "1"))
		if err := st.AddGoal(t.Context(), c, "Listen.", "g", at); err != nil {
			t.Fatal(err)
		}
		found, err := st.FindForDesk(t.Context(), dana.PracticeID, drew.ID, c.ID)
		if err != nil || found.Partners[0].Reach != "robin@example.org" || found.Names() != "Robin and Sasha" ||
			len(found.Breaches) > 0 || len(found.Goals) > 0 {
			t.Errorf("%+v, %v", found, err)
		}
		if err := st.SaveContact(t.Context(), found, found.Partners[1], "555 0123, mornings"); err != nil {
			t.Error(err)
		}
		err = st.SaveContact(t.Context(), found, found.Partners[1], strings.Repeat("x", 201))
		if bad, ok := errors.AsType[fault.Fields](err); !ok || bad["reach"] == "" {
			t.Error(err)
		}
		again, err := st.Find(t.Context(), dana.PracticeID, dana.ID, c.ID)
		if err != nil || again.Partners[1].Reach != "555 0123, mornings" || again.Partners[1].Name != "Sasha Madeup" ||
			again.Partners[0].Reach != "robin@example.org" {
			t.Errorf("%+v, %v", again.Partners, err)
		}
		listing, err := st.AtDesk(t.Context(), dana.PracticeID, drew.ID, couples.Search{Words: "madeup"})
		list := listing.Couples
		if err != nil || len(list) != 1 || list[0].AName != "Robin Invented" {
			t.Errorf("%+v, %v", list, err)
		}
		for _, other := range []string{dana.ID, elsewhere.ID, "nobody", ""} {
			if _, err := st.FindForDesk(t.Context(), dana.PracticeID, other, c.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", other, err)
			}
			if list, err := st.AtDesk(t.Context(), dana.PracticeID, other,
				couples.Search{}); err != nil || len(list.Couples) > 0 {
				t.Errorf("%s: %v %v", other, list, err)
			}
		}
		if _, err := st.FindForDesk(t.Context(), ola.PracticeID, elsewhere.ID, c.ID); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
		if _, err := db.Exec(t.Context(), `UPDATE counselors SET disabled_at = ? WHERE id = ?`, at, drew.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := st.FindForDesk(t.Context(), dana.PracticeID, drew.ID, c.ID); !errors.Is(err, fault.NotFound) {
			t.Error("while disabled:", err)
		}
		listing, err = st.AtDesk(t.Context(), dana.PracticeID, drew.ID, couples.Search{})
		if err != nil || len(listing.Couples) > 0 {
			t.Errorf("while disabled: %+v, %v", listing, err)
		}
	})
}
