package sessions

import (
	"bytes"
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

// A StepState is a couple's state in a step. Steps can be opened in any order, and returning to one
// is ordinary.
type StepState string

// The states of a step.
const (
	NotBegun StepState = ""
	Working  StepState = "working"
	Settled  StepState = "settled"
	Returned StepState = "returned"
	Held     StepState = "held"
)

// Label returns the name of the state.
func (s StepState) Label() string {
	switch s {
	case Working:
		return "Working"
	case Settled:
		return "Settled"
	case Returned:
		return "Returned to"
	case Held:
		return "On hold"
	}
	return "Not started"
}

// A Standing is a couple's current state in one step.
type Standing struct {
	Step      string    `db:"step"`
	State     StepState `db:"state"`
	Reason    string    `db:"-"`
	ChangedAt time.Time `db:"changed_at"`
}

// Standings returns the couple's standing in each step that was begun.
func (st *Store) Standings(ctx context.Context, c couples.Couple) (map[string]Standing, error) {
	var rows []struct {
		Standing
		Sealed []byte `db:"reason"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT step, state, reason, changed_at
		FROM step_states
		WHERE practice_id = ? AND couple_id = ?`, c.PracticeID, c.ID)
	if err != nil {
		return nil, err
	}
	box, err := st.box(ctx, st.db, c.Reader, c.ID, vault.JointRecord, vault.Kept)
	if err != nil {
		return nil, err
	}
	standings := map[string]Standing{}
	for _, r := range rows {
		row := box.Row("step_states", c.ID+"/"+r.Step)
		r.Reason = row.Read("reason", r.Sealed)
		if err := row.Err(); err != nil {
			return nil, err
		}
		standings[r.Step] = r.Standing
	}
	return standings, nil
}

// A Move is a change of a step's state.
type Move struct {
	Step    string    `db:"step"`
	State   StepState `db:"state"`
	Reason  string    `db:"-"`
	MovedAt time.Time `db:"moved_at"`
}

// Moves returns a couple's moves in a step, newest first.
func (st *Store) Moves(ctx context.Context, c couples.Couple, step string) ([]Move, error) {
	var rows []struct {
		Move
		ID     string `db:"id"`
		Sealed []byte `db:"reason"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, step, state, reason, moved_at
		FROM step_moves
		WHERE practice_id = ? AND couple_id = ? AND step = ?
		ORDER BY moved_at DESC, id`, c.PracticeID, c.ID, step)
	if err != nil {
		return nil, err
	}
	box, err := st.box(ctx, st.db, c.Reader, c.ID, vault.JointRecord, vault.Kept)
	if err != nil {
		return nil, err
	}
	list := make([]Move, len(rows))
	for i, r := range rows {
		row := box.Row("step_moves", r.ID)
		r.Reason = row.Read("reason", r.Sealed)
		if err := row.Err(); err != nil {
			return nil, err
		}
		list[i] = r.Move
	}
	return list, nil
}

// MoveStep changes the state of a step. Settling it with unmet criteria and putting it on hold
// require a reason.
func (st *Store) MoveStep(ctx context.Context, c couples.Couple, counselor, step string, to StepState,
	reason string, now time.Time,
) error {
	def, ok := st.method.Step(step)
	if !ok {
		return fault.NotFound
	}
	if !slices.Contains([]StepState{Working, Settled, Returned, Held}, to) {
		return fault.Malformed
	}
	met, err := st.Met(ctx, c)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	bad := fault.Fields{}
	bad.Length("reason", reason, 0, 280)
	if reason == "" && to == Held {
		bad["reason"] = "Enter a brief reason for putting this step on hold."
	}
	if reason == "" && to == Settled && !allMet(def, c, met) {
		bad["reason"] = "Some readiness criteria aren’t met. Add a brief reason for moving on."
	}
	if err := bad.Err(); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if def.Number > 0 && to == Working {
			if err := couples.CheckHold(ctx, tx, st.vault, c.PracticeID, c.ID); err != nil {
				return err
			}
		}
		return st.storeMove(ctx, tx, c.Reader, c.ID, counselor, Standing{step, to, reason, now})
	})
}

