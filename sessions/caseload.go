package sessions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/internal/database"
)

// A CaseloadState is a couple's state in the list of couples.
type CaseloadState struct {
	Next     *time.Time // the next planned appointment, nil if there is none
	Running  bool       // a session is in progress
	Unsigned int        // unsigned notes in the joint record
	Step     string     // id of the step worked on last, "" if none
}

// stillNext is how long after its start an appointment that was not begun is still the next one.
const stillNext = 4 * time.Hour

// CaseloadStates returns the states of couples by id, as of now.
func (st *Store) CaseloadStates(ctx context.Context, practice string, ids []string, now time.Time) (
	map[string]CaseloadState, error,
) {
	states := make(map[string]CaseloadState, len(ids))
	for some := range slices.Chunk(ids, 256) {
		err := errors.Join(st.caseloadSessions(ctx, practice, some, states),
			st.caseloadNotes(ctx, practice, some, states), st.caseloadSteps(ctx, practice, some, states))
		if err != nil {
			return nil, fmt.Errorf("caseload: %w", err)
		}
	}
	next, err := st.calendar.NextOf(ctx, practice, ids, now.Add(-stillNext))
	if err != nil {
		return nil, fmt.Errorf("caseload: %w", err)
	}
	for id, at := range next {
		s := states[id]
		s.Next = &at
		states[id] = s
	}
	return states, nil
}

// caseloadSessions adds running sessions and unsigned notes to states.
func (st *Store) caseloadSessions(ctx context.Context, practice string, ids []string,
	states map[string]CaseloadState,
) error {
	var rows []struct {
		Couple string `db:"couple_id"`
		State  State  `db:"state"`
	}
	marks, couples := database.In(ids)
	err := st.db.Select(ctx, &rows, `
		SELECT couple_id, state
		FROM sessions
		WHERE practice_id = ? AND couple_id IN (`+marks+`) AND (state = 'running' OR (state = 'ended' AND NOT signed))`,
		append([]any{practice}, couples...)...)
	for _, r := range rows {
		s := states[r.Couple]
		if r.State == Running {
			s.Running = true
		} else {
			s.Unsigned++
		}
		states[r.Couple] = s
	}
	return err
}

// caseloadNotes adds unsigned joint notes without a session. Notes in individual files are never
// counted here.
func (st *Store) caseloadNotes(ctx context.Context, practice string, ids []string,
	states map[string]CaseloadState,
) error {
	var waiting []string
	marks, couples := database.In(ids)
	err := st.db.Select(ctx, &waiting, `
		SELECT couple_id
		FROM notes
		WHERE practice_id = ? AND couple_id IN (`+marks+`) AND side = '' AND session_id IS NULL AND signed_at IS NULL`,
		append([]any{practice}, couples...)...)
	for _, couple := range waiting {
		s := states[couple]
		s.Unsigned++
		states[couple] = s
	}
	return err
}

// caseloadSteps adds the step worked on last to states.
func (st *Store) caseloadSteps(ctx context.Context, practice string, ids []string,
	states map[string]CaseloadState,
) error {
	var rows []struct {
		Couple string `db:"couple_id"`
		Step   string `db:"step"`
	}
	marks, couples := database.In(ids)
	err := st.db.Select(ctx, &rows, `
		SELECT couple_id, step
		FROM step_states
		WHERE practice_id = ? AND couple_id IN (`+marks+`) AND state IN ('working', 'returned')
		ORDER BY changed_at, step`, append([]any{practice}, couples...)...)
	for _, r := range rows {
		s := states[r.Couple]
		s.Step = r.Step
		states[r.Couple] = s
	}
	return err
}
