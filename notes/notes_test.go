package notes

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"mend/calendar"
	"mend/couples"
	"mend/couples/treatment"
	"mend/demo"
	"mend/demo/demotest"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// now is the time of the tests.
var now = demotest.Now

// private is what a partner wrote for the counselor alone.
const private = "I would like to take this slowly, and say it as plainly as I can."

// A noteWorld is the demo's practice with the note of a session that has ended.
type noteWorld struct {
	*testing.T
	notes     *Store
	sessions  *sessions.Store
	calendar  *calendar.Store
	treatment *treatment.Store
	promises  *promises.Store
	stores    demo.Stores
	file      File
	blocks    []string // of the note
}

func eachWorld(t *testing.T, do func(d *noteWorld)) {
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, _ []demo.Person) { do(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *database.DB) *noteWorld {
	t.Helper()
	st := demotest.Stores(t, db)
	var row struct {
		ID        string `db:"id"`
		Practice  string `db:"practice_id"`
		Couple    string `db:"couple_id"`
		Counselor string `db:"counselor_id"`
	}
	must(t, db.Get(t.Context(), &row, `SELECT id, practice_id, couple_id, counselor_id FROM sessions
		WHERE state = 'ended' AND NOT signed ORDER BY starts_at DESC LIMIT 1`))
	couple, err := st.Couples.Find(t.Context(), row.Practice, row.Counselor, row.Couple)
	must(t, err)
	session, err := st.Sessions.Find(t.Context(), row.Practice, row.Counselor, row.ID)
	must(t, err)
	writePrivately(t, st, couple)
	return &noteWorld{
		T: t, sessions: st.Sessions, calendar: st.Calendar, promises: st.Promises, stores: st,
		notes:     NewStore(db, st.Accounts, st.Sessions, st.Worksheets, st.Calendar, st.Treatment, st.Promises),
		treatment: st.Treatment,
		file:      File{Session: session, Couple: couple, Counselor: row.Counselor},
	}
}

// writePrivately has the first partner of c send a page that only the counselor may read.
func writePrivately(t *testing.T, st demo.Stores, c couples.Couple) {
	t.Helper()
	give := worksheets.AssignRequest{
		Worksheet: "feelings-log", To: "A", Breach: c.Breaches[0].ID, Anyway: true, FormKey: rand.Text(),
	}
	must(t, st.Worksheets.Give(t.Context(), c, give, now))
	mine, me, err := st.Couples.FindForPartner(t.Context(), c.PracticeID, c.Partner(couples.A).ID)
	must(t, err)
	pages, err := st.Worksheets.MyPages(t.Context(), mine, me, now)
	must(t, err)
	for _, p := range pages {
		if p.Assignment.Worksheet == "feelings-log" && !p.Sent() {
			f, err := st.Worksheets.PartnerPage(t.Context(), mine, me, p.Assignment.ID, now)
			must(t, err)
			values := map[string]worksheets.Value{"pattern": {Text: private}, "entry": {Rows: []map[string]string{{"day": "2031-03-11"}}}}
			must(t, st.Worksheets.SaveForm(t.Context(), f,
				worksheets.Form{Values: values, Seen: f.Seen(), Send: true, Key: rand.Text()}, now))
			return
		}
	}
	t.Fatal("there is no page to write on")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// note returns the note as it is stored.
func (d *noteWorld) note() sessions.Note {
	d.Helper()
	n, err := d.sessions.FindNote(d.Context(), d.file.Session)
	must(d.T, err)
	return n
}

// fill writes text into each block of the note and marks progress.
func (d *noteWorld) fill(text string) {
	d.Helper()
	n := d.note()
	w, _, err := d.notes.Write(d.Context(), d.file, n)
	must(d.T, err)
	fields := map[string]string{}
	if d.blocks == nil {
		d.blocks = slices.Concat(w.Missing, slices.Sorted(maps.Keys(w.Drafts)))
	}
	for _, block := range d.blocks {
		fields["text."+block] = text
	}
	for _, g := range d.file.Couple.OpenGoals() {
		fields["progress."+g.ID] = sessions.ProgressChoices[0]
	}
	must(d.T, d.sessions.SaveNote(d.Context(), d.file.Session, n, w.Own(fields), rand.Text(), now))
}

// sign signs the note in its current state.
func (d *noteWorld) sign() error {
	d.Helper()
	w, _, err := d.notes.Write(d.Context(), d.file, d.note())
	must(d.T, err)
	return d.notes.Sign(d.Context(), d.file, sessions.Signing{Reviewed: true, Seen: w.Hash}, now)
}

func TestANoteThatRepeatsPrivateWordsIsNotSigned(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		d.fill(private)
		problems, ok := errors.AsType[fault.Fields](d.sign())
		if !ok || d.note().Signed() {
			d.Fatalf("signed: %v, %v", d.note().Signed(), problems)
		}
		said := ""
		for _, problem := range problems {
			said += problem.String()
		}
		if !strings.Contains(said, "word for word") {
			d.Error(said)
		}
		d.fill("Both named one thing they would do before the next session.")
		must(d.T, d.sign())
		if !d.note().Signed() {
			d.Error("not signed")
		}
	})
}

