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
	"mend/internal/database"
	"mend/internal/fault"
)

// A StepState is where a couple is with a step. Steps open in any order, and
// going back is an ordinary move.
type StepState string

// The states of a step.
const (
	NotBegun StepState = ""
	Working  StepState = "working"
	Settled  StepState = "settled"
	Returned StepState = "returned"
	Held     StepState = "held"
)

// Label is the state in words.
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
	return "Not begun"
}

// A Standing is how a couple stands with one step.
type Standing struct {
	Step      string    `db:"step"`
	State     StepState `db:"state"`
	Reason    string    `db:"reason"`
	ChangedAt time.Time `db:"changed_at"`
}

// Standings returns the couple's standing with each step that was begun.
func (st *Store) Standings(ctx context.Context, c couples.Couple) (map[string]Standing, error) {
	var list []Standing
	err := st.db.Select(ctx, &list, `
		SELECT step, state, reason, changed_at
		FROM step_states
		WHERE practice_id = ? AND couple_id = ?`, c.PracticeID, c.ID)
	standings := map[string]Standing{}
	for _, s := range list {
		standings[s.Step] = s
	}
	return standings, err
}

// A Move is one change of a step's state.
type Move struct {
	Step    string    `db:"step"`
	State   StepState `db:"state"`
	Reason  string    `db:"reason"`
	MovedAt time.Time `db:"moved_at"`
}

// Moves returns the moves of a couple with a step, newest first.
func (st *Store) Moves(ctx context.Context, c couples.Couple, step string) ([]Move, error) {
	var list []Move
	err := st.db.Select(ctx, &list, `
		SELECT step, state, reason, moved_at
		FROM step_moves
		WHERE practice_id = ? AND couple_id = ? AND step = ?
		ORDER BY moved_at DESC, id`, c.PracticeID, c.ID, step)
	return list, err
}

// MoveStep changes the state of a step. Settling it while criteria are not met
// and putting it on hold need a line of why.
func (st *Store) MoveStep(ctx context.Context, c couples.Couple, counselor, step string, to StepState, reason string, now time.Time) error {
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
		bad["reason"] = "Say in one line why it is on hold."
	}
	if reason == "" && to == Settled && !allMet(def, c, met) {
		bad["reason"] = "Some criteria are not ticked. Say in one line why you move on."
	}
	if err := bad.Err(); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		return storeMove(ctx, tx, c.PracticeID, c.ID, counselor, Standing{step, to, reason, now})
	})
}

func storeMove(ctx context.Context, tx *database.DB, practice, couple, counselor string, s Standing) error {
	n, err := tx.Exec(ctx, `
		INSERT INTO step_states (practice_id, couple_id, step, state, reason, changed_at)
		VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (couple_id, step) DO UPDATE
		SET state = excluded.state, reason = excluded.reason, changed_at = excluded.changed_at
		WHERE step_states.state <> excluded.state OR step_states.reason <> excluded.reason`,
		practice, couple, s.Step, s.State, s.Reason, s.ChangedAt)
	if err != nil || n == 0 { // pressed twice: one move
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO step_moves (id, practice_id, couple_id, step, state, reason, counselor_id, moved_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		rand.Text(), practice, couple, s.Step, s.State, s.Reason, counselor, s.ChangedAt)
	return err
}

// workStep marks the session's step as worked on when a session begins: one
// that was settled is returned to, one on hold stays on hold.
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
	return storeMove(ctx, tx, s.PracticeID, s.CoupleID, s.CounselorID, Standing{s.Step, to, "", now})
}

// Met returns the criteria that are met, as "breach/criterion" with the breach
// empty for the couple's own.
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

// allMet tells whether every criterion of step is met: each role's in every
// breach, and the couple's.
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

// Tick stores whether a criterion is met, in the breach it belongs to or, for
// the couple's own, in none.
func (st *Store) Tick(ctx context.Context, c couples.Couple, breach, criterion string, isMet bool, now time.Time) error {
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
