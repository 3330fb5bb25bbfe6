package worksheets

import (
	"context"
	"fmt"
	"time"

	"mend/internal/database"
)

// HasHomework reports, within a transaction, whether a partner has an individual worksheet to fill
// in. The result does not depend on the other partner.
func HasHomework(ctx context.Context, tx *database.DB, practice, partner string, now time.Time) (bool, error) {
	var n int
	err := tx.Get(ctx, &n, `
		SELECT COUNT(*)
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		WHERE a.practice_id = ? AND a.partner_id = ? AND a.state = 'open' AND s.portal AND s.audience <> 'joint'
		  AND s.opens_at <= ? AND s.withdrawn_at IS NULL`, practice, partner, now)
	if err != nil {
		return false, fmt.Errorf("homework of partner %s: %w", partner, err)
	}
	return n > 0, nil
}
