package worksheets

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// Withdraw withdraws an assignment that nobody has begun. If it was begun, it returns fault.Locked,
// since it contains somebody's words. Repeating it changes nothing.
func (st *Store) Withdraw(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	taken := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Action: audit.Changed, Object: "assignment",
		ID: assignment, Reason: "taken back",
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := lockAssignment(ctx, tx, c, assignment); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx, taken, `
			UPDATE assignments SET withdrawn_at = COALESCE(withdrawn_at, ?)
			WHERE practice_id = ? AND couple_id = ? AND id = ?
			  AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.assignment_id = assignments.id AND a.begun_at IS NOT NULL)`,
			now, c.PracticeID, c.ID, assignment)
		if err == nil && n == 0 {
			err = fault.Locked
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("withdraw assignment %s: %w", assignment, err)
	}
	return nil
}

// SetAside withdraws a page that the wrong person filled in, whatever its contents: nobody reads it
// again. In the same transaction, it assigns the worksheet again and resets the sign-in that was
// used, which then opens nothing any more. Repeating it changes nothing.
func (st *Store) SetAside(ctx context.Context, people *accounts.Store, c couples.Couple,
	assignment string, now time.Time,
) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		a, err := lockPage(ctx, tx, c, assignment)
		if err != nil {
			return err
		}
		if a.WithdrawnAt != nil {
			return wasSetAside(ctx, tx, c, assignment)
		}
		if err := st.reassign(ctx, tx, c, a, now); err != nil {
			return err
		}
		return resetSignIns(ctx, tx, people, c, a.Audience, now)
	})
	if err != nil {
		return fmt.Errorf("set aside %s: %w", assignment, err)
	}
	return nil
}

// lockAssignment locks the row of an assignment until the end of the transaction, so that nobody
// begins it meanwhile.
func lockAssignment(ctx context.Context, tx *database.DB, c couples.Couple, assignment string) error {
	n, err := tx.Exec(ctx, `UPDATE assignments SET id = id WHERE practice_id = ? AND couple_id = ? AND id = ?`,
		c.PracticeID, c.ID, assignment)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// lockPage locks a portal page until the end of the transaction and returns it.
func lockPage(ctx context.Context, tx *database.DB, c couples.Couple, assignment string) (a Assignment, err error) {
	if err := lockAssignment(ctx, tx, c, assignment); err != nil {
		return a, err
	}
	err = tx.Get(ctx, &a, `
		SELECT `+assignmentColumns+` FROM assignments s WHERE s.practice_id = ? AND s.id = ? AND s.portal`,
		c.PracticeID, assignment)
	return a, err
}

// reassignKey returns the form key of the assignment that replaces another.
func reassignKey(assignment string) string { return "instead of " + assignment }

// wasSetAside returns nil if another page replaced this one, and fault.NotFound if it was only
// withdrawn.
func wasSetAside(ctx context.Context, tx *database.DB, c couples.Couple, assignment string) error {
	var anew string
	return tx.Get(ctx, &anew, `SELECT id FROM assignments WHERE practice_id = ? AND couple_id = ? AND form_key = ?`,
		c.PracticeID, c.ID, reassignKey(assignment))
}

// reassign withdraws a and assigns its worksheet again.
func (st *Store) reassign(ctx context.Context, tx *database.DB, c couples.Couple,
	a Assignment, now time.Time,
) error {
	d, err := st.find(ctx, tx, c.PracticeID, a.Worksheet)
	if err == nil && d.checkPartnerPage("worksheet") != nil {
		err = fault.NotFound
	}
	if err != nil {
		return errors.Join(fault.Conflict, err)
	}
	aside := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: sideOf(a.Audience), Action: audit.Changed,
		Object: "assignment", ID: a.ID, Reason: "wrong person",
	}
	if _, err := audit.Exec(ctx, tx, aside, `UPDATE assignments SET withdrawn_at = ? WHERE practice_id = ? AND id = ?`,
		now, c.PracticeID, a.ID); err != nil {
		return err
	}
	if err := st.keepWordings(ctx, tx, now); err != nil {
		return err
	}
	same := AssignRequest{
		Session: deref(a.SessionID), Breach: deref(a.BreachID), FormKey: reassignKey(a.ID),
		Delivery: Delivery{ForSession: a.ForSession}, ReadBy: deref(a.ReadBy),
	}
	_, err = st.give(ctx, tx, c, d, a.Audience, same, now)
	return err
}

// resetSignIns resets the sign-ins of the partners who were assigned a page.
func resetSignIns(ctx context.Context, tx *database.DB, people *accounts.Store, c couples.Couple,
	to Audience, now time.Time,
) error {
	for _, p := range c.Partners {
		if to != Audience(p.Side) {
			continue
		}
		if err := people.ResetSignIn(ctx, tx, c.PracticeID, p.ID, now); err != nil {
			return err
		}
	}
	return nil
}

func deref(id *string) string {
	if id == nil {
		return ""
	}
	return *id
}
