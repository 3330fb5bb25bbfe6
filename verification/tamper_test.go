package verification_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/couples"
	"mend/demo"
	"mend/demo/demotest"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/rowmac"
	"mend/internal/vault"
	"mend/notes"
	"mend/records/caseload"
	"mend/sessions"
	"mend/verification"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

var now = demotest.Now

// A place is the database and the audit log of a practice that has been at work.
type place struct {
	*testing.T
	db     *database.DB
	vault  *vault.Vault
	log    *audit.Log
	stores demo.Stores
	people []demo.Person
}

// work adds to the demo's practice every kind of record that the demo lacks.
func work(t *testing.T, db *database.DB, people []demo.Person) *place {
	t.Helper()
	stores := demotest.Stores(t, db)
	v := dbtest.Vault(t, db)
	p := &place{
		T: t, db: db, vault: v, stores: stores, people: people,
		log: audit.New(db, audit.Keys{MAC: v.AuditKey, Sign: v.SigningKey}, "", func() time.Time { return now }),
	}
	ctx := p.log.Begin(t.Context(), audit.Who{Role: "counselor"})
	p.more(ctx)
	return p
}

// more adds the kinds of records that the demo lacks.
func (p *place) more(ctx context.Context) {
	p.Helper()
	owner := p.one(`SELECT id FROM counselors WHERE role = 'owner'`)
	practice := p.one(`SELECT practice_id FROM counselors WHERE id = ?`, owner)
	couple, err := p.stores.Couples.Find(ctx, practice, owner, p.people[4].Couple)
	must(p.T, err)
	must(p.T, couples.PlaceFollowUp(ctx, p.db, p.vault,
		couples.FollowUp{PracticeID: practice, CoupleID: couple.ID, PartnerID: couple.Partners[0].ID, Holds: true},
		"record", now))
	p.caseloads(ctx, practice, owner)
	p.notesWithoutASession(ctx, couple)
	p.sessionByVideo(ctx, couple)
	p.closings(ctx, couple)
	token, err := p.stores.Accounts.SignIn(ctx, p.people[0].SignIn, demo.Password, "", now)
	must(p.T, err)
	login, err := p.stores.Accounts.Authenticate(ctx, token, now)
	must(p.T, err)
	_, _, err = p.stores.Accounts.BeginFactor(ctx, login, "Dana", now)
	must(p.T, err)
	other := p.one(`SELECT record_no FROM couples WHERE counselor_id <> ? ORDER BY record_no LIMIT 1`, owner)
	_, err = p.stores.Couples.OpenEmergencyAccess(ctx, practice, owner, other, "A question of the board about this couple.", now)
	must(p.T, err)
	must(p.T, p.stores.Accounts.SetKeepYears(ctx, practice, owner, 0))
	late := now.AddDate(1, 0, 0)
	gone, err := p.stores.Couples.Find(ctx, practice, owner, p.people[2].Couple)
	must(p.T, err)
	p.notesWithoutASession(ctx, gone)
	p.sessionByVideo(ctx, gone)
	must(p.T, p.stores.Couples.Erase(ctx, p.stores.Accounts, gone,
		couples.Erasure{Of: "A", Reason: "Asked for in writing, long after the work.", RecordNo: gone.RecordNo}, late))
	colleague := p.one(`SELECT id FROM counselors WHERE role = 'counselor'`)
	must(p.T, p.stores.Accounts.SetRole(ctx, practice, owner, colleague, accounts.Owner, now))
}

// caseloads adds a caseload that waits to be imported and one whose import was undone.
func (p *place) caseloads(ctx context.Context, practice, owner string) {
	p.Helper()
	st := caseload.NewStore(p.db, p.vault, p.stores.Couples, p.stores.Accounts)
	for i := range 2 {
		id, err := st.Upload(ctx, practice, owner, []byte("Partner 1,Partner 2\nUma Early,Vic Early\n"), now)
		must(p.T, err)
		if i == 0 {
			must(p.T, st.Run(ctx, practice, owner, id, nil, now))
			must(p.T, st.Undo(ctx, practice, owner, id, now))
		}
	}
}

