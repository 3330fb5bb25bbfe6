package couples_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func goals(c couples.Couple) (texts []string) {
	for _, g := range c.Goals {
		texts = append(texts, g.Text)
	}
	return texts
}

func TestAGoalIsAddedOncePerForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana := practice(t, db, "dana@example.org")
		c, other := create(t, st, robinAndSasha(dana, "key")), create(t, st, robinAndSasha(dana, "other"))
		longest := strings.Repeat("é", 280)
		for i, goal := range []struct{ text, key string }{
			{"  Speak of the summer calmly\n", "one"}, {"Speak of the summer calmly", "one"}, {longest, "two"},
		} {
			if err := st.AddGoal(t.Context(), c, goal.text, goal.key, at.Add(time.Duration(i)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if err := st.AddGoal(t.Context(), other, "Eat together", "one", at); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"", " \n ", longest + "x", "nul \x00", "\xff"} {
			wantFaults(t, st.AddGoal(t.Context(), c, text, "three", at), "goal")
		}
		if diff := cmp.Diff([]string{"Speak of the summer calmly", longest}, goals(find(t, st, c))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if diff := cmp.Diff([]string{"Eat together"}, goals(find(t, st, other))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestARetiredGoalIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana := practice(t, db, "dana@example.org")
		c, other := create(t, st, robinAndSasha(dana, "key")), create(t, st, robinAndSasha(dana, "other"))
		for _, couple := range []couples.Couple{c, other} {
			if err := st.AddGoal(t.Context(), couple, "Eat together", "goal", at); err != nil {
				t.Fatal(err)
			}
		}
		c, other = find(t, st, c), find(t, st, other)
		for _, goal := range []string{other.Goals[0].ID, "nothing", ""} {
			if err := st.RetireGoal(t.Context(), c, goal, at); !errors.Is(err, fault.NotFound) {
				t.Errorf("goal %q: %v", goal, err)
			}
		}
		for i := range 2 { // submitted twice
			if err := st.RetireGoal(t.Context(), c, c.Goals[0].ID, at.Add(time.Duration(i)*time.Hour)); err != nil {
				t.Error(err)
			}
		}
		got := find(t, st, c)
		if len(got.OpenGoals()) != 0 || len(got.Goals) != 1 || !got.Goals[0].Retired {
			t.Errorf("got %+v", got.Goals)
		}
		if len(find(t, st, other).OpenGoals()) != 1 {
			t.Error("the other couple's goal was retired")
		}
	})
}

func TestABreachIsAddedOnceHoweverOftenItIsPressed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		loan := couples.Breach{Name: "The loan", Broke: couples.A, KindList: "money lying"}
		var ids []string
		for _, seen := range []func() couples.Couple{
			func() couples.Couple { return c },              // as the page was shown
			func() couples.Couple { return c },              // both submissions saw the same couple
			func() couples.Couple { return find(t, st, c) }, // the second submission saw the first breach
		} {
			b := loan
			if err := st.AddBreach(t.Context(), seen(), &b, at); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, b.ID)
		}
		got := find(t, st, c).Breaches
		if len(got) != 2 || got[1].Name != "The loan" || got[1].Hurt() != couples.B || len(got[1].Kinds()) != 2 {
			t.Fatalf("got %+v", got)
		}
		if diff := cmp.Diff([]string{got[1].ID, got[1].ID, got[1].ID}, ids); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestNoBreachIsLostWhenTwoAreAddedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		var group sync.WaitGroup
		for _, name := range []string{"The loan", "The letters", "The lie"} {
			group.Go(func() {
				seen := c
				for {
					err := st.AddBreach(t.Context(), seen, &couples.Breach{Name: name, Broke: couples.A, KindList: "lying"}, at)
					if err == nil {
						return
					}
					if !errors.Is(err, fault.Busy) {
						t.Error(err)
						return
					}
					seen, err = st.Find(t.Context(), c.PracticeID, c.CounselorID, c.ID)
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		if got := find(t, st, c).Breaches; len(got) != 4 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestABreachThatIsWrongIsNotAdded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "key"))
		for _, test := range []struct {
			b    couples.Breach
			want []string
		}{
			{couples.Breach{}, []string{"breach.0.broke", "breach.0.kinds", "breach.0.name"}},
			{couples.Breach{Name: strings.Repeat("x", 121), Broke: couples.A, KindList: "money"}, []string{"breach.0.name"}},
			{couples.Breach{Name: "The loan", Broke: "C", KindList: "money"}, []string{"breach.0.broke"}},
			{couples.Breach{Name: "The loan", Broke: couples.A, KindList: "money treason"}, []string{"breach.0.kinds"}},
		} {
			wantFaults(t, st.AddBreach(t.Context(), c, &test.b, at), test.want...)
		}
		if got := find(t, st, c).Breaches; len(got) != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestAPartnersNameCanChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, kim := practice(t, db, "dana@example.org"), practice(t, db, "kim@example.org")
		c := create(t, st, robinAndSasha(dana, "key"))
		elsewhere := create(t, st, robinAndSasha(kim, "key"))
		want := c.Partners[1]
		want.Name, want.AddressAs, want.Reach = "Sacha Madeup", "Sach", "555 0101, mornings"
		if err := st.SavePartner(t.Context(), c, want); err != nil {
			t.Fatal(err)
		}

		bad := want
		bad.Name, bad.AddressAs, bad.Reach = "", strings.Repeat("x", 61), strings.Repeat("x", 201)
		wantFaults(t, st.SavePartner(t.Context(), c, bad), "address_as", "name", "reach")
		for what, foreign := range map[string]couples.Partner{
			"practice": {ID: want.ID, PracticeID: kim.PracticeID, CoupleID: c.ID, Name: "X", AddressAs: "X"},
			"couple":   {ID: want.ID, PracticeID: dana.PracticeID, CoupleID: elsewhere.ID, Name: "X", AddressAs: "X"},
			"partner":  {ID: "nobody", PracticeID: dana.PracticeID, CoupleID: c.ID, Name: "X", AddressAs: "X"},
		} {
			if err := st.SavePartner(t.Context(), c, foreign); !errors.Is(err, fault.NotFound) {
				t.Errorf("another %s: %v", what, err)
			}
		}
		got := find(t, st, c)
		if diff := cmp.Diff([2]couples.Partner{c.Partners[0], want}, got.Partners); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// TestAnErasedPartnersDetailsDoNotComeBack with a form that was open while they were erased.
func TestAnErasedPartnersDetailsDoNotComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		c := create(t, st, robinAndSasha(practice(t, db, "dana@example.org"), "1"))
		people := accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8))
		err := st.Erase(t.Context(), people, c, couples.Erasure{
			Of: couples.A, Reason: "The former client asked for it in writing.", RecordNo: c.RecordNo,
		}, at.AddDate(20, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		robin := c.Partners[0]
		robin.Reach = "robin@example.org"
		if err := st.SavePartner(t.Context(), c, robin); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
		stale := c
		stale.Partners[1].Reach = "read before somebody changed it"
		if err := st.SavePartner(t.Context(), stale, c.Partners[1]); !errors.Is(err, fault.Conflict) {
			t.Error(err)
		}
	})
}
