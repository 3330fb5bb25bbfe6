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

// A Setback is a relapse or a new disclosure during the work.
type Setback struct {
	Event          // a disclosure or a setback
	Steps []string // settled steps to return to
}

func (s Setback) validate(now time.Time) error {
	if s.Kind != "disclosure" && s.Kind != "setback" {
		s.Kind = "" // not a valid kind of event
	}
	return s.Event.validate(now)
}

// MarkSetback adds a setback to the couple's timeline, returns to steps, pauses sharing and runs
// ask, which requests the private conversations again, all in one transaction. Repeating a form key
// changes nothing.
func (st *Store) MarkSetback(ctx context.Context, c couples.Couple, s Setback, formKey string,
	ask func(context.Context, *database.DB) error, now time.Time,
) error {
	s.Words = strings.TrimSpace(s.Words)
	if err := s.validate(now); err != nil {
		return err
	}
	pressedTwice := false
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		id, err := st.insertEvent(ctx, tx, c, s.Event, formKey)
		if err != nil {
			pressedTwice = errors.Is(err, fault.Conflict)
			return err
		}
		if err := st.returnToSteps(ctx, tx, c, s, now); err != nil {
			return err
		}
		err = couples.PauseSharing(ctx, tx, st.vault, c,
			couples.Setback{ID: rand.Text(), EventID: id, MarkedAt: now, FormKey: formKey})
		if err != nil {
			return err
		}
		return ask(ctx, tx)
	})
	if pressedTwice {
		return nil
	}
	if err != nil {
		return fmt.Errorf("setback of couple %s: %w", c.ID, err)
	}
	return nil
}

// returnToSteps marks the settled steps of s as returned to.
func (st *Store) returnToSteps(ctx context.Context, tx *database.DB, c couples.Couple, s Setback, now time.Time) error {
	var settled []string
	err := tx.Select(ctx, &settled, `
		SELECT step FROM step_states
		WHERE practice_id = ? AND couple_id = ? AND state = ?
		ORDER BY step`, c.PracticeID, c.ID, Settled)
	if err != nil {
		return err
	}
	for _, step := range settled {
		if !slices.Contains(s.Steps, step) {
			continue
		}
		move := Standing{Step: step, State: Returned, Reason: s.Label() + " on " + s.Day, ChangedAt: now}
		if err := st.storeMove(ctx, tx, c.Reader, c.ID, c.CounselorID, move); err != nil {
			return err
		}
	}
	return nil
}
