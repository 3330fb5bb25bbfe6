package sessions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mend/calendar"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
)

// A ContactMode is a way of being in contact.
type ContactMode struct{ ID, Name string }

// ContactModes are the modes that a note without a session can have.
var ContactModes = []ContactMode{
	{"in-person", "In person"},
	{"phone", "Phone"},
	{"video", "Video"},
	{"email", "Email"},
	{"message", "Message"},
	{"letter", "Letter"},
	{"none", "No contact"},
}

// modeName returns the name of a mode, or "".
func modeName(id string) string {
	i := slices.IndexFunc(ContactModes, func(m ContactMode) bool { return m.ID == id })
	if i < 0 {
		return ""
	}
	return ContactModes[i].Name
}

// StandaloneLimits lists the fields of a note without a session with their maximum lengths in
// characters. Dates and times are validated only when the note is signed and are stored as typed
// until then. The text of a long form fits into one note.
var StandaloneLimits = map[string]int{
	"day": 40, "time": 40, "with": 200, "how": 40, "minutes": 40, "what": 160000, "plan": 20000,
}

func checkStandaloneField(field, value string) error {
	limit, ok := StandaloneLimits[field]
	if !ok {
		return fmt.Errorf("note field: %w", fault.Malformed)
	}
	problem := tooLong(value, limit)
	if field == "how" && problem == "" {
		problem = notOnList(value == "" || modeName(value) != "")
	}
	if problem != "" {
		return fault.Fields{field: problem}
	}
	return nil
}

// AddStandaloneCopies adds to saved, the fields of the unsigned note n, the conflicting copies that
// author may restore or dismiss.
func (st *Store) AddStandaloneCopies(ctx context.Context, n StandaloneNote, author string,
	saved map[string]fields.Field,
) error {
	p, err := st.noteFieldSet(ctx, st.db, n.Filing, n.Note)
	if err != nil {
		return err
	}
	return fields.AddCopies(ctx, st.db, p, author, saved)
}

// SaveStandaloneField stores one field of an unsigned note without a session. zone is the
// practice's.
func (st *Store) SaveStandaloneField(ctx context.Context, n StandaloneNote, e fields.Edit, zone *time.Location) (
	fields.Field, error,
) {
	if err := checkStandaloneField(e.Field, e.Value); err != nil {
		return fields.Field{}, err
	}
	p, err := st.noteFieldSet(ctx, st.db, n.Filing, n.Note)
	if err != nil {
		return fields.Field{}, err
	}
	saved, err := fields.InTx(ctx, st.db, p, e, func(ctx context.Context, tx *database.DB) error {
		return guardDraft(ctx, tx, n.PracticeID, n.Note)
	})
	if err == nil && (e.Field == "day" || e.Field == "time") {
		err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return st.date(ctx, tx, n, zone) })
	}
	return saved, err
}

// SaveStandalone stores the whole submitted form of an unsigned note without a session.
func (st *Store) SaveStandalone(ctx context.Context, n StandaloneNote, values map[string]string, key string,
	zone *time.Location, now time.Time,
) error {
	bad := fault.Fields{}
	for field, value := range values {
		if err := bad.And(checkStandaloneField(field, value)); errors.Is(err, fault.Malformed) {
			return err
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := guardDraft(ctx, tx, n.PracticeID, n.Note); err != nil {
			return err
		}
		p, err := st.noteFieldSet(ctx, tx, n.Filing, n.Note)
		if err != nil {
			return err
		}
		if err := fields.Replace(ctx, tx, p, key, now, values); err != nil {
			return err
		}
		return st.date(ctx, tx, n, zone)
	})
}

// date updates the date by which lists sort the unsigned note n, from its day and time fields.
func (st *Store) date(ctx context.Context, tx *database.DB, n StandaloneNote, zone *time.Location) error {
	p, err := st.noteFieldSet(ctx, tx, n.Filing, n.Note)
	if err != nil {
		return err
	}
	saved, err := fields.Some(ctx, tx, p, []string{"day", "time"})
	if err != nil {
		return err
	}
	at, problem := happened(fields.Values(saved), zone)
	if problem != nil {
		return nil // incomplete input: keep the previous date
	}
	_, err = tx.Exec(ctx, `UPDATE notes SET happened_at = ? WHERE practice_id = ? AND id = ? AND signed_at IS NULL`,
		at, n.PracticeID, n.ID)
	return err
}

// happened parses the day and the optional time of a note.
func happened(values map[string]string, zone *time.Location) (time.Time, error) {
	day, err := time.ParseInLocation(time.DateOnly, values["day"], zone)
	if err != nil {
		return day, fault.Fields{"day": "Enter the date."}
	}
	if values["time"] == "" {
		return day, nil
	}
	at, err := calendar.LocalTime(values["day"], values["time"], calendar.FirstOccurrence, zone)
	if err != nil {
		return day, fault.Fields{"time": "Enter a time, such as 4:00 PM."}
	}
	return at, nil
}

// standaloneProblems returns what is left to do before a note of that kind with values can be
// signed, by field.
func standaloneProblems(kind NoteKind, values map[string]string, zone *time.Location, now time.Time) fault.Fields {
	bad := fault.Fields{}
	at, err := happened(values, zone)
	bad.Add(err)
	if err == nil && at.After(now) {
		bad["day"] = "This is in the future. Check the date and time."
	}
	if info, _ := kind.Info(); info.NeedsWith && strings.TrimSpace(values["with"]) == "" {
		bad["with"] = "Enter who it was with."
	}
	if minutes, err := strconv.Atoi(values["minutes"]); values["minutes"] != "" &&
		(err != nil || minutes < 1 || minutes > 720) {
		bad["minutes"] = "Enter the length in minutes (1 to 720), or leave it empty."
	}
	if strings.TrimSpace(values["what"]) == "" {
		bad["what"] = "Describe what happened."
	}
	return bad
}
