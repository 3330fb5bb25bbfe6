package worksheets

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// An Agreement is what a closed joint page of that kind has beside its words:
// when it is looked at again and until when it holds. Either of the two pauses
// it at any time, without a reason; it goes on only by the counselor's word, and
// only while the private conversations speak for it.
type Agreement struct {
	ReviewOn  string     `db:"review_on"`  // as 2006-01-02
	ExpiresOn string     `db:"expires_on"` // the last day
	PausedAt  *time.Time `db:"paused_at"`
}

// Holds tells whether the agreement is in force on the day of now.
func (a Agreement) Holds(now time.Time) bool {
	return a.PausedAt == nil && now.Format(time.DateOnly) <= a.ExpiresOn
}

// longestAgreement is how far ahead an agreement can reach.
const longestAgreement = 366 * 24 * time.Hour

// terms faults days that cannot be.
func (a Agreement) terms(now time.Time) error {
	bad := fault.Fields{}
	review, err := time.Parse(time.DateOnly, a.ReviewOn)
	if err != nil || review.Before(now.Add(-48*time.Hour)) {
		bad["review_on"] = "Choose the day on which you will review it."
	}
	end, err := time.Parse(time.DateOnly, a.ExpiresOn)
	switch {
	case err != nil || end.Sub(now) > longestAgreement:
		bad["expires_on"] = "Choose the day on which it ends, within a year."
	case end.Before(review):
		bad["expires_on"] = "Choose an end date after the review date."
	}
	return bad.Err()
}

// CloseAgreement closes a joint page that is an agreement, with its days. A page
// of another kind is fault.Malformed.
func (st *Store) CloseAgreement(ctx context.Context, c couples.Couple, assignment string,
	a Agreement, now time.Time,
) error {
	page, err := st.Together(ctx, c, assignment)
	if err != nil {
		return err
	}
	if !page.Worksheet.Agreement {
		return fault.Malformed
	}
	if err := a.terms(now); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO agreements (assignment_id, practice_id, review_on, expires_on)
			VALUES (?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, assignment, c.PracticeID, a.ReviewOn, a.ExpiresOn)
		if err != nil {
			return err
		}
		return st.close(ctx, tx, c, assignment, now)
	})
}

// AgreementOf returns what belongs to a closed agreement, or fault.NotFound.
func (st *Store) AgreementOf(ctx context.Context, c couples.Couple, assignment string) (Agreement, error) {
	var a Agreement
	err := st.db.Get(ctx, &a, `
		SELECT g.review_on, g.expires_on, g.paused_at
		FROM agreements g
		JOIN assignments s ON s.id = g.assignment_id
		WHERE g.practice_id = ? AND s.couple_id = ? AND s.id = ? AND s.withdrawn_at IS NULL`, c.PracticeID, c.ID, assignment)
	if err != nil {
		return a, fmt.Errorf("agreement %s: %w", assignment, err)
	}
	return a, nil
}

// PauseAgreement pauses an agreement: either partner can, and the counselor.
// Nobody else learns who did.
func (st *Store) PauseAgreement(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	if _, err := st.AgreementOf(ctx, c, assignment); err != nil {
		return err
	}
	_, err := audit.Exec(ctx, st.db, jointEvent(c, assignment, "paused"), `
		UPDATE agreements SET paused_at = ? WHERE practice_id = ? AND assignment_id = ? AND paused_at IS NULL`, now,
		c.PracticeID, assignment)
	return err
}

// ResumeAgreement has a paused agreement hold again, if nothing stands against
// it: the private conversations are asked anew.
func (st *Store) ResumeAgreement(ctx context.Context, c couples.Couple, assignment string) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	page, err := st.Together(ctx, c, assignment)
	if err != nil {
		return err
	}
	if _, err := st.AgreementOf(ctx, c, assignment); err != nil {
		return err
	}
	if err := st.mayOpen(ctx, c, page.Worksheet, true); err != nil {
		return err
	}
	_, err = audit.Exec(ctx, st.db, jointEvent(c, assignment, "resumed"), `
		UPDATE agreements SET paused_at = NULL WHERE practice_id = ? AND assignment_id = ? AND paused_at IS NOT NULL`,
		c.PracticeID, assignment)
	return err
}