func TestAnAddendumThatRepeatsPrivateWordsIsNotSigned(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		d.fill("Both named one thing they would do before the next session.")
		must(d.T, d.sign())
		add := func(reason, text string) error {
			return d.notes.Append(d.Context(), d.file, reason, text, rand.Text(), now)
		}
		for _, at := range []struct{ reason, text string }{{"Corrects a sentence", private}, {private, "Nothing else changes."}} {
			if _, refused := errors.AsType[fault.Fields](add(at.reason, at.text)); !refused {
				d.Errorf("%q and %q were signed", at.reason, at.text)
			}
		}
		must(d.T, add("Corrects a date", "The next session is a week later."))
		addenda, err := d.sessions.Addenda(d.Context(), d.file.Session.Filing(), d.note())
		must(d.T, err)
		if len(addenda) != 1 || addenda[0].Reason != "Corrects a date" {
			d.Error(addenda)
		}
	})
}

// TestANoteShowsThePlanAsItWasWhenItWasSigned: later changes of the plan do not change the note.
func TestANoteShowsThePlanAsItWasWhenItWasSigned(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		goal, step := d.file.Couple.OpenGoals()[0].ID, d.file.Session.Step
		n := d.note()
		must(d.T, d.sessions.SaveRecord(d.Context(), d.file.Session, map[string]string{
			"intervention.enactment": "yes", "attendance.A": "present", "attendance.B": "present",
		}, rand.Text(), now))
		must(d.T, d.treatment.AddObjective(d.Context(), d.file.Couple, treatment.Objective{
			Goal: goal, Text: "Each hears the other out.", Step: step, Interventions: []string{"enactment"},
		}, "k"))
		must(d.T, d.sessions.SaveNote(d.Context(), d.file.Session, n, map[string]string{"progress." + goal: "new"},
			rand.Text(), now))
		w, _, err := d.notes.Write(d.Context(), d.file, n)
		must(d.T, err)
		if !strings.Contains(w.Drafts["progress"], "Objective “Each hears the other out”: enactment") {
			d.Fatal(w.Drafts["progress"])
		}
		thread := w.Drafts["progress"]
		d.fill("Both named one thing they would do before the next session.")
		must(d.T, d.sessions.SaveNote(d.Context(), d.file.Session, n, map[string]string{"text.progress": thread},
			rand.Text(), now))
		must(d.T, d.sign())
		content := d.note().Content
		objectives, err := d.treatment.Objectives(d.Context(), d.file.Couple)
		must(d.T, err)
		must(d.T, d.treatment.RetireObjective(d.Context(), d.file.Couple, objectives[0].ID, now))
		if after := d.note().Content; after != content || !strings.Contains(after, "Each hears the other out") {
			d.Error("the signed note changed")
		}
	})
}

// TestAPlanThatRepeatsPrivateWordsIsNotShared: both partners read it.
func TestAPlanThatRepeatsPrivateWordsIsNotShared(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		c := d.file.Couple
		add := func(text string) {
			must(d.T, d.treatment.AddObjective(d.Context(), c,
				treatment.Objective{Goal: c.OpenGoals()[0].ID, Text: text}, rand.Text()))
		}
		share := func() error {
			objectives, err := d.treatment.Objectives(d.Context(), c)
			must(d.T, err)
			return d.notes.SharePlan(d.Context(), c, d.treatment.Draft(c, objectives).Hash(), now)
		}
		add("Each names one expense a week.")
		must(d.T, share())
		add(private)
		problems, ok := errors.AsType[fault.Fields](share())
		if !ok || !strings.Contains(problems["plan"].String(), "word for word") {
			d.Errorf("%q", problems)
		}
		if v, err := d.treatment.Newest(d.Context(), c); err != nil || len(v.Plan.Goals[0].Objectives) == 0 ||
			strings.Contains(fmt.Sprint(v.Plan), private) {
			d.Error(v, err)
		}
	})
}

// TestANoteKnowsTheHomeworkAndTheNextSession: both are loaded for the note.
func TestANoteKnowsTheHomeworkAndTheNextSession(t *testing.T) {
	eachWorld(t, func(d *noteWorld) {
		_, in, err := d.notes.Write(d.Context(), d.file, d.note())
		must(d.T, err)
		titles := []string{}
		for _, h := range in.Homework {
			titles = append(titles, h.Title)
		}
		if !slices.Contains(titles, "Feelings log") {
			d.Errorf("the homework is %q", titles)
		}
		next, err := d.calendar.Next(d.Context(), d.file.Couple.PracticeID, d.file.Couple.ID, d.file.Session.When())
		must(d.T, err)
		if in.Next == nil || !in.Next.Equal(next.StartsAt) {
			d.Errorf("the next session is %v, want %v", in.Next, next.StartsAt)
		}
		if in.Practice.Name == "" || in.Counselor.Name == "" {
			d.Errorf("written for %q by %q", in.Practice.Name, in.Counselor.Name)
		}
	})
}
