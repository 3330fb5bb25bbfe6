package sessions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// An Event is an entry of a couple's timeline: one the counselor added, or a step's change of
// state.
type Event struct {
	ID    string // "" for a step
	Kind  string // from EventKinds, or "step"
	Day   string // as 2006-01-02
	Words string
}

// EventKinds are the kinds of events that can be added to a timeline.
var EventKinds = []struct{ ID, Label string }{
	{"disclosure", "Disclosure"},
	{"setback", "Setback"},
	{"other", "Something else"},
}

// Label returns the name of the event's kind.
func (e Event) Label() string {
	for _, k := range EventKinds {
		if k.ID == e.Kind {
			return k.Label
		}
	}
	return "Step"
}

func (e Event) validate(now time.Time) error {
	bad := fault.Fields{}
	bad.Length("words", e.Words, 0, 200)
	if !slices.ContainsFunc(EventKinds, func(k struct{ ID, Label string }) bool { return k.ID == e.Kind }) {
		bad["kind"] = "Choose a type."
	}
	day, err := time.Parse(time.DateOnly, e.Day)
	if err != nil || day.After(now.AddDate(0, 0, 1)) {
		bad["day"] = "Choose today or an earlier date."
	} else if day.Year() < 1900 {
		bad["day"] = "Check the year."
	}
	return bad.Err()
}

// MarkEvent adds an event to the couple's timeline. Repeating a form key changes nothing.
func (st *Store) MarkEvent(ctx context.Context, c couples.Couple, e Event, formKey string, now time.Time) error {
	e.Words = strings.TrimSpace(e.Words)
	if err := e.validate(now); err != nil {
		return err
	}
	_, err := st.insertEvent(ctx, st.db, c, e, formKey)
	if errors.Is(err, fault.Conflict) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("event of couple %s: %w", c.ID, err)
	}
	return nil
}

// insertEvent stores an event and returns its id. For a form key that was used already it returns
// fault.Conflict.
func (st *Store) insertEvent(ctx context.Context, db *database.DB, c couples.Couple, e Event, formKey string) (
	id string, err error,
) {
	box, err := st.box(ctx, db, c.Reader, c.ID, vault.JointRecord, vault.Kept)
	if err != nil {
		return "", err
	}
	id = rand.Text()
	row := box.Row("events", id)
	sealed := row.Seal("words", e.Kind+"\n"+e.Words)
	if row.Err() != nil {
		return "", row.Err()
	}
	marked := audit.Event{Practice: c.PracticeID, Couple: c.ID, Action: audit.Created, Object: "event", ID: id}
	_, err = audit.Exec(ctx, db, marked, `
		INSERT INTO events (id, practice_id, couple_id, day, words, form_key)
		VALUES (?, ?, ?, ?, ?, ?)`, id, c.PracticeID, c.ID, e.Day, sealed, formKey)
	return id, err
}

// RemoveEvent removes an event from the timeline.
func (st *Store) RemoveEvent(ctx context.Context, c couples.Couple, id string, now time.Time) error {
	removed := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Action: audit.Changed, Object: "event",
		ID: id, Reason: "removed",
	}
	_, err := audit.Exec(ctx, st.db, removed,
		`UPDATE events SET removed_at = ? WHERE practice_id = ? AND couple_id = ? AND id = ? AND removed_at IS NULL`,
		now, c.PracticeID, c.ID, id)
	return err
}

// Events returns the couple's timeline from a day on, oldest first: the counselor's entries and the
// changes of steps.
func (st *Store) Events(ctx context.Context, c couples.Couple, from time.Time) ([]Event, error) {
	marked, err := st.markedEvents(ctx, c, from)
	if err != nil {
		return nil, fmt.Errorf("events of couple %s: %w", c.ID, err)
	}
	moves, err := st.stepEvents(ctx, c, from)
	if err != nil {
		return nil, fmt.Errorf("moves of couple %s: %w", c.ID, err)
	}
	list := slices.Concat(marked, moves)
	slices.SortStableFunc(list, func(a, b Event) int { return strings.Compare(a.Day, b.Day) })
	return list, nil
}

// markedEvents returns the entries that the counselor added.
func (st *Store) markedEvents(ctx context.Context, c couples.Couple, from time.Time) ([]Event, error) {
	var rows []struct {
		ID    string `db:"id"`
		Day   string `db:"day"`
		Words []byte `db:"words"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, day, words
		FROM events
		WHERE practice_id = ? AND couple_id = ? AND day >= ? AND removed_at IS NULL
		ORDER BY day, id`, c.PracticeID, c.ID, from.Format(time.DateOnly))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.box(ctx, st.db, c.Reader, c.ID, vault.JointRecord, vault.Kept)
	if err != nil {
		return nil, err
	}
	list := make([]Event, len(rows))
	for i, r := range rows {
		row := box.Row("events", r.ID)
		kind, words, _ := strings.Cut(row.Read("words", r.Words), "\n")
		if row.Err() != nil {
			return nil, row.Err()
		}
		list[i] = Event{ID: r.ID, Kind: kind, Day: r.Day, Words: words}
	}
	return list, nil
}

// stepEvents returns the changes of steps, dated in UTC.
func (st *Store) stepEvents(ctx context.Context, c couples.Couple, from time.Time) ([]Event, error) {
	var rows []struct {
		MovedAt time.Time `db:"moved_at"`
		Step    string    `db:"step"`
		State   StepState `db:"state"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT moved_at, step, state
		FROM step_moves
		WHERE practice_id = ? AND couple_id = ? AND moved_at >= ?
		ORDER BY moved_at, id`, c.PracticeID, c.ID, from)
	list := make([]Event, len(rows))
	for i, r := range rows {
		step, _ := st.method.Step(r.Step)
		list[i] = Event{
			Kind: "step", Day: r.MovedAt.UTC().Format(time.DateOnly),
			Words: step.Title + ": " + strings.ToLower(r.State.Label()),
		}
	}
	return list, err
}
