package couples_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

func TestACoupleIsSeenByItsOwnCounselorAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, other := practice(t, db, "dana@example.org"), practice(t, db, "robin@example.org")
		kim := colleague(t, db, dana.PracticeID, "kim@example.org")
		c := create(t, st, robinAndSasha(dana, "key"))
		partner := c.Partners[1].ID

		_, unknown := st.Find(t.Context(), dana.PracticeID, dana.ID, "nothing")
		for _, test := range []struct {
			who, practice, counselor string
			sees                     bool
		}{
			{"own counselor", dana.PracticeID, dana.ID, true},
			{"a colleague", dana.PracticeID, kim.ID, false},
			{"another practice", other.PracticeID, other.ID, false},
			{"own counselor, elsewhere", other.PracticeID, dana.ID, false},
			{"nobody", "", "", false},
		} {
			_, err := st.Find(t.Context(), test.practice, test.counselor, c.ID)
			_, p, errP := st.FindByPartner(t.Context(), test.practice, test.counselor, partner)
			if test.sees && (err != nil || errP != nil || p.Name != "Sasha Madeup") {
				t.Errorf("%s: %v, %v, %+v", test.who, err, errP, p)
			}
			if !test.sees &&
				(!errors.Is(err, fault.NotFound) || !errors.Is(errP, fault.NotFound) || err.Error() != unknown.Error()) {
				t.Errorf("%s: %v, %v; an unknown couple is %v", test.who, err, errP, unknown)
			}
		}
		for _, id := range []string{"nothing", "", c.ID} {
			if _, _, err := st.FindByPartner(t.Context(), dana.PracticeID, dana.ID, id); !errors.Is(err, fault.NotFound) {
				t.Errorf("partner %q: %v", id, err)
			}
		}
	})
}

func TestAPartnerReadsNeitherTheGoalsNorHowToReachTheOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, other := practice(t, db, "dana@example.org"), practice(t, db, "robin@example.org")
		made := robinAndSasha(dana, "key")
		made.Partners[0].Reach, made.Partners[1].Reach = "(555) 010-0101", "(555) 010-0102"
		c := create(t, st, made)
		if err := st.AddGoal(t.Context(), c, "Speak of the summer calmly", "goal", at); err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"Robin Invented", "Sasha Madeup"} {
			got, p, err := st.FindForPartner(t.Context(), dana.PracticeID, c.Partners[i].ID)
			if err != nil || got.ID != c.ID || p.Name != name || p.Side != c.Partners[i].Side || got.Goals != nil {
				t.Errorf("%+v, %+v, %v", got, p, err)
			}
			if mine, theirs := got.Partner(p.Side), got.Partner(p.Side.Other()); mine.Reach == "" || theirs.Reach != "" {
				t.Errorf("%s is told %q and how to reach the other at %q", name, mine.Reach, theirs.Reach)
			}
			if _, p, err = st.FindByPartner(t.Context(), dana.PracticeID, dana.ID,
				c.Partners[i].ID); err != nil || p.Name != name {
				t.Errorf("%+v, %v", p, err)
			}
			if _, _, err := st.FindForPartner(t.Context(), other.PracticeID, c.Partners[i].ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("another practice: %v", err)
			}
		}
		if _, _, err := st.FindForPartner(t.Context(), dana.PracticeID, "nobody"); !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

