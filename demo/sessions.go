package demo

import (
	"context"
	"crypto/rand"
	"maps"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fields"
	"mend/sessions"
)

// A meeting is a session as the stories tell it.
type meeting struct {
	step    string
	breach  int
	at      time.Time
	minutes int
	apart   int // minutes with each partner alone
	pauses  int
	fields  map[string]string // of the record
}

// hold plans, runs and ends a session and returns it.
func (t *seeder) hold(m meeting) sessions.Session {
	s := t.plan(m)
	t.do(func() error { return t.st.Sessions.Start(t.ctx, s, m.at) })
	at := m.at.Add(20 * time.Minute)
	for range m.pauses {
		t.turn(s, sessions.Pause, at)
		t.turn(s, sessions.Joint, at.Add(3*time.Minute))
		at = at.Add(8 * time.Minute)
	}
	if m.apart > 0 {
		t.turn(s, sessions.AloneA, at)
		t.turn(s, sessions.AloneB, at.Add(time.Duration(m.apart)*time.Minute))
		t.turn(s, sessions.Joint, at.Add(2*time.Duration(m.apart)*time.Minute))
	}
	t.record(s, here(m.fields), at)
	t.do(func() error {
		running := s
		running.State = sessions.Running
		return t.st.Sessions.End(t.ctx, running, m.at.Add(time.Duration(m.minutes)*time.Minute))
	})
	return t.again(s)
}

// plan stores a planned session.
func (t *seeder) plan(m meeting) sessions.Session {
	s := sessions.Session{
		PracticeID: t.practice.ID, CoupleID: t.couple.ID, CounselorID: t.counselor.ID, Reader: t.couple.Reader,
		StartsAt: m.at, Minutes: 50,
		Place: "office", Step: m.step, FormKey: rand.Text(),
	}
	if t.err == nil {
		s.BreachID = &t.couple.Breaches[m.breach].ID
	}
	t.do(func() error {
		return t.st.Sessions.Plan(t.ctx, &s,
			map[string]string{"plan": "Begin with how each comes in. Keep the portions small."}, m.at.Add(-48*time.Hour))
	})
	return s
}

// here adds that both were present to what was recorded.
func here(fields map[string]string) map[string]string {
	all := map[string]string{
		"attendance.A": "present", "attendance.B": "present",
		"mode.A": "in-person", "mode.B": "in-person",
	}
	maps.Copy(all, fields)
	return all
}

func (t *seeder) turn(s sessions.Session, to sessions.Kind, at time.Time) {
	t.do(func() error { return t.st.Sessions.Turn(t.ctx, s, to, at) })
}

func (t *seeder) record(s sessions.Session, fields map[string]string, at time.Time) {
	t.do(func() error { return t.st.Sessions.SaveRecord(t.ctx, s, fields, rand.Text(), at) })
}

func (t *seeder) do(f func() error) {
	if t.err == nil {
		t.err = f()
	}
}

// again reads a session once more.
func (t *seeder) again(s sessions.Session) sessions.Session {
	t.do(func() error {
		found, err := t.st.Sessions.Find(t.ctx, t.practice.ID, t.counselor.ID, s.ID)
		s = found
		return err
	})
	return s
}

// note fills the note of a session in a format and signs it at a time.
func (t *seeder) note(s sessions.Session, format, impression, plan string, signedAt time.Time) {
	fields := map[string]string{
		"risk.routine": "yes", "risk_text": "No risk concern was raised in the joint session.",
		"impression": impression, "plan_text": plan, "status_choice": "stay with this step",
		"a_reported": "a steadier week", "b_reported": "wanting to go on",
		"text.assigned":          "Between-session assignment: what was given stays with each.",
		"text.homework_reviewed": "Homework was gone through with both.",
	}
	for i, g := range t.couple.OpenGoals() {
		fields["progress."+g.ID] = sessions.ProgressChoices[i%2]
		fields["progress_text."+g.ID] = "Seen in how both spoke today."
	}
	t.sign(s, format, signedAt, fields)
}

// sign signs the note of a session with fields.
func (t *seeder) sign(s sessions.Session, format string, at time.Time, fields map[string]string) {
	in := sessions.NoteContext{Practice: t.practice, Counselor: t.counselor, Couple: t.couple}
	t.do(func() error {
		n, err := t.st.Sessions.FindNote(t.ctx, s)
		if err != nil {
			return err
		}
		if err := t.st.Sessions.SetFormat(t.ctx, s, n, format); err != nil {
			return err
		}
		n.Format = format
		if err := t.st.Sessions.SaveNote(t.ctx, s, n, fields, rand.Text(), at); err != nil {
			return err
		}
		w, err := t.st.Sessions.Write(t.ctx, s, n, in)
		if err != nil {
			return err
		}
		return t.st.Sessions.Sign(t.ctx, s, in, sessions.Signing{Reviewed: true, Seen: w.Hash}, t.keepsPrivate, at)
	})
}

// keepsPrivate holds the notes of the demo to the rule of every note.
func (t *seeder) keepsPrivate(ctx context.Context, tx *database.DB, texts map[string]string) error {
	return t.st.Worksheets.CheckJoint(ctx, tx, t.couple, texts)
}

// append signs an addendum to a session's note.
func (t *seeder) append(s sessions.Session, reason, words string, at time.Time) {
	t.do(func() error {
		return t.st.Sessions.Append(t.ctx, s, t.counselor, reason, words, rand.Text(), t.keepsPrivate, at)
	})
}

// edit keeps one field of a session's unsigned note.
func (t *seeder) edit(s sessions.Session, field, value string, at time.Time) {
	t.do(func() error {
		n, err := t.st.Sessions.FindNote(t.ctx, s)
		if err != nil {
			return err
		}
		_, err = t.st.Sessions.SaveNoteField(t.ctx, s, n, fields.Edit{Field: field, Value: value, Key: rand.Text(), At: at})
		return err
	})
}

// names are plainly invented.
var names = [][2]string{
	{"Robin Ashgrove", "Sasha Birchwood"},
	{"Kit Larkspur", "Noor Meadowsweet"},
	{"Alex Fernhill", "Jules Thistledown"},
	{"Morgan Quillby", "Tay Cloverly"},
	{"Ari Pebblebrook", "Sam Willowmere"},
	{"Remy Foxglove", "Bo Hazelnutt"},
	{"Quinn Mossbank", "Lee Applegarth"},
	{"Drew Candlewick", "Jo Teasel"},
}

// couple returns the partners of the i-th couple.
func couple(i int) [2]couples.Partner {
	var two [2]couples.Partner
	for n, name := range names[i%len(names)] {
		two[n] = couples.Partner{Name: name, AddressAs: first(name)}
	}
	return two
}

// first is the first part of a name.
func first(name string) string {
	part, _, _ := strings.Cut(name, " ")
	return part
}
