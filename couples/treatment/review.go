package treatment

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

// A Review is the date on which the counselor reviews a plan. Partners do not see it.
type Review struct {
	On       string `db:"review_on"` // 2006-01-02, "" for no reminder
	Revision int    `db:"revision"`  // 0 before the first save
}

// Review returns when the plan of c is to be reviewed, for its counselor.
func (st *Store) Review(ctx context.Context, c couples.Couple) (Review, error) {
	var r Review
	if c.Reader.Side() != "" {
		return r, fmt.Errorf("review of couple %s: %w", c.ID, fault.NotFound)
	}
	err := st.db.Get(ctx, &r, `
		SELECT review_on, revision FROM treatment_plans WHERE practice_id = ? AND couple_id = ?`, c.PracticeID, c.ID)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return r, fmt.Errorf("review of couple %s: %w", c.ID, err)
	}
	return r, nil
}

// SetReview stores when the plan of c is to be reviewed. It returns fault.Conflict if r.Revision is
// not the latest.
func (st *Store) SetReview(ctx context.Context, c couples.Couple, r Review) error {
	if _, err := time.Parse(time.DateOnly, r.On); r.On != "" && err != nil {
		return fault.Fields{"review_on": "Enter a date, or leave it empty."}
	}
	err := st.change(ctx, c, func(ctx context.Context, tx *database.DB) error {
		n, err := audit.Exec(ctx, tx, eventOf(c, audit.Changed, "treatment plan", c.ID, "review date"), `
			INSERT INTO treatment_plans (couple_id, practice_id, review_on, revision)
			VALUES (?, ?, ?, 1)
			ON CONFLICT (couple_id) DO UPDATE SET review_on = EXCLUDED.review_on, revision = treatment_plans.revision + 1
			WHERE treatment_plans.practice_id = EXCLUDED.practice_id AND treatment_plans.revision = ?`,
			c.ID, c.PracticeID, r.On, r.Revision)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("review of couple %s: %w", c.ID, err)
	}
	return nil
}

// A Due is a couple whose plan is due for review.
type Due struct {
	CoupleID string `db:"couple_id"`
	RecordNo string `db:"record_no"`
	Names    string `db:"-"` // such as "Robin and Sasha"
}

// dueAtOnce limits the list. More plans appear as these are reviewed.
const dueAtOnce = 5

// Due returns a counselor's open couples whose plan was to be reviewed by today (2006-01-02), the
// longest overdue first.
func (st *Store) Due(ctx context.Context, practice, counselor, today string) ([]Due, error) {
	var list []Due
	err := st.db.Select(ctx, &list, fmt.Sprintf(`
		SELECT t.couple_id, c.record_no
		FROM treatment_plans t
		JOIN couples c ON c.id = t.couple_id
		WHERE t.practice_id = ? AND t.review_on <> '' AND t.review_on <= ? AND c.counselor_id = ? AND c.erased_at IS NULL
		  AND NOT EXISTS (SELECT 1 FROM closings z WHERE z.couple_id = c.id AND z.reopened_at IS NULL)
		ORDER BY t.review_on, t.couple_id
		LIMIT %d`, dueAtOnce), practice, today, counselor)
	if err != nil {
		return nil, fmt.Errorf("plans to review: %w", err)
	}
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.CoupleID
	}
	names, err := couples.NamesOf(ctx, st.vault, st.db, practice, counselor, ids)
	if err != nil {
		return nil, fmt.Errorf("plans to review: %w", err)
	}
	for i, d := range list {
		list[i].Names = names[d.CoupleID]
	}
	return list, nil
}
