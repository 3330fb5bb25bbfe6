package worksheets

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// SharedWith returns the other partner's pages that were released to me, newest first. It depends
// on nothing else of theirs. While sharing is paused, it leaves out pages I have not opened yet.
func (st *Store) SharedWith(ctx context.Context, c couples.Couple, me couples.Partner) ([]Page, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		WITH released AS MATERIALIZED (SELECT a.id FROM answers a WHERE a.practice_id = ? AND a.partner_id = ? AND `+released+
		`)
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM released r
		CROSS JOIN answers a
		CROSS JOIN assignments s
		CROSS JOIN partners p
		WHERE a.id = r.id AND s.id = a.assignment_id AND p.id = a.partner_id
		  AND s.portal AND s.withdrawn_at IS NULL AND p.erased_at IS NULL
		ORDER BY a.sent_at DESC, a.id`, c.PracticeID, c.Partner(me.Side.Other()).ID)
	if err != nil {
		return nil, fmt.Errorf("shared with partner %s: %w", me.ID, err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	paused, err := couples.IsSharingPaused(ctx, st.db, st.vault, c.PracticeID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("shared with partner %s: %w", me.ID, err)
	}
	rows = slices.DeleteFunc(rows, func(r pageRow) bool { return paused && r.OpenedAt == nil })
	pages, err := st.pages(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	return st.withValidMAC(ctx, c.PracticeID, pages)
}

// Shared returns a released page of the other partner as I may read it, and records that it was
// opened. For any other page it returns fault.NotFound. Not even the sealed text of fields for the
// counselor alone is read.
func (st *Store) Shared(ctx context.Context, c couples.Couple, me couples.Partner, assignment string,
	now time.Time,
) (SentPage, error) {
	pages, err := st.SharedWith(ctx, c, me)
	if err != nil {
		return SentPage{}, err
	}
	i := slices.IndexFunc(pages, func(p Page) bool { return p.Assignment.ID == assignment })
	if i < 0 {
		return SentPage{}, fmt.Errorf("shared page %s: %w", assignment, fault.NotFound)
	}
	r, err := st.asReleased(ctx, c, pages[i])
	if err != nil {
		return SentPage{}, err
	}
	return r, st.opened(ctx, pages[i], now)
}

// opened records the first time that the other partner opens a released page.
func (st *Store) opened(ctx context.Context, p Page, now time.Time) error {
	if p.OpenedAt != nil {
		return nil
	}
	return rowmac.Change(ctx, st.db, st.vault, p.PracticeID, rowmac.Answer, p.Answer.ID,
		func(ctx context.Context, tx *database.DB) error {
			var id string
			err := tx.Get(ctx, &id, `
			UPDATE answers AS a SET opened_at = ?
			WHERE a.practice_id = ? AND a.id = ? AND a.opened_at IS NULL AND `+released+`
			RETURNING id`, now, p.PracticeID, p.Answer.ID)
			if errors.Is(err, fault.NotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			return st.insertDecision(ctx, tx, p, "partner", "opened", now)
		})
}
