package growth

import (
	"testing"
	"time"

	"mend/calendar"
	"mend/internal/dbtest"
	"mend/internal/vault"
)

// TestACounselorsWeekCostsTheSameInALargePractice: twenty appointments, whether the practice has
// one counselor, or twenty counselors with four hundred appointments. The front desk's week shows
// all of them: its page grows, its number of queries does not.
func TestACounselorsWeekCostsTheSameInALargePractice(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			sites := [2]*grown{
				grow(t, dbtest.Open(t, engine), Size{Couples: 20, Years: 1, Counselors: 1, Brief: true}),
				grow(t, dbtest.Open(t, engine), Size{Couples: 400, Years: 1, Counselors: 20, Brief: true}),
			}
			for i, g := range sites {
				if n, want := g.bookWeek(t), [2]int{20, 400}[i]; n != want {
					t.Fatalf("%d appointments instead of %d", n, want)
				}
			}
			view := "?view=week&on=" + week.Format(time.DateOnly)
			costsTheSame(t, sites, "a counselor's week", "owner", "/calendar"+view)
			few, many := sites[0].open(t, "front desk", "/front-desk"+view), sites[1].open(t, "front desk", "/front-desk"+view)
			if len(few) != len(many) {
				t.Errorf("the front desk's week: %d queries instead of %d", len(many), len(few))
			}
		})
	}
}

// week is a Sunday far enough ahead that nothing is booked.
var week = time.Date(2031, 6, 8, 0, 0, 0, 0, time.UTC)

// bookWeek books one appointment for every couple, four a day for each counselor.
func (g *grown) bookWeek(t *testing.T) int {
	t.Helper()
	var list []struct {
		ID        string `db:"id"`
		Practice  string `db:"practice_id"`
		Counselor string `db:"counselor_id"`
	}
	if err := g.db.Select(t.Context(), &list, `SELECT id, practice_id, counselor_id FROM couples`); err != nil {
		t.Fatal(err)
	}
	booked := map[string]int{}
	for _, c := range list {
		n := booked[c.Counselor]
		booked[c.Counselor]++
		a := calendar.Appointment{
			PracticeID: c.Practice, CoupleID: c.ID, CounselorID: c.Counselor, FormKey: "week " + c.ID,
			Slot: calendar.Slot{
				StartsAt: week.AddDate(0, 0, 1+n/4).Add(time.Duration(14+2*(n%4)) * time.Hour),
				Zone:     "America/New_York", Minutes: 50, Place: "office",
			},
			Reader: vault.ForCounselor(c.Practice, c.Counselor, c.ID),
		}
		if err := g.site.Calendar.Book(t.Context(), &a, g.site.Now()); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.Analyze(t, g.db)
	return len(list)
}