// storeMove stores a move of a step. Repeating it changes nothing.
func (st *Store) storeMove(ctx context.Context, tx *database.DB, reader vault.Actor, couple,
	counselor string, s Standing,
) error {
	box, err := st.box(ctx, tx, reader, couple, vault.JointRecord, vault.Kept)
	if err != nil {
		return err
	}
	state, id := box.Row("step_states", couple+"/"+s.Step), rand.Text()
	move := box.Row("step_moves", id)
	stateReason, moveReason := state.Seal("reason", s.Reason), move.Seal("reason", s.Reason)
	if err := errors.Join(state.Err(), move.Err()); err != nil {
		return err
	}
	// The row is locked before it is compared, so that concurrent identical requests make one move.
	var was struct {
		State  StepState `db:"state"`
		Sealed []byte    `db:"reason"`
	}
	err = tx.Get(ctx, &was, `
		INSERT INTO step_states (practice_id, couple_id, step, state, reason, changed_at)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (couple_id, step) DO UPDATE SET step = excluded.step
		RETURNING state, reason`, reader.Practice(), couple, s.Step, s.State, stateReason, s.ChangedAt)
	if err != nil {
		return err
	}
	isNew := bytes.Equal(was.Sealed, stateReason)
	if !isNew && was.State == s.State && state.Read("reason", was.Sealed) == s.Reason {
		return state.Err()
	}
	moved := audit.Event{
		Practice: reader.Practice(), Couple: couple, Action: audit.Changed, Object: "step", ID: s.Step,
		Reason: string(s.State),
	}
	if err := audit.Record(ctx, tx, moved); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE step_states SET state = ?, reason = ?, changed_at = ?
		WHERE practice_id = ? AND couple_id = ? AND step = ?`,
		s.State, stateReason, s.ChangedAt, reader.Practice(), couple, s.Step)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO step_moves (id, practice_id, couple_id, step, state, reason, counselor_id, moved_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, reader.Practice(), couple, s.Step, s.State, moveReason, counselor, s.ChangedAt)
	return err
}

// workStep marks the step of a session that begins as being worked on. A settled step is returned
// to; a step on hold stays so.
func (st *Store) workStep(ctx context.Context, tx *database.DB, s Session, now time.Time) error {
	var was StepState
	err := tx.Get(ctx, &was, `SELECT state FROM step_states WHERE practice_id = ? AND couple_id = ? AND step = ?`,
		s.PracticeID, s.CoupleID, s.Step)
	to := Working
	switch {
	case errors.Is(err, fault.NotFound):
	case err != nil:
		return err
	case was == Settled:
		to = Returned
	default:
		return nil
	}
	return st.storeMove(ctx, tx, s.Reader, s.CoupleID, s.CounselorID, Standing{s.Step, to, "", now})
}

// Met returns the criteria that are met, as "breach/criterion", with an empty breach for the
// couple's own.
func (st *Store) Met(ctx context.Context, c couples.Couple) (map[string]bool, error) {
	return met(ctx, st.db, c)
}

func met(ctx context.Context, db *database.DB, c couples.Couple) (map[string]bool, error) {
	var list []struct {
		Breach    string `db:"breach_id"`
		Criterion string `db:"criterion"`
	}
	err := db.Select(ctx, &list, `
		SELECT breach_id, criterion
		FROM criteria_met
		WHERE practice_id = ? AND couple_id = ?`, c.PracticeID, c.ID)
	met := map[string]bool{}
	for _, m := range list {
		met[m.Breach+"/"+m.Criterion] = true
	}
	return met, err
}

// allMet reports whether every criterion of step is met: each role's in every breach, and the
// couple's.
func allMet(step Step, c couples.Couple, met map[string]bool) bool {
	for _, criterion := range step.Readiness.Couple {
		if !met["/"+criterion.ID] {
			return false
		}
	}
	for _, b := range c.Breaches {
		for _, criterion := range slices.Concat(step.Readiness.Hurt, step.Readiness.Broke) {
			if !met[b.ID+"/"+criterion.ID] {
				return false
			}
		}
	}
	return true
}

// Tick stores whether a criterion is met, in its breach or, for the couple's own, with an empty
// breach.
func (st *Store) Tick(ctx context.Context, c couples.Couple, breach, criterion string,
	isMet bool, now time.Time,
) error {
	if !st.isCriterion(c, breach, criterion) {
		return fault.NotFound
	}
	var err error
	if isMet {
		_, err = st.db.Exec(ctx, `
			INSERT INTO criteria_met (practice_id, couple_id, breach_id, criterion, met_at)
			VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, c.PracticeID, c.ID, breach, criterion, now)
	} else {
		_, err = st.db.Exec(ctx, `
			DELETE FROM criteria_met
			WHERE practice_id = ? AND couple_id = ? AND breach_id = ? AND criterion = ?`, c.PracticeID, c.ID, breach, criterion)
	}
	if err != nil {
		return fmt.Errorf("criterion %s of couple %s: %w", criterion, c.ID, err)
	}
	return nil
}

func (st *Store) isCriterion(c couples.Couple, breach, criterion string) bool {
	is := func(x Criterion) bool { return x.ID == criterion }
	known := func(b couples.Breach) bool { return b.ID == breach }
	for _, step := range st.method.Steps {
		if slices.ContainsFunc(step.Readiness.Couple, is) {
			return breach == ""
		}
		if slices.ContainsFunc(slices.Concat(step.Readiness.Hurt, step.Readiness.Broke), is) {
			return slices.ContainsFunc(c.Breaches, known)
		}
	}
	return false
}