// sessionByVideo books a video session that starts now, with the location of both partners,
// and a later appointment that both ask to cancel.
func (p *place) sessionByVideo(ctx context.Context, c couples.Couple) {
	p.Helper()
	st := p.stores.Calendar
	a := calendar.Appointment{
		PracticeID: c.PracticeID, CoupleID: c.ID, CounselorID: c.CounselorID, FormKey: "video " + c.ID, Reader: c.Reader,
		Slot: calendar.Slot{StartsAt: now, Zone: "America/New_York", Minutes: 50, Place: "video"},
	}
	must(p.T, st.Book(ctx, &a, now))
	later := a
	later.FormKey, later.StartsAt = "later "+c.ID, now.AddDate(0, 0, 40)
	must(p.T, st.Book(ctx, &later, now))
	for _, of := range c.Partners {
		couple, partner, err := p.stores.Couples.FindForPartner(ctx, c.PracticeID, of.ID)
		must(p.T, err)
		must(p.T, st.TellLocation(ctx, couple, partner, calendar.PartnerLocation{
			AppointmentID: a.ID, FormKey: "where " + of.ID, State: "NY", Place: "12 Pear Street", Company: "nobody",
			Telephone: "555-0100",
		}, now))
		must(p.T, st.AskToCancel(ctx, couple, partner, later.ID, now))
	}
	set, err := st.VideoSettings(ctx, c.PracticeID, c.CounselorID)
	must(p.T, err)
	set.Link, set.Licenses = "https://video.example/room", calendar.USStates[:2]
	must(p.T, st.SaveVideoSettings(ctx, c.PracticeID, c.CounselorID, set))
}

// closings reopens and closes the couple twice, so that one closing is undone and one is
// in force.
func (p *place) closings(ctx context.Context, c couples.Couple) {
	p.Helper()
	for _, key := range []string{"first", "second"} {
		must(p.T, p.stores.Couples.Reopen(ctx, p.stores.Accounts, c, "Both called again.", now))
		must(p.T, p.stores.Couples.Close(ctx, p.stores.Accounts, c, couples.Closing{
			Ending: couples.EnoughForNow, AUntil: now.AddDate(0, 1, 0), BUntil: now.AddDate(0, 2, 0), FormKey: key,
		}, p.stores.Calendar.CancelAll(c, now), now))
	}
}

