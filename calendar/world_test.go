package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
)

// noon is a Thursday at noon in New York.
var noon = time.Date(2031, 3, 13, 16, 0, 0, 0, time.UTC)

// A world is an invented practice with two counselors, a front desk, and two couples of Dana's.
type world struct {
	*testing.T
	db                *database.DB
	st                *Store
	couples           *couples.Store
	practice          accounts.Practice
	dana, ellis, drew accounts.Counselor
	couple, other     couples.Couple
}

// eachWorld runs story on both engines.
func eachWorld(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { story(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *database.DB) *world {
	t.Helper()
	v := dbtest.Vault(t, db)
	w := &world{
		T: t, db: db, st: NewStore(db, v), couples: couples.NewStore(db, v, []string{"lying"}),
		practice: accounts.Practice{
			Name:     "Riverbend",
			Address:  "12 Invented Lane",
			TimeZone: "America/New_York",
			Paper:    "Letter",
		},
		dana:  accounts.Counselor{Name: "Dana Okafor-Lind", Email: "dana@riverbend.example"},
		ellis: accounts.Counselor{Name: "Ellis Marrowby", Email: "ellis@riverbend.example"},
		drew:  accounts.Counselor{Name: "Drew Tolland", Email: "drew@riverbend.example", Role: accounts.FrontDesk},
	}
	people := accounts.NewStore(db, v, accounts.NewHashing(1, 8))
	w.must(people.CreatePractice(t.Context(), &w.practice, &w.dana, "quiet-harbor-test", noon.AddDate(0, 0, -30)))
	w.must(people.AddCounselor(t.Context(), w.practice.ID, &w.ellis, "quiet-harbor-test", noon.AddDate(0, 0, -30)))
	w.must(people.AddCounselor(t.Context(), w.practice.ID, &w.drew, "quiet-harbor-test", noon.AddDate(0, 0, -30)))
	w.couple, w.other = w.meet(
		w.dana,
		"Rowan Mossfield",
		"Jules Thistledown",
	), w.meet(
		w.dana,
		"Quinn Applegarth",
		"Terry Candlewick",
	)
	return w
}

func (w *world) meet(of accounts.Counselor, a, b string) couples.Couple {
	w.Helper()
	c := couples.Couple{
		PracticeID: w.practice.ID, CounselorID: of.ID, FormKey: rand.Text(), CreatedAt: noon.AddDate(0, 0, -20),
		Partners: [2]couples.Partner{{Name: a, AddressAs: a[:5]}, {Name: b, AddressAs: b[:5]}},
		Breaches: []couples.Breach{{Name: "the trip", Broke: couples.A, KindList: "lying"}},
	}
	w.must(w.couples.Create(w.Context(), &c))
	found, err := w.couples.Find(w.Context(), w.practice.ID, of.ID, c.ID)
	w.must(err)
	return found
}

// partner returns the couple as read by one of its partners.
func (w *world) partner(side couples.Side) (couples.Couple, couples.Partner) {
	w.Helper()
	c, p, err := w.couples.FindForPartner(w.Context(), w.practice.ID, w.couple.Partner(side).ID)
	w.must(err)
	return c, p
}

// slot returns fifty minutes in a room of the office.
func slot(at time.Time) Slot {
	return Slot{StartsAt: at, Zone: "America/New_York", Minutes: 50, Place: "office", PlaceDetail: "the small room"}
}

// booked books an appointment of a couple.
func (w *world) booked(c couples.Couple, at time.Time) Appointment {
	w.Helper()
	a := Appointment{
		PracticeID: w.practice.ID, CoupleID: c.ID, CounselorID: c.CounselorID, Slot: slot(at), FormKey: rand.Text(),
		Reader: c.Reader,
	}
	w.must(w.st.Book(w.Context(), &a, noon))
	return w.find(a.ID)
}

// weekly returns a series of the couple from a first day on, in New York time.
func (w *world) weekly(first string, repeat Repeat) Series {
	w.Helper()
	day, err := time.Parse(time.DateOnly, first)
	w.must(err)
	rule, err := repeat.Rule(day)
	w.must(err)
	return Series{
		PracticeID: w.practice.ID, CoupleID: w.couple.ID, CounselorID: w.dana.ID, FirstDay: first, Clock: "16:00",
		Zone: "America/New_York", Rule: rule, Minutes: 50, Place: "office", FormKey: rand.Text(), Reader: w.couple.Reader,
	}
}

func (w *world) find(id string) Appointment {
	w.Helper()
	a, err := w.st.Find(w.Context(), w.practice.ID, w.dana.ID, id)
	w.must(err)
	return a
}

// in runs do in a transaction.
func (w *world) in(do func(ctx context.Context, tx *database.DB) error) error {
	return w.db.InTx(w.Context(), do)
}

func (w *world) move(a Appointment, to Slot) (next Appointment, err error) {
	err = w.in(func(ctx context.Context, tx *database.DB) (err error) {
		next, err = w.st.MoveIn(ctx, tx, a, to, rand.Text(), noon)
		return err
	})
	return next, err
}

func (w *world) cancel(a Appointment, who string, at time.Time) error {
	return w.in(func(ctx context.Context, tx *database.DB) error { return w.st.CancelIn(ctx, tx, a, who, at) })
}

// days returns the couple's planned appointments in local time, as "Jan 2 15:04".
func (w *world) days() []string {
	w.Helper()
	list, err := w.st.OfCouple(w.Context(), w.couple, noon.AddDate(-1, 0, 0), noon.AddDate(20, 0, 0))
	w.must(err)
	var days []string
	for _, a := range list {
		if a.State == Planned {
			days = append(days, a.Local().Format("Jan 2 15:04"))
		}
	}
	return days
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// want checks that err wraps kind.
func (w *world) want(what string, err, kind error) {
	w.Helper()
	if !errors.Is(err, kind) {
		w.Errorf("%s: got %v, want %v", what, err, kind)
	}
}

// wantFault checks that err names a field.
func (w *world) wantFault(what string, err error, field string) {
	w.Helper()
	if problems, _ := errors.AsType[fault.Fields](err); problems[field] == "" {
		w.Errorf("%s: got %v, want a fault of %s", what, err, field)
	}
}
