package worksheets

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// Withdraw takes back an assignment that nobody has begun. One that was begun
// is fault.Locked: somebody's words are in it. Taking it back twice changes
// nothing.
func (st *Store) Withdraw(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	var there string
	err := st.db.Get(ctx, &there, `SELECT id FROM assignments WHERE practice_id = ? AND couple_id = ? AND id = ?`, c.PracticeID, c.ID, assignment)
	if err != nil {
		return fmt.Errorf("withdraw assignment %s: %w", assignment, err)
	}
	taken := audit.Event{Practice: c.PracticeID, Couple: c.ID, Action: audit.Changed, Object: "assignment", ID: assignment, Reason: "taken back"}
	n, err := audit.Exec(ctx, st.db, taken, `
		UPDATE assignments SET withdrawn_at = COALESCE(withdrawn_at, ?)
		WHERE practice_id = ? AND couple_id = ? AND id = ?
		  AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.assignment_id = assignments.id AND a.begun_at IS NOT NULL)`,
		now, c.PracticeID, c.ID, assignment)
	if err == nil && n == 0 {
		err = fault.Locked
	}
	if err != nil {
		return fmt.Errorf("withdraw assignment %s: %w", assignment, err)
	}
	return nil
}

// SetAside takes back a page that the wrong person filled in, whatever is in it:
// nobody reads it again. The worksheet is given anew.
func (st *Store) SetAside(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	var a Assignment
	err := st.db.Get(ctx, &a, `
		SELECT `+assignmentColumns+`
		FROM assignments s
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.id = ? AND s.portal AND s.withdrawn_at IS NULL`, c.PracticeID, c.ID, assignment)
	if err != nil {
		return fmt.Errorf("set aside %s: %w", assignment, err)
	}
	d, err := st.Find(ctx, c.PracticeID, a.Worksheet)
	if err != nil {
		return fmt.Errorf("set aside %s: %w", assignment, errors.Join(fault.Conflict, err))
	}
	gift := Gift{Session: deref(a.SessionID), Breach: deref(a.BreachID), FormKey: "instead of " + assignment}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		aside := audit.Event{Practice: c.PracticeID, Couple: c.ID, Side: sideOf(a.Audience), Action: audit.Changed, Object: "assignment", ID: assignment, Reason: "wrong person"}
		n, err := audit.Exec(ctx, tx, aside, `
			UPDATE assignments SET withdrawn_at = ?
			WHERE practice_id = ? AND couple_id = ? AND id = ? AND withdrawn_at IS NULL`, now, c.PracticeID, c.ID, assignment)
		if err != nil || n == 0 {
			return err
		}
		if err := st.keepWordings(ctx, tx, now); err != nil {
			return err
		}
		_, err = st.give(ctx, tx, c, d, a.Audience, gift, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("set aside %s: %w", assignment, err)
	}
	return nil
}

func deref(id *string) string {
	if id == nil {
		return ""
	}
	return *id
}
