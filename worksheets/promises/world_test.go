package promises

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/sessions"
	"mend/worksheets"
)

var noon = time.Date(2031, 3, 12, 16, 0, 0, 0, time.UTC)

// after returns the time that many minutes after noon in New York.
func after(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// A world is an invented practice with one couple: Jules, who is B, broke trust.
type world struct {
	*testing.T
	db       *database.DB
	st       *Store
	practice accounts.Practice
	couples  *couples.Store
	people   *accounts.Store
	sessions *sessions.Store
	couple   couples.Couple
}

// eachWorld runs story on both engines.
func eachWorld(t *testing.T, story func(w *world)) {
	t.Helper()
	method, err := sessions.LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := worksheets.LoadCatalogue(method)
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		w := &world{
			T: t, db: db, st: NewStore(db, v, catalogue), couples: couples.NewStore(db, v, catalogue.BreachKindIDs()),
			practice: accounts.Practice{Name: "Riverbend", TimeZone: "America/New_York", Paper: "Letter"},
		}
		dana := accounts.Counselor{Name: "Dana Okafor-Lind", Email: "dana@riverbend.example"}
		st := accounts.NewStore(db, v, accounts.NewHashing(1, 8))
		w.people, w.sessions = st, sessions.NewStore(db, v, method)
		w.must(st.CreatePractice(t.Context(), &w.practice, &dana, "quiet-harbor-test", after(-9000)))
		w.meet(dana)
		story(w)
	})
}

// meet adds the couple of a counselor.
func (w *world) meet(dana accounts.Counselor) {
	c := couples.Couple{
		PracticeID: w.practice.ID, CounselorID: dana.ID, FormKey: rand.Text(), CreatedAt: after(-8000),
		Partners: [2]couples.Partner{
			{Name: "Rowan Mossfield", AddressAs: "Rowan"}, {Name: "Jules Thistledown", AddressAs: "Jules"},
		},
		Breaches: []couples.Breach{{Name: "the hidden loan", Broke: couples.B, KindList: "hidden-money"}},
	}
	w.must(w.couples.Create(w.Context(), &c))
	var err error
	w.couple, err = w.couples.Find(w.Context(), w.practice.ID, dana.ID, c.ID)
	w.must(err)
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

// asPartner returns the couple as read by one of its partners.
func (w *world) asPartner(side couples.Side) couples.Couple {
	w.Helper()
	c, _, err := w.couples.FindForPartner(w.Context(), w.practice.ID, w.couple.Partner(side).ID)
	w.must(err)
	return c
}
