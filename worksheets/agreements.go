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

// An Agreement holds the dates of a closed joint page that is an agreement: when it is reviewed and
// when it ends. Either partner can pause it at any time without a reason. Only the counselor can
// resume it, and only while the private conversations allow it.
type Agreement struct {
	ReviewOn  string     `db:"review_on"`  // as 2006-01-02
	ExpiresOn string     `db:"expires_on"` // the last day
	PausedAt  *time.Time `db:"paused_at"`
}

// Holds reports whether the agreement is in force on the day of now.
func (a Agreement) Holds(now time.Time) bool {
	return a.PausedAt == nil && now.Format(time.DateOnly) <= a.ExpiresOn
}

// longestAgreement limits how far ahead an agreement can end.
const longestAgreement = 366 * 24 * time.Hour

// terms validates the two dates.
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

// CloseAgreement closes a joint page that is an agreement and stores its dates. For a page of
// another kind it returns fault.Malformed.
func (st *Store) CloseAgreement(ctx context.Context, c couples.Couple, assignment string,
	a Agreement, now time.Time,
) error {
	page, err := st.JointPage(ctx, c, assignment)
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
		if err := st.close(ctx, tx, c, assignment, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO agreements (assignment_id, practice_id, review_on, expires_on)
			SELECT s.id, s.practice_id, ?, ? FROM assignments s
			WHERE s.practice_id = ? AND s.id = ? AND s.closed_at IS NOT NULL
			ON CONFLICT DO NOTHING`, a.ReviewOn, a.ExpiresOn, c.PracticeID, assignment)
		return err
	})
}

// AgreementOf returns the agreement of a closed joint page, or fault.NotFound.
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

// PauseAgreement pauses an agreement. Either partner and the counselor can; the other partner is
// not told who did.
func (st *Store) PauseAgreement(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	if _, err := st.AgreementOf(ctx, c, assignment); err != nil {
		return err
	}
	_, err := audit.Exec(ctx, st.db, jointEvent(c, assignment, "paused"), `
		UPDATE agreements SET paused_at = ? WHERE practice_id = ? AND assignment_id = ? AND paused_at IS NULL`, now,
		c.PracticeID, assignment)
	return err
}

// ResumeAgreement resumes a paused agreement after checking again the private conversations and
// whether joint work may go on.
func (st *Store) ResumeAgreement(ctx context.Context, c couples.Couple, assignment string) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	page, err := st.JointPage(ctx, c, assignment)
	if err != nil {
		return err
	}
	if _, err := st.AgreementOf(ctx, c, assignment); err != nil {
		return err
	}
	if err := st.mayOpen(ctx, c, page.Worksheet, true); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := couples.GuardRelease(ctx, tx, st.vault, c.PracticeID, c.ID); err != nil {
			return err
		}
		_, err := audit.Exec(ctx, tx, jointEvent(c, assignment, "resumed"), `
			UPDATE agreements SET paused_at = NULL WHERE practice_id = ? AND assignment_id = ? AND paused_at IS NOT NULL`,
			c.PracticeID, assignment)
		return err
	})
}
