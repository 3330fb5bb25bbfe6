package worksheets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// A joint page has three answers: one that both partners write in once the counselor has activated
// it, and a private slip of each partner, which only the counselor reads. The slip asks whether
// they agree freely. Every joint page waits for the counselor's review before it is activated, so a
// partner's "no" causes no visible difference (docs/clinical.md, 0.9).

// IsJoint reports whether p is the part of a joint page that both write in.
func (p Page) IsJoint() bool { return p.Audience == ToJoint && p.PartnerID == "" }

// IsSlip reports whether p is one partner's private slip of a joint page.
func (p Page) IsSlip() bool { return p.Audience == ToJoint && p.PartnerID != "" }

// Readable reports whether the counselor can read p: a sent page, or the shared part of a joint
// page once it is active.
func (p Page) Readable() bool { return p.Sent() || p.IsJoint() && p.ActiveAt != nil }

// part returns d with the fields of one part of a joint page: the shared part or a partner's slip.
func (d Definition) part(slip bool) Definition {
	d.Fields = slices.DeleteFunc(slices.Clone(d.Fields), func(f Field) bool { return f.Auto != slip })
	d.Flags = slices.DeleteFunc(slices.Clone(d.Flags), func(r FlagRule) bool {
		f, _ := d.ruleField(r.Field)
		return f.ID == ""
	})
	if slip {
		d.RoleFrom, d.StopIf = nil, nil
	}
	return d
}

// JointPage returns the part of a joint page that both partners write in. Partners cannot see it
// before it is active, and nobody can once it was withdrawn. only is as in PartnerPage.
func (st *Store) JointPage(ctx context.Context, c couples.Couple, assignment string, only ...string) (OpenPage, error) {
	return st.loadPage(ctx, c, only, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.id = ? AND s.couple_id = ? AND a.partner_id IS NULL AND s.portal
		  AND s.withdrawn_at IS NULL AND p.erased_at IS NULL`,
		c.PracticeID, assignment, c.ID)
}

// Activate opens a joint page to both partners; repeating it changes nothing. The page's gate is
// checked again: much can have happened since it was assigned.
func (st *Store) Activate(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	page, err := st.JointPage(ctx, c, assignment)
	if err == nil {
		err = st.mayOpen(ctx, c, page.Worksheet, true)
	}
	if err != nil {
		return fmt.Errorf("joint page %s: %w", assignment, err)
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := couples.GuardRelease(ctx, tx, st.vault, c.PracticeID, c.ID); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx, jointEvent(c, assignment, "active"), `
			UPDATE assignments
			SET active_at = COALESCE(active_at, ?), opens_at = CASE WHEN opens_at <= ? THEN opens_at ELSE ? END
			WHERE practice_id = ? AND couple_id = ? AND id = ? AND audience = 'joint' AND withdrawn_at IS NULL`,
			now, now, now, c.PracticeID, c.ID, assignment)
		if err == nil && n == 0 {
			err = fault.NotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("joint page %s: %w", assignment, err)
	}
	return nil
}

func jointEvent(c couples.Couple, assignment, reason string) audit.Event {
	return audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Action: audit.Changed, Object: "joint page",
		ID: assignment, Reason: reason,
	}
}

// Close ends the work on an active joint page, which can then never change. An agreement is closed
// by CloseAgreement instead, which takes its dates.
func (st *Store) Close(ctx context.Context, c couples.Couple, assignment string, now time.Time) error {
	page, err := st.JointPage(ctx, c, assignment)
	if err != nil {
		return err
	}
	if page.Worksheet.Agreement {
		return fault.Fields{"review_on": "Choose the day on which you will review it."}
	}
	return st.db.InTx(ctx,
		func(ctx context.Context, tx *database.DB) error { return st.close(ctx, tx, c, assignment, now) })
}

func (st *Store) close(ctx context.Context, tx *database.DB, c couples.Couple, assignment string, now time.Time) error {
	var closed []string
	err := tx.Select(ctx, &closed, `
		UPDATE answers SET state = 'sent', sent_at = ?, read_at = ?, language = `+languageOfBoth+`
		WHERE practice_id = ? AND assignment_id = ? AND partner_id IS NULL AND state = 'open'
		  AND EXISTS (SELECT 1 FROM assignments s
		  WHERE s.id = answers.assignment_id AND s.couple_id = ? AND s.active_at IS NOT NULL)
		RETURNING id`,
		now, now, c.PracticeID, c.Partners[0].ID, c.Partners[1].ID, c.PracticeID, assignment, c.ID)
	if err != nil {
		return fmt.Errorf("close assignment %s: %w", assignment, err)
	}
	if len(closed) == 0 {
		return nil // already closed, or never active
	}
	if err := st.stampMACs(ctx, tx, c.PracticeID, closed...); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, jointEvent(c, assignment, "closed")); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE assignments SET closed_at = ? WHERE practice_id = ? AND couple_id = ? AND id = ?`, now,
		c.PracticeID, c.ID, assignment)
	return err
}
