package worksheets

import (
	"context"
	"fmt"

	"mend/couples"
)

// StillOpen returns which of the audiences of g already have the same worksheet and have not sent
// it. It ignores what the same form stored.
func (st *Store) StillOpen(ctx context.Context, c couples.Couple, g AssignRequest) (list []Audience, err error) {
	to := []Audience{g.To, g.To}
	if g.To == ToEach {
		to = []Audience{ToA, ToB}
	}
	err = st.db.Select(ctx, &list, `
		SELECT DISTINCT s.audience
		FROM assignments s
		JOIN answers a ON a.assignment_id = s.id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.worksheet = ? AND s.audience IN (?, ?) AND s.portal
		  AND s.form_key <> ?
		    AND a.state = 'open' AND s.withdrawn_at IS NULL AND s.closed_at IS NULL
		ORDER BY s.audience`, c.PracticeID, c.ID, g.Worksheet, to[0], to[1], g.FormKey)
	if err != nil {
		return nil, fmt.Errorf("open pages of couple %s: %w", c.ID, err)
	}
	return list, nil
}