// notesWithoutASession signs a note of c in the joint record and one on each partner, each
// with an addendum, and leaves a draft on each partner.
func (p *place) notesWithoutASession(ctx context.Context, c couples.Couple) {
	p.Helper()
	st := notes.NewStore(p.db, p.stores.Accounts, p.stores.Sessions, p.stores.Worksheets, p.stores.Calendar,
		p.stores.Treatment, p.stores.Promises)
	for i, side := range []couples.Side{"", couples.A, couples.B, couples.A, couples.B} {
		n, err := st.Draft(ctx, c, notes.Draft{
			Kind: sessions.Contact, Side: side, At: now.Add(-time.Hour),
			Values: map[string]string{"with": "A physician", "what": "A call about an appointment.", "plan": "None."},
		}, c.ID+string(side)+fmt.Sprint(i), now)
		must(p.T, err)
		if i > 2 {
			continue
		}
		f := notes.Standalone{Note: n, Couple: c, Counselor: c.CounselorID}
		w, _, err := st.WriteStandalone(ctx, f, now)
		must(p.T, err)
		must(p.T, st.SignStandalone(ctx, f, sessions.Signing{Reviewed: true, Seen: w.Hash}, now))
		f.Note, err = p.stores.Sessions.FindStandalone(ctx, c, side, n.ID)
		must(p.T, err)
		must(p.T, st.AppendStandalone(ctx, f, "A correction", "It was the morning.", "k", now))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *place) one(query string, args ...any) (text string) {
	p.Helper()
	must(p.T, p.db.Get(p.Context(), &text, query, args...))
	return text
}

// finds reports whether verification finds anything. It does not look for missing triggers.
func (p *place) finds() bool {
	p.Helper()
	if _, found, err := rowmac.Verify(p.Context(), p.db, p.vault); err != nil || len(found) > 0 {
		return true
	}
	report, err := p.log.Verify(p.Context())
	must(p.T, err)
	if len(report.Findings) > 0 {
		return true
	}
	for _, look := range verification.Looks {
		if list, err := look(p.Context(), p.db, p.vault); err != nil || len(list) > 0 {
			return true
		}
	}
	return false
}

// TestTamper changes, deletes and adds rows directly in the database, with the triggers
// dropped, over all tables and columns.
func TestTamper(t *testing.T) {
	dbtest.Long(t)
	demotest.Practice.Either(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		if p.finds() {
			t.Fatal("it finds something before anything was changed: ", p.run().Findings)
		}
		tables, err := db.Tables(t.Context())
		must(t, err)
		h := newIntruder(t, db)
		tried, missed, marks, sealed := 0, map[string]int{}, p.marks(), map[string]bool{}
		for _, table := range tables {
			for i, column := range table.Columns {
				sealed[table.Name+" "+column] = table.Kinds[i] == database.Bytes
			}
			rows := h.rows(table)
			for _, c := range h.changes(table, rows) {
				if !h.apply(table, c) {
					continue // the schema refuses it
				}
				tried++
				if !p.finds() {
					missed[table.Name+" "+c.what+h.emptied(table, c)+marks.of(table.Name, c.row)]++
				}
				h.undo(table, c)
			}
		}
		if p.finds() {
			t.Error("the database was not put back")
		}
		t.Logf("%d changes", tried)
		if tried < 350*h.each() {
			t.Errorf("only %d changes", tried)
		}
		for _, what := range slices.Sorted(maps.Keys(missed)) {
			table, _, _ := strings.Cut(what, " ")
			excused := harmless[table+" *"] != "" && !strings.Contains(what, sentOrSigned) &&
				!sealed[strings.TrimSuffix(what, ofErased)]
			if harmless[what] == "" && !excused {
				t.Errorf("%d changes of %s were not found", missed[what], what)
			}
		}
	})
}

// marks holds, by id, whether a row is something that was sent or signed, the assignment or
// session it belongs to, or a record of somebody who was erased.
type marks map[string]string

const (
	sentOrSigned = " of what was sent or signed"
	ofErased     = " of somebody who was erased"
)

func (p *place) marks() marks {
	p.Helper()
	m := marks{}
	for mark, query := range map[string]string{
		sentOrSigned: `
			SELECT id FROM answers WHERE state = 'sent'
			UNION SELECT assignment_id FROM answers WHERE state = 'sent'
			UNION SELECT id FROM notes WHERE signed_at IS NOT NULL
			UNION SELECT session_id FROM notes WHERE signed_at IS NOT NULL AND session_id IS NOT NULL`,
		ofErased: `
			SELECT a.id FROM answers a JOIN partners p ON p.id = a.partner_id
			WHERE p.erased_at IS NOT NULL AND a.state <> 'sent'
			UNION SELECT a.assignment_id FROM answers a JOIN partners p ON p.id = a.partner_id
			WHERE p.erased_at IS NOT NULL AND a.state <> 'sent'
			UNION SELECT n.id FROM notes n JOIN partners p ON p.couple_id = n.couple_id AND p.side = n.side
			WHERE p.erased_at IS NOT NULL AND n.signed_at IS NULL
			UNION SELECT l.id FROM locations l JOIN partners p ON p.id = l.partner_id WHERE p.erased_at IS NOT NULL`,
	} {
		var ids []string
		must(p.T, p.db.Select(p.Context(), &ids, query))
		for _, id := range ids {
			m[id] += mark
		}
	}
	return m
}

// of returns the mark of a row, or "".
func (m marks) of(table string, row []any) string {
	if table != "fields" && table != "session_intervals" {
		row = row[:min(1, len(row))] // only its id: other columns hold ids of other rows
	}
	for _, v := range row {
		if text, ok := v.(string); ok && m[text] != "" {
			return m[text]
		}
	}
	return ""
}
