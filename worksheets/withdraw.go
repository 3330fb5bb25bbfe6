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

// Withdraw takes back an assignment that nobody has begun. One that was begun
// is fault.Locked: somebody's words are in it. Taking it back twice changes
// nothing.
func (st *Store) Withdraw(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	var there string
	err := st.db.Get(ctx, &there, `SELECT id FROM assignments WHERE practice_id = ? AND couple_id = ? AND id = ?`,
		c.PracticeID, c.ID, assignment)
	if err != nil {
		return fmt.Errorf("withdraw assignment %s: %w", assignment, err)
	}
	taken := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Action: audit.Changed, Object: "assignment",
		ID: assignment, Reason: "taken back",
	}
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
// nobody reads it again. The worksheet is given anew, and the sign-in that was
// used opens nothing any more: all of it happens, or nothing. Asked for twice, it
// happens once.
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
		if err := st.giveInstead(ctx, tx, c, a, now); err != nil {
			return err
		}
		return resetSignIns(ctx, tx, people, c, a.Audience, now)
	})
	if err != nil {
		return fmt.Errorf("set aside %s: %w", assignment, err)
	}
	return nil
}

// lockPage returns a page of the portal, and has others who change it wait for
// the end of the transaction.
func lockPage(ctx context.Context, tx *database.DB, c couples.Couple, assignment string) (Assignment, error) {
	var a Assignment
	n, err := tx.Exec(ctx, `UPDATE assignments SET id = id WHERE practice_id = ? AND couple_id = ? AND id = ? AND portal`,
		c.PracticeID, c.ID, assignment)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return a, err
	}
	err = tx.Get(ctx, &a, `SELECT `+assignmentColumns+` FROM assignments s WHERE s.practice_id = ? AND s.id = ?`,
		c.PracticeID, assignment)
	return a, err
}

// insteadKey is the form key of the page that is given in place of another.
func insteadKey(assignment string) string { return "instead of " + assignment }

// wasSetAside is nil if another page was given instead of this one, and
// fault.NotFound of one that was only taken back.
func wasSetAside(ctx context.Context, tx *database.DB, c couples.Couple, assignment string) error {
	var anew string
	return tx.Get(ctx, &anew, `SELECT id FROM assignments WHERE practice_id = ? AND couple_id = ? AND form_key = ?`,
		c.PracticeID, c.ID, insteadKey(assignment))
}

// giveInstead takes a back and gives its worksheet anew.
func (st *Store) giveInstead(ctx context.Context, tx *database.DB, c couples.Couple,
	a Assignment, now time.Time,
) error {
	d, err := st.find(ctx, tx, c.PracticeID, a.Worksheet)
	if err == nil && d.mayFaceAPartner("worksheet") != nil {
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
	gift := AssignRequest{Session: deref(a.SessionID), Breach: deref(a.BreachID), FormKey: insteadKey(a.ID)}
	_, err = st.give(ctx, tx, c, d, a.Audience, gift, now)
	return err
}

// resetSignIns resets the sign-ins of those who were asked to fill a page.
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
