package couples

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// AfterCareMonths are the months after counseling ended at which a partner who wants it is asked
// about trust again.
var AfterCareMonths = []int{1, 3, 6, 12}

// An AfterCare is one partner's answer to whether they want to be asked about trust after
// counseling ended. The other partner never learns of it.
type AfterCare struct {
	Wanted     bool       `db:"wanted"`
	AnsweredAt *time.Time `db:"answered_at"` // nil before there is an answer
}

// HasAfterCare reports whether partners are offered after-care: after a good ending, but not if
// somebody left.
func (c Closing) HasAfterCare() bool {
	return c.ReopenedAt == nil && (c.Ending == GoalsReached || c.Ending == EnoughForNow)
}

// CareUntil returns when the portal of the partner on side ends if that partner wants after-care: a
// month after the last time they are asked.
func (c Closing) CareUntil(side Side) time.Time {
	last := c.ClosedAt.AddDate(0, AfterCareMonths[len(AfterCareMonths)-1]+1, 0)
	if until := c.Until(side); until.After(last) {
		return until
	}
	return last
}

// AfterCare returns the closing of c after which after-care is offered, and p's answer. Without
// such a closing it returns fault.NotFound.
func (st *Store) AfterCare(ctx context.Context, c Couple, p Partner) (Closing, AfterCare, error) {
	return afterCare(ctx, st.db, c, p)
}

func afterCare(ctx context.Context, db *database.DB, c Couple, p Partner) (end Closing, a AfterCare, err error) {
	if c.Reader.Side() != "" && Side(c.Reader.Side()) != p.Side {
		return end, a, fault.NotFound
	}
	err = db.Get(ctx, &end, `
		SELECT id, ending, closed_at, a_until, b_until, form_key
		FROM closings
		WHERE practice_id = ? AND couple_id = ? AND reopened_at IS NULL`, c.PracticeID, c.ID)
	if err == nil && !end.HasAfterCare() {
		err = fault.NotFound
	}
	if err != nil {
		return end, a, fmt.Errorf("after-care of couple %s: %w", c.ID, err)
	}
	err = db.Get(ctx, &a, `
		SELECT wanted, answered_at
		FROM after_care
		WHERE practice_id = ? AND closing_id = ? AND partner_id = ?`, c.PracticeID, end.ID, p.ID)
	if errors.Is(err, fault.NotFound) {
		return end, AfterCare{}, nil
	}
	if err != nil {
		return end, a, fmt.Errorf("after-care of partner %s: %w", p.ID, err)
	}
	return end, a, nil
}

// PortalEnd returns when the portal of p ends because counseling has ended, or nil while the work goes
// on.
func (st *Store) PortalEnd(ctx context.Context, c Couple, p Partner) (*time.Time, error) {
	var end Closing
	err := st.db.Get(ctx, &end, `
		SELECT id, ending, closed_at, a_until, b_until, form_key
		FROM closings
		WHERE practice_id = ? AND couple_id = ? AND reopened_at IS NULL`, c.PracticeID, c.ID)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("portal of partner %s: %w", p.ID, err)
	}
	until := end.Until(p.Side)
	_, care, err := afterCare(ctx, st.db, c, p)
	if err == nil && care.Wanted {
		until = end.CareUntil(p.Side)
	}
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	return &until, err
}

// AnswerAfterCare stores whether a partner wants after-care and changes when their portal ends. In
// the same transaction, ask assigns the worksheets or withdraws the remaining ones. Repeating an
// answer changes nothing.
func (st *Store) AnswerAfterCare(ctx context.Context, people *accounts.Store, c Couple, me Partner, wanted bool,
	ask func(ctx context.Context, tx *database.DB, end Closing, wanted bool) error, now time.Time,
) error {
	if Side(c.Reader.Side()) != me.Side {
		return fault.NotFound // only a partner can answer, for themselves
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Couple, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			end, _, err := afterCare(ctx, tx, c, me)
			if err != nil {
				return err
			}
			answered := c.event(audit.Changed, "after-care", me.ID)
			answered.Side = string(me.Side)
			n, err := audit.Exec(ctx, tx, answered, `
				INSERT INTO after_care (closing_id, partner_id, practice_id, couple_id, wanted, answered_at)
				VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT (closing_id, partner_id) DO UPDATE SET wanted = excluded.wanted, answered_at = excluded.answered_at
				WHERE after_care.wanted <> excluded.wanted`, end.ID, me.ID, c.PracticeID, c.ID, wanted, now)
			if err != nil || n == 0 {
				return err
			}
			until := end.Until(me.Side)
			if wanted {
				until = end.CareUntil(me.Side)
			}
			if err := people.EndPortal(ctx, tx, c.PracticeID, me.ID, &until, now); err != nil {
				return err
			}
			return ask(ctx, tx, end, wanted)
		})
	if err != nil {
		return fmt.Errorf("after-care of partner %s: %w", me.ID, err)
	}
	return nil
}

// IsWorkClosed reports whether the work with a couple is closed.
func IsWorkClosed(ctx context.Context, db *database.DB, practice, couple string) (bool, error) {
	var n int
	err := db.Get(ctx, &n, `
		SELECT COUNT(*) FROM closings WHERE practice_id = ? AND couple_id = ? AND reopened_at IS NULL`, practice, couple)
	return n > 0, err
}
