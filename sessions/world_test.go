package sessions

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/internal/fields"
)

// four is 4:03 p.m. in New York.
var four = time.Date(2031, 3, 12, 20, 3, 0, 0, time.UTC)

// after returns the time that many minutes after four.
func after(minutes int) time.Time { return four.Add(time.Duration(minutes) * time.Minute) }

// A world is an invented practice with two counselors and one mutual couple of Dana's.
type world struct {
	*testing.T
	db          *database.DB
	st          *Store
	practice    accounts.Practice
	dana, ellis accounts.Counselor
	couples     *couples.Store
	people      *accounts.Store
	couple      couples.Couple
}

// eachWorld runs story on both engines.
func eachWorld(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { story(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *database.DB) *world {
	t.Helper()
	w := &world{
		T: t, db: db, st: NewStore(db, dbtest.Vault(t, db), methodContent(t)),
		practice: accounts.Practice{
			Name: "Riverbend", Address: "12 Invented Lane",
			TimeZone: "America/New_York", Paper: "Letter",
		},
		dana: accounts.Counselor{
			Name: "Dana Okafor-Lind", Credentials: "MA", LicenseType: "LMFT", LicenseNo: "00000",
			LicenseState: "Example State", Email: "dana@riverbend.example",
		},
		ellis:   accounts.Counselor{Name: "Ellis Marrowby", Email: "ellis@riverbend.example"},
		couples: couples.NewStore(db, dbtest.Vault(t, db), []string{"hidden-money", "lying"}),
	}
	w.people = accounts.NewStore(db, dbtest.Vault(t, db), accounts.NewHashing(1, 8))
	w.must(w.people.CreatePractice(t.Context(), &w.practice, &w.dana, "quiet-harbor-test", after(-9000)))
	w.must(w.people.AddCounselor(t.Context(), w.practice.ID, &w.ellis, "quiet-harbor-test", after(-9000)))
	w.couple = w.meet("Rowan Mossfield", "Jules Thistledown")
	return w
}

// meet stores a couple with two breaches and two goals.
func (w *world) meet(a, b string) couples.Couple {
	w.Helper()
	c := couples.Couple{
		PracticeID: w.practice.ID, CounselorID: w.dana.ID, FormKey: rand.Text(), CreatedAt: after(-8000),
		Partners: [2]couples.Partner{{Name: a, AddressAs: a[:5]}, {Name: b, AddressAs: b[:5]}},
		Breaches: []couples.Breach{
			{Name: "the hidden loan", Broke: couples.B, KindList: "hidden-money"},
			{Name: "the trip", Broke: couples.A, KindList: "lying"},
		},
	}
	w.must(w.couples.Create(w.Context(), &c))
	w.must(w.couples.AddGoal(w.Context(), c, "Speak about the hidden loan without escalation.", rand.Text(), after(-7000)))
	w.must(w.couples.AddGoal(w.Context(), c, "Establish clear ownership and repair.", rand.Text(), after(-6999)))
	found, err := w.couples.Find(w.Context(), w.practice.ID, w.dana.ID, c.ID)
	w.must(err)
	return found
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

// session returns one that can be planned.
func (w *world) session() Session {
	return Session{
		PracticeID: w.practice.ID, CoupleID: w.couple.ID, CounselorID: w.dana.ID, Reader: w.couple.Reader,
		StartsAt: four, Minutes: 50,
		Place: "office", Step: "own-and-apologize", BreachID: &w.couple.Breaches[0].ID, FormKey: rand.Text(),
	}
}

// plan stores a session.
func (w *world) plan() Session {
	w.Helper()
	s := w.session()
	w.must(w.st.Plan(w.Context(), &s, nil, after(-3000)))
	return s
}

// start plans a session and starts it at four.
func (w *world) start() Session {
	w.Helper()
	s := w.plan()
	w.must(w.st.Start(w.Context(), s, four))
	return w.reload(s)
}

// reload reads s again.
func (w *world) reload(s Session) Session {
	w.Helper()
	s, err := w.st.Find(w.Context(), w.practice.ID, w.dana.ID, s.ID)
	w.must(err)
	return s
}

// spoken is the record of an ordinary session.
var spoken = map[string]string{
	"attendance.A": "present", "attendance.B": "present", "mode.A": "in-person", "mode.B": "in-person",
	"focus": "offering and responding to an apology", "activity.s2-a3": "yes", "intervention.apology-coaching": "yes",
	"response.A": "guarded-then-open", "response.B": "owned-prompted", "checkin.A": "up and down", "checkin.B": "quieter",
	"interaction": "the usual pattern appeared once",
}

// held returns an ended session of 53 minutes with the record spoken.
func (w *world) held() Session {
	w.Helper()
	s := w.start()
	w.must(w.st.SaveRecord(w.Context(), s, spoken, rand.Text(), after(50)))
	w.must(w.st.End(w.Context(), s, after(53)))
	return w.reload(s)
}

// requiredFields returns the fields that the counselor has to fill in for a note.
func (w *world) requiredFields() map[string]string {
	return map[string]string{
		"risk.routine": "yes", "risk_text": "No risk concern was raised in the joint session.",
		"impression": "the couple can bear an unfinished answer", "plan_text": "hear the further response",
		"a_reported": "a steadier week", "b_reported": "wanting to go on", "status_choice": "stay with this step",
		"progress." + w.couple.Goals[0].ID: "progressing", "text.assigned": "Between sessions: nothing new.",
	}
}

// heldWithNote returns a held session whose note is ready to be signed.
func (w *world) heldWithNote() (Session, Note) {
	w.Helper()
	s := w.held()
	n := w.note(s)
	w.must(w.st.SaveNote(w.Context(), s, n, w.requiredFields(), rand.Text(), after(60)))
	return s, n
}

func (w *world) note(s Session) Note {
	w.Helper()
	n, err := w.st.FindNote(w.Context(), s)
	w.must(err)
	return n
}

func (w *world) noteContext() NoteContext {
	return NoteContext{Practice: w.practice, Counselor: w.dana, Couple: w.couple}
}

func (w *world) write(s Session) NoteDraft {
	w.Helper()
	wr, err := w.st.Write(w.Context(), s, w.note(s), w.noteContext())
	w.must(err)
	return wr
}

// noPrivateWording is the check when no partner has written anything.
func noPrivateWording(context.Context, *database.DB, map[string]string) error { return nil }

// sign signs the note of s in its current state.
func (w *world) sign(s Session, at time.Time) {
	w.Helper()
	w.must(w.st.Sign(w.Context(), s, w.noteContext(), Signing{Reviewed: true, Seen: w.write(s).Hash}, noPrivateWording, at))
}

// signed returns a session with a signed note.
func (w *world) signed() Session {
	w.Helper()
	s, _ := w.heldWithNote()
	w.sign(s, after(70))
	return w.reload(s)
}

func (w *world) count(query string, args ...any) int {
	w.Helper()
	var n int
	w.must(w.db.Get(w.Context(), &n, query, args...))
	return n
}

func edit(field, value string, base int) fields.Edit {
	return fields.Edit{Field: field, Value: value, Base: base, Key: rand.Text(), At: after(55)}
}

// with returns fields with some changed.
func with(fields map[string]string, pairs ...string) map[string]string {
	all := maps.Clone(fields)
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return all
}

// atOnce calls do n times concurrently and returns the errors.
func atOnce(n int, do func(i int) error) []error {
	errs := make([]error, n)
	begin := make(chan struct{})
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { <-begin; errs[i] = do(i) })
	}
	close(begin)
	group.Wait()
	return errs
}

// faultsOf returns the fields that err names.
func faultsOf(err error) fault.Fields {
	fields, _ := errors.AsType[fault.Fields](err)
	return fields
}
