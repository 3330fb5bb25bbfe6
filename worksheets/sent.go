package worksheets

import (
	"context"
	"fmt"
	"slices"

	"mend/couples"
)

// SentPages returns, with their contents, all pages that the partners of c sent and all closed
// joint pages, oldest first, without those of a partner whose data was erased. It is for the
// couple's counselor, for a copy of the record.
func (st *Store) SentPages(ctx context.Context, c couples.Couple) ([]SentPage, error) {
	var ids []string
	err := st.db.Select(ctx, &ids, `
		SELECT s.id
		FROM assignments s
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.withdrawn_at IS NULL
		  AND EXISTS (SELECT 1 FROM answers a LEFT JOIN partners p ON p.id = a.partner_id
		    WHERE a.assignment_id = s.id AND a.state = 'sent' AND p.erased_at IS NULL)
		ORDER BY s.created_at, s.id`, c.PracticeID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("sent pages of couple %s: %w", c.ID, err)
	}
	var list []SentPage
	for _, id := range ids {
		pages, err := st.Read(ctx, c, id)
		if err != nil {
			return nil, err
		}
		list = append(list, slices.DeleteFunc(pages, func(p SentPage) bool { return !p.Sent() })...)
	}
	return list, nil
}
