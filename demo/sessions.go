package demo

import (
	"crypto/rand"
	"maps"
	"strings"
	"time"

	"mend/calendar"
	"mend/couples"
	"mend/internal/fields"
	"mend/sessions"
)

// A Meeting is a session in a story.
type Meeting struct {
	Step       string
	Breach     int
	At         time.Time
	Minutes    int
	Individual int // minutes with each partner alone
	Pauses     int
	Record     map[string]string // of the record
}

// Hold plans, runs and ends a session, and returns it.
func (t *Seeder) Hold(m Meeting) sessions.Session {
	s := t.Plan(m)
	t.Do(func() error { return t.Stores.Sessions.Start(t.Ctx, s, m.At) })
	at := m.At.Add(20 * time.Minute)
	for range m.Pauses {
		t.turn(s, sessions.Pause, at)
		t.turn(s, sessions.Joint, at.Add(3*time.Minute))
		at = at.Add(8 * time.Minute)
	}
	if m.Individual > 0 {
		t.turn(s, sessions.AloneA, at)
		t.turn(s, sessions.AloneB, at.Add(time.Duration(m.Individual)*time.Minute))
		t.turn(s, sessions.Joint, at.Add(2*time.Duration(m.Individual)*time.Minute))
	}
	t.record(s, withBothPresent(m.Record), at)
	t.Do(func() error {
		running := s
		running.State = sessions.Running
		return t.Stores.Sessions.End(t.Ctx, running, m.At.Add(time.Duration(m.Minutes)*time.Minute))
	})
	return t.reread(s)
}

// Plan stores a planned session.
func (t *Seeder) Plan(m Meeting) sessions.Session {
	s := sessions.Session{
		PracticeID: t.Practice.ID, CoupleID: t.Couple.ID, CounselorID: t.Counselor.ID, Reader: t.Couple.Reader,
		StartsAt: m.At, Minutes: 50,
		Place: "office", Step: m.Step, FormKey: rand.Text(),
	}
	if t.Err == nil {
		s.BreachID = &t.Couple.Breaches[m.Breach].ID
	}
	t.Do(func() error {
		return t.Stores.Sessions.Plan(t.Ctx, &s,
			map[string]string{"plan": "Start with a check-in from each. Keep each part short."}, m.At.Add(-48*time.Hour))
	})
	return s
}

// repeat books a series of appointments that starts at first.
func (t *Seeder) repeat(first time.Time, how calendar.Repeat) {
	zone, err := time.LoadLocation(t.Practice.TimeZone)
	if t.Err == nil {
		t.Err = err
	}
	t.Do(func() error {
		local := first.In(zone)
		rule, err := how.Rule(local)
		if err != nil {
			return err
		}
		return t.Stores.Calendar.Repeat(t.Ctx, &calendar.Series{
			PracticeID: t.Practice.ID, CoupleID: t.Couple.ID, CounselorID: t.Counselor.ID, Reader: t.Couple.Reader,
			FirstDay: local.Format(time.DateOnly), Clock: local.Format("15:04"), Zone: zone.String(), Rule: rule,
			Minutes: 50, Place: "office", FormKey: rand.Text(),
		}, first.AddDate(0, 0, -21))
	})
}

// withBothPresent adds to a session's fields that both partners were present.
func withBothPresent(fields map[string]string) map[string]string {
	all := map[string]string{
		"attendance.A": "present", "attendance.B": "present",
		"mode.A": "in-person", "mode.B": "in-person",
	}
	maps.Copy(all, fields)
	return all
}

func (t *Seeder) turn(s sessions.Session, to sessions.Kind, at time.Time) {
	t.Do(func() error { return t.Stores.Sessions.Turn(t.Ctx, s, to, at) })
}

func (t *Seeder) record(s sessions.Session, fields map[string]string, at time.Time) {
	t.Do(func() error { return t.Stores.Sessions.SaveRecord(t.Ctx, s, fields, rand.Text(), at) })
}

// Do calls f unless an earlier call failed.
func (t *Seeder) Do(f func() error) {
	if t.Err == nil {
		t.Err = f()
	}
}

// reread loads a session again.
func (t *Seeder) reread(s sessions.Session) sessions.Session {
	t.Do(func() error {
		found, err := t.Stores.Sessions.Find(t.Ctx, t.Practice.ID, t.Counselor.ID, s.ID)
		s = found
		return err
	})
	return s
}

// note fills in the note of a session in the given format and signs it at signedAt.
func (t *Seeder) note(s sessions.Session, format, impression, plan string, signedAt time.Time) {
	fields := map[string]string{
		"risk.routine": "yes", "risk_text": "No risk concern was raised in the joint session.",
		"impression": impression, "plan_text": plan, "status_choice": "stay with this step",
		"a_reported": "a steadier week", "b_reported": "wanting to go on",
		"text.assigned":          "Between-session assignment: individual reflection for each partner.",
		"text.homework_reviewed": "Homework was reviewed with both partners.",
	}
	for i, g := range t.Couple.OpenGoals() {
		fields["progress."+g.ID] = sessions.ProgressChoices[i%2]
		fields["progress_text."+g.ID] = "Seen in how both partners spoke today."
	}
	t.Sign(s, format, signedAt, fields)
}

// Sign signs the note of a session with fields.
func (t *Seeder) Sign(s sessions.Session, format string, at time.Time, fields map[string]string) {
	in := sessions.NoteContext{Practice: t.Practice, Counselor: t.Counselor, Couple: t.Couple}
	t.Do(func() error {
		n, err := t.Stores.Sessions.FindNote(t.Ctx, s)
		if err != nil {
			return err
		}
		if err := t.Stores.Sessions.SetFormat(t.Ctx, s, n, format); err != nil {
			return err
		}
		n.Format = format
		if err := t.Stores.Sessions.SaveNote(t.Ctx, s, n, fields, rand.Text(), at); err != nil {
			return err
		}
		w, err := t.Stores.Sessions.Write(t.Ctx, s, n, in)
		if err != nil {
			return err
		}
		return t.Stores.Sessions.Sign(t.Ctx, s, in, sessions.Signing{Reviewed: true, Seen: w.Hash}, t.keepsPrivate(""), at)
	})
}

// append signs an addendum to a session's note.
func (t *Seeder) append(s sessions.Session, reason, words string, at time.Time) {
	t.Do(func() error {
		return t.Stores.Sessions.Append(t.Ctx, s, t.Counselor, reason, words, rand.Text(), t.keepsPrivate(""), at)
	})
}

// Edit saves one field of a session's unsigned note.
func (t *Seeder) Edit(s sessions.Session, field, value string, at time.Time) {
	t.Do(func() error {
		n, err := t.Stores.Sessions.FindNote(t.Ctx, s)
		if err != nil {
			return err
		}
		typed := fields.Edit{Field: field, Value: value, Key: rand.Text(), At: at}
		_, err = t.Stores.Sessions.SaveNoteField(t.Ctx, s, n, typed)
		return err
	})
}

// names are obviously invented.
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

// first returns the first word of a name.
func first(name string) string {
	part, _, _ := strings.Cut(name, " ")
	return part
}
