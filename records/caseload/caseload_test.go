package caseload_test

import (
	"bytes"
	"context"
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
	"mend/internal/vault"
	"mend/records/caseload"
)

// A place is a practice with two counselors; the first has one couple.
type place struct {
	*testing.T
	db          *database.DB
	vault       *vault.Vault
	st          *caseload.Store
	couples     *couples.Store
	people      *accounts.Store
	dana, ellis accounts.Counselor
	ctx         context.Context
}

// Context returns the context of a request of Dana's, whose changes are logged.
func (p *place) Context() context.Context { return p.ctx }

func (p *place) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *place) want(what string, got, want error) {
	p.Helper()
	if !errors.Is(got, want) {
		p.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func each(t *testing.T, story func(p *place)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		v := dbtest.Vault(t, db)
		p := &place{T: t, db: db, vault: v, couples: couples.NewStore(db, v, []string{"affair"})}
		p.people = accounts.NewStore(db, v, accounts.NewHashing(1, 8))
		p.st = caseload.NewStore(db, v, p.couples, p.people)
		log := audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", func() time.Time { return now })
		p.ctx = log.Begin(t.Context(), audit.Who{Role: "counselor"})
		practice := accounts.Practice{Name: "Riverbend", TimeZone: "UTC", Paper: "A4"}
		p.dana = accounts.Counselor{Email: "dana@example.org", Name: "Dana Invented"}
		p.must(p.people.CreatePractice(t.Context(), &practice, &p.dana, "seven quiet herons", now))
		elsewhere := accounts.Practice{Name: "Elsewhere", TimeZone: "UTC", Paper: "A4"}
		p.ellis = accounts.Counselor{Email: "ellis@example.org", Name: "Ellis Invented"}
		p.must(p.people.CreatePractice(t.Context(), &elsewhere, &p.ellis, "seven quiet herons", now))
		p.must(p.couples.Create(t.Context(), &couples.Couple{
			PracticeID: p.dana.PracticeID, CounselorID: p.dana.ID, FormKey: "key", CreatedAt: now,
			Partners: [2]couples.Partner{
				{Name: "Robin Invented", AddressAs: "Robin"}, {Name: "Sasha Madeup", AddressAs: "Sasha"},
			},
			Breaches: []couples.Breach{{Name: "The summer", Broke: couples.B, KindList: "affair"}},
		}))
		story(p)
	})
}

// file has a couple that is already in the caseload, one that occurs twice, and one with all
// columns.
const file = `Record number,Intake date,Partner 1,Partner 2,Partner 2 email
,,Sasha Madeup,ROBIN INVENTED,
,,Alex Fictional,Jules Pretend,jules@example.org
,,Alex Fictional,Jules Pretend,jules@example.org
C-0003,3/12/2021,Kim Nobody,Lou Noone,
`

// another creates a couple of Dana’s.
func (p *place) another(formKey string) couples.Couple {
	p.Helper()
	c := couples.Couple{
		PracticeID: p.dana.PracticeID, CounselorID: p.dana.ID, FormKey: formKey, CreatedAt: now,
		Partners: [2]couples.Partner{{Name: "Uma", AddressAs: "Uma"}, {Name: "Vic", AddressAs: "Vic"}},
		Breaches: []couples.Breach{{Name: "The loan", Broke: couples.A, KindList: "affair"}},
	}
	p.must(p.couples.Create(p.Context(), &c))
	return c
}

func (p *place) upload() string {
	p.Helper()
	id, err := p.st.Upload(p.Context(), p.dana.PracticeID, p.dana.ID, []byte(file), now)
	p.must(err)
	return id
}

func (p *place) find(id string) caseload.Import {
	p.Helper()
	i, err := p.st.Find(p.Context(), p.dana.PracticeID, p.dana.ID, id, now)
	p.must(err)
	return i
}

func (p *place) run(id string, also ...string) {
	p.Helper()
	p.must(p.st.Run(p.Context(), p.dana.PracticeID, p.dana.ID, id, also, now))
}

func (p *place) undo(id string, at time.Time) error {
	p.Helper()
	return p.st.Undo(p.Context(), p.dana.PracticeID, p.dana.ID, id, at)
}

// caseload returns Dana's caseload, oldest first: record numbers with names.
func (p *place) caseload() string {
	p.Helper()
	list, err := p.couples.All(p.Context(), p.dana.PracticeID, p.dana.ID)
	p.must(err)
	slices.SortFunc(list, func(a, b couples.Listed) int { return strings.Compare(a.RecordNo, b.RecordNo) })
	var lines []string
	for _, l := range list {
		lines = append(lines, l.RecordNo+" "+l.Names())
	}
	return strings.Join(lines, "\n")
}

func (p *place) count(query string, args ...any) (n int) {
	p.Helper()
	p.must(p.db.Get(p.Context(), &n, query, args...))
	return n
}

const known = "C-0001 Robin Invented and Sasha Madeup"

func TestDuplicatesAreMarkedAndLeftOutUnlessTheyAreChosen(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		i := p.find(id)
		var like []string
		for _, c := range i.File.Couples {
			like = append(like, c.Like)
		}
		if !slices.Equal(like, []string{"C-0001", "", "row 3", ""}) || i.New() != 2 {
			p.Errorf("marked are %q; %d are new", like, i.New())
		}
		p.run(id)
		if got := p.caseload(); got != known+"\nC-0003 Kim Nobody and Lou Noone\nC-0004 Alex Fictional and Jules Pretend" {
			p.Errorf("got %s", got)
		}
	})
}

