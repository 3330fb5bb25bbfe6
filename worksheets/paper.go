package worksheets

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
)

// PageForPaper returns a partner's page for its counselor to type in from paper: one that its author has
// not begun on a screen and whose author signed a privacy policy. It returns fault.NotFound for any
// other page, and couples.ErrUnsigned without the signature.
func (st *Store) PageForPaper(ctx context.Context, c couples.Couple, assignment string) (OpenPage, error) {
	if c.Reader.Side() != "" {
		return OpenPage{}, fault.NotFound
	}
	var r pageRow
	err := st.db.Get(ctx, &r, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.id = ? AND s.portal AND s.audience <> 'joint'
		  AND a.state = 'open' AND a.begun_at IS NULL AND s.withdrawn_at IS NULL AND p.erased_at IS NULL`,
		c.PracticeID, c.ID, assignment)
	if err != nil {
		return OpenPage{}, fmt.Errorf("page on paper: %w", err)
	}
	pages, err := st.pages(ctx, c, []pageRow{r})
	if err != nil {
		return OpenPage{}, err
	}
	policy, signed := c.LastSigned(pages[0].Side)
	if !signed {
		return OpenPage{}, fmt.Errorf("page %s: %w", assignment, couples.ErrUnsigned)
	}
	return OpenPage{
		Page: pages[0], Role: r.Assignment.Role(c, r.Side), Values: map[string]Value{}, reader: c.Reader,
		policy: policy.ID, under: policy.Variant,
	}, nil
}

// SavePaper stores the answers of a page that was filled in on paper and sends it, marked as such.
// It returns fault.Conflict if its author has begun it meanwhile.
func (st *Store) SavePaper(ctx context.Context, f OpenPage, form Form, now time.Time) error {
	if err := f.Worksheet.Stop(form.Values); err != nil {
		return err
	}
	if err := f.Worksheet.Check(f.Role, form.Values).Err(); err != nil {
		return err
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		n, err := tx.Exec(ctx,
			`UPDATE answers SET begun_at = ?, touched_at = ?, policy_id = ?
				WHERE practice_id = ? AND id = ? AND state = 'open' AND begun_at IS NULL`,
			now, now, f.policy, f.PracticeID, f.Answer.ID)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		if err != nil {
			return err
		}
		written := f.Page
		written.State = "sent" // in this state the counselor may read the page, and so may write it
		place, err := st.fieldSet(ctx, tx, f.reader, written)
		if err != nil {
			return err
		}
		values := map[string]string{}
		for id, v := range form.Values {
			if text := v.Encode(); text != "" {
				values[id] = text
			}
		}
		if err := fields.Replace(ctx, tx, place, form.Key, now, values); err != nil {
			return err
		}
		return st.sendPaper(ctx, tx, f, form, now)
	})
	if err != nil {
		return fmt.Errorf("answer %s: %w", f.Answer.ID, err)
	}
	return nil
}

func (st *Store) sendPaper(ctx context.Context, tx *database.DB, f OpenPage, form Form, now time.Time) error {
	_, err := tx.Exec(ctx,
		`UPDATE answers SET state = 'sent', sent_at = ?, on_paper = TRUE, language = `+f.filledIn()+`
		WHERE practice_id = ? AND id = ?`, now, f.PracticeID, f.Answer.ID)
	if err != nil {
		return err
	}
	if err := st.stampMACs(ctx, tx, f.PracticeID, f.Answer.ID); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, f.event(audit.Sent, "on paper")); err != nil {
		return err
	}
	if err := st.addFollowUpTopics(ctx, tx, f, form.Values, now); err != nil {
		return err
	}
	if err := st.openNext(ctx, tx, f, now); err != nil {
		return err
	}
	return st.followUp(ctx, tx, f, form.Values, now)
}
