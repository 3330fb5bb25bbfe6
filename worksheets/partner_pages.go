package worksheets

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
)

// MyPages returns a partner's open pages and the newest of their sent ones, newest first. The
// result does not depend on the other partner.
func (st *Store) MyPages(ctx context.Context, c couples.Couple, me couples.Partner, now time.Time) ([]Page, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM (
			SELECT id FROM answers WHERE partner_id = ? AND state = 'open'
			UNION
			SELECT id FROM (SELECT id FROM answers WHERE partner_id = ? AND state = 'sent' ORDER BY sent_at DESC
			  LIMIT ?) newest) mine
		CROSS JOIN answers a
		CROSS JOIN assignments s
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE a.id = mine.id AND s.id = a.assignment_id AND a.practice_id = ? AND s.portal AND s.opens_at <= ?
		  AND s.withdrawn_at IS NULL AND p.erased_at IS NULL
		ORDER BY s.opens_at DESC, s.created_at DESC, s.id`, me.ID, me.ID, ListedAtOnce, c.PracticeID, now)
	if err != nil {
		return nil, fmt.Errorf("pages of partner %s: %w", me.ID, err)
	}
	return st.pages(ctx, c, rows)
}

// MySent returns up to ListedAtOnce pages that a partner sent before a time, newest first. It pages
// through those that MyPages leaves out.
func (st *Store) MySent(ctx context.Context, c couples.Couple, me couples.Partner, before time.Time) ([]Page, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE a.practice_id = ? AND a.partner_id = ? AND a.state = 'sent' AND a.sent_at < ? AND s.portal
		  AND s.withdrawn_at IS NULL AND p.erased_at IS NULL
		ORDER BY a.sent_at DESC, a.id
		LIMIT ?`, c.PracticeID, me.ID, before, ListedAtOnce)
	if err != nil {
		return nil, fmt.Errorf("pages of partner %s: %w", me.ID, err)
	}
	return st.pages(ctx, c, rows)
}