func TestAChosenDuplicateIsImported(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		p.run(id, "2", "4")
		if n := strings.Count(p.caseload(), "\n") + 1; n != 5 {
			p.Errorf("the caseload has %d couples: %s", n, p.caseload())
		}
	})
}

func TestAnImportedCoupleIsWholeAndInNobodysDebt(t *testing.T) {
	each(t, func(p *place) {
		p.run(p.upload())
		list, err := p.couples.All(p.Context(), p.dana.PracticeID, p.dana.ID)
		p.must(err)
		for _, l := range list {
			c, err := p.couples.Find(p.Context(), p.dana.PracticeID, p.dana.ID, l.ID)
			p.must(err)
			kept, err := p.couples.Retention(p.Context(), c)
			p.must(err)
			if !kept.Until.After(now.AddDate(1, 0, 0)) {
				p.Errorf("%s is kept until %s: the first contact is no last service", l.RecordNo, kept.Until)
			}
			if l.RecordNo == "C-0004" && c.Partners[1].Reach != "jules@example.org" {
				p.Errorf("the contact is %q", c.Partners[1].Reach)
			}
			if l.RecordNo == "C-0003" && !l.CreatedAt.Equal(time.Date(2021, 3, 12, 0, 0, 0, 0, time.UTC)) {
				p.Errorf("the first contact is %s", l.CreatedAt)
			}
		}
		for _, table := range []string{"invitations", "reminders", "sign_ins", "appointments", "follow_ups"} {
			if n := p.count(`SELECT COUNT(*) FROM ` + table); n > 0 {
				p.Errorf("%d rows in %s", n, table)
			}
		}
	})
}

func TestPressingTwiceImportsOnce(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		p.run(id)
		first := p.caseload()
		p.run(id, "2", "4")
		if p.caseload() != first {
			p.Errorf("got %s", p.caseload())
		}
	})
}

func TestAnImportIsAllOrNothing(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		c := p.another(id + "/3") // conflicts with the second couple of the file
		before := p.caseload()
		if err := p.st.Run(p.Context(), p.dana.PracticeID, p.dana.ID, id, nil, now); err == nil {
			p.Error("it was imported")
		}
		if p.caseload() != before || c.ID == "" {
			p.Errorf("got %s", p.caseload())
		}
		if n := len(p.find(id).File.Couples); n != 4 {
			p.Errorf("%d couples of what was uploaded are left", n)
		}
	})
}

func TestTheNumbersThatFollowPassOverThoseOfAFile(t *testing.T) {
	each(t, func(p *place) {
		p.run(p.upload())
		c := p.another("next")
		if c.RecordNo != "C-0005" {
			p.Errorf("got %s", c.RecordNo)
		}
	})
}

func TestANumberThatIsTakenIsRefusedByItsRow(t *testing.T) {
	each(t, func(p *place) {
		id, err := p.st.Upload(p.Context(), p.dana.PracticeID, p.dana.ID,
			[]byte("Record number,Partner 1,Partner 2\nC-0001,Alex,Jules\n"), now)
		p.must(err)
		i := p.find(id)
		if len(i.File.Couples) != 0 || len(i.File.Problems) != 1 || i.File.Problems[0].Row != 2 {
			p.Errorf("got %+v", i.File)
		}
		if _, ok := errors.AsType[fault.Fields](p.st.Run(p.Context(), p.dana.PracticeID, p.dana.ID, id, nil, now)); !ok {
			p.Error("nothing was imported, and nobody said so")
		}
	})
}

func TestAnUploadIsSealedItsCounselorsAloneAndGoneAfterADay(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		var stored []byte
		p.must(p.db.Get(p.Context(), &stored, `SELECT file FROM caseload_imports WHERE id = ?`, id))
		if len(stored) == 0 || bytes.Contains(stored, []byte("Fictional")) {
			p.Errorf("stored is %.80q", stored)
		}
		_, err := p.st.Find(p.Context(), p.dana.PracticeID, p.ellis.ID, id, now)
		p.want("another counselor", err, fault.NotFound)
		_, err = p.st.Find(p.Context(), p.ellis.PracticeID, p.ellis.ID, id, now)
		p.want("another practice", err, fault.NotFound)
		_, err = p.st.Find(p.Context(), p.dana.PracticeID, p.dana.ID, id, now.Add(caseload.Kept))
		p.want("a day later", err, fault.NotFound)
		p.must(p.st.Sweep(p.Context(), now.Add(caseload.Kept-time.Minute)))
		p.find(id)
		p.must(p.st.Sweep(p.Context(), now.Add(caseload.Kept)))
		if p.count(`SELECT COUNT(*) FROM caseload_imports`) > 0 {
			p.Error("it is kept")
		}
	})
}

func TestWhatWasImportedIsNoLongerKeptAsAFile(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		p.run(id)
		p.must(p.st.Sweep(p.Context(), now.AddDate(0, 1, 0)))
		var stored []byte
		p.must(p.db.Get(p.Context(), &stored, `SELECT file FROM caseload_imports WHERE id = ?`, id))
		if len(stored) > 0 {
			p.Errorf("%d bytes of the file are kept", len(stored))
		}
	})
}
