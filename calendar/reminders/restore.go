package reminders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/database"
)

// AfterRestore marks, in a database restored from a backup, the reminders that became due since the
// backup as unknown: they may have been sent and are not sent again. Those that are not allowed
// cannot have been sent; they are left to be dropped.
func (st *Store) AfterRestore(ctx context.Context, now time.Time) error {
	var due []reminder
	err := st.db.Select(ctx, &due, `
		SELECT id, practice_id, couple_id, partner_id, topic, starts_at, zone, attempts, lease_id
		FROM reminders
		WHERE state IN ('waiting', 'sending') AND try_at <= ?`, now)
	for _, r := range due {
		err = errors.Join(err, st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
			_, allowed, err := couples.Permission(ctx, tx, st.vault, r.PracticeID, r.PartnerID)
			if err != nil || !allowed {
				return err
			}
			return r.settle(ctx, tx, Unknown, now)
		}))
	}
	if err != nil {
		return fmt.Errorf("reminders that were due since the backup: %w", err)
	}
	return nil
}
