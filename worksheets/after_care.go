package worksheets

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// AskAfterCare returns a function that assigns a partner the trust pulse on each after-care date
// that is still ahead, or withdraws the assignments that the partner has not begun.
func (st *Store) AskAfterCare(c couples.Couple, me couples.Partner, now time.Time) func(context.Context,
	*database.DB, couples.Closing, bool) error {
	return func(ctx context.Context, tx *database.DB, end couples.Closing, wanted bool) error {
		key := "after-care " + end.ID
		if !wanted {
			return takeBackUnbegun(ctx, tx, c, me, key, now)
		}
		d, ok := st.catalogue.Find(trustPulse)
		if !ok {
			return fmt.Errorf("%s: %w", trustPulse, fault.NotFound)
		}
		if err := st.keepWordings(ctx, tx, now); err != nil {
			return err
		}
		for _, months := range couples.AfterCareMonths {
			on := end.ClosedAt.AddDate(0, months, 0)
			if on.Before(now) {
				continue
			}
			next := AssignRequest{
				Delivery: Delivery{Rule: OnDate, Date: on.Format(time.DateOnly)},
				FormKey:  fmt.Sprintf("%s %d %s", key, months, rand.Text()), // unique, for a new yes after a no
			}
			if _, err := st.give(ctx, tx, c, d, Audience(me.Side), next, now); err != nil {
				return err
			}
		}
		return nil
	}
}

// takeBackUnbegun withdraws a partner's assignments whose form key starts with key and that the
// partner has not begun. Nothing that was typed is lost.
func takeBackUnbegun(ctx context.Context, tx *database.DB, c couples.Couple, me couples.Partner, key string,
	now time.Time,
) error {
	taken := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: string(me.Side), Action: audit.Changed, Object: "assignment",
		ID: me.ID, Reason: "taken back",
	}
	_, err := audit.Exec(ctx, tx, taken, `
		UPDATE assignments SET withdrawn_at = ?
		WHERE practice_id = ? AND couple_id = ? AND audience = ? AND form_key LIKE ? AND withdrawn_at IS NULL
		  AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.assignment_id = assignments.id AND a.begun_at IS NOT NULL)`,
		now, c.PracticeID, c.ID, string(me.Side), key+" %")
	return err
}