func TestTheCaseloadIsSearchedByWordsOfNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana, other := practice(t, db, "dana@example.org"), practice(t, db, "robin@example.org")
		kim := colleague(t, db, dana.PracticeID, "kim@example.org")
		for i, names := range [][2]string{
			{"Zoë Invented", "André Straße"},
			{"Łukasz Madeup", "Chloe Zoeller"},
			{"Nguyễn Thị Thử", "İpek Invented"},
			{"O'Brien Made-up", "Μαρία Invented"},
		} {
			c := robinAndSasha(dana, fmt.Sprint("key ", i))
			c.CreatedAt = at.Add(time.Duration(i) * time.Hour)
			c.Partners[0].Name, c.Partners[1].Name = names[0], names[1]
			create(t, st, c)
		}
		create(t, st, robinAndSasha(kim, "kim's"))
		create(t, st, robinAndSasha(other, "elsewhere"))

		for _, test := range []struct {
			search string
			want   []string
		}{
			{"", []string{"C-0004", "C-0003", "C-0002", "C-0001"}}, // newest first
			{"  ", []string{"C-0004", "C-0003", "C-0002", "C-0001"}},
			{"zoe", []string{"C-0002", "C-0001"}},
			{"ZOË", []string{"C-0002", "C-0001"}},
			{"zoë", []string{"C-0002", "C-0001"}}, // typed in decomposed characters
			{"zoe andre", []string{"C-0001"}},
			{"  andre   ZOE ", []string{"C-0001"}},
			{"zoe nobody", nil},
			{"vent zoë", []string{"C-0001"}},
			{"strasse", []string{"C-0001"}},
			{"STRASSE", []string{"C-0001"}},
			{"łukasz", []string{"C-0002"}},
			{"ŁUKASZ", []string{"C-0002"}},
			{"nguyen thi thu", []string{"C-0003"}},
			{"ipek", []string{"C-0003"}},
			{"o'b", []string{"C-0004"}},
			{"ΜΑΡΙΑ", []string{"C-0004"}},
			{"c-0003", []string{"C-0003"}},
			{"0003 ipek", []string{"C-0003"}},
			{"0003 zoe", nil},
			{"%", nil},
			{"_", nil},
			{"robin", nil},
			{"zo\xff", nil},
			{"zo\x00", nil},
		} {
			list, err := st.Caseload(t.Context(), dana.PracticeID, dana.ID, couples.Search{Words: test.search})
			var got []string
			for _, l := range list.Couples {
				got = append(got, l.RecordNo)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%q (-want +got):\n%s%v", test.search, diff, err)
			}
		}
		for who, ids := range map[string][2]string{
			"elsewhere": {other.PracticeID, dana.ID},
			"nobody":    {dana.PracticeID, "nobody"},
		} {
			if list, err := st.Caseload(t.Context(), ids[0], ids[1], couples.Search{}); len(list.Couples) != 0 || err != nil {
				t.Errorf("%s reads %v, %v", who, list, err)
			}
		}
		found, err := st.Caseload(t.Context(), other.PracticeID, other.ID, couples.Search{Words: "robin"})
		list := found.Couples
		want := couples.Listed{
			RecordNo: "C-0001", CounselorID: other.ID, AName: "Robin Invented",
			BName: "Sasha Madeup", CreatedAt: at,
		}
		if len(list) != 1 || err != nil {
			t.Fatal(list, err)
		}
		want.ID = list[0].ID
		if diff := cmp.Diff(want, list[0]); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestAListHasAPageAtATimeAndEachCoupleOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		st := couples.NewStore(db, dbtest.Vault(t, db), kinds)
		dana := practice(t, db, "dana@example.org")
		drew := addStaff(t, db, dana.PracticeID, "drew@example.org", accounts.FrontDesk)
		sam := addStaff(t, db, dana.PracticeID, "sam@example.org", accounts.Supervisor)
		n := 2*couples.ListedAtOnce + 3
		for i := range n { // several are created at the same moment
			c := robinAndSasha(dana, fmt.Sprint(i))
			c.CreatedAt = at.Add(time.Duration(i/3) * time.Hour)
			create(t, st, c)
		}
		if err := st.Supervise(t.Context(), dana.PracticeID, dana.ID, sam.ID, dana.ID, "", at); err != nil {
			t.Fatal(err)
		}
		for who, list := range map[string]func(couples.Search) (couples.Listing, error){
			"counselor": func(s couples.Search) (couples.Listing, error) {
				return st.Caseload(t.Context(), dana.PracticeID, dana.ID, s)
			},
			"front desk": func(s couples.Search) (couples.Listing, error) {
				return st.AtDesk(t.Context(), dana.PracticeID, drew.ID, s)
			},
			"supervisor": func(s couples.Search) (couples.Listing, error) {
				return st.Supervised(t.Context(), dana.PracticeID, sam.ID, s)
			},
		} {
			seen, search, last := map[string]bool{}, couples.Search{}, at.AddDate(1, 0, 0)
			for pages := 1; ; pages++ {
				found, err := list(search)
				if err != nil || len(found.Couples) > couples.ListedAtOnce {
					t.Fatal(who, len(found.Couples), err)
				}
				for _, l := range found.Couples {
					if seen[l.ID] || l.CreatedAt.After(last) {
						t.Error(who, "twice, or out of order:", l.RecordNo)
					}
					seen[l.ID], last = true, l.CreatedAt
				}
				if search.After = found.After; search.After == "" {
					if pages != 3 || len(seen) != n {
						t.Error(who, pages, "pages,", len(seen), "couples")
					}
					break
				}
			}
			if found, err := list(couples.Search{Words: "robin"}); err != nil || len(found.Couples) != n {
				t.Error(who, "finds", len(found.Couples), err)
			}
			if found, err := list(couples.Search{After: "no such couple"}); err != nil || len(found.Couples) != 0 {
				t.Error(who, "after nothing:", len(found.Couples), err)
			}
		}
	})
}
