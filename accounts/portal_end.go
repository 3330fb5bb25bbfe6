package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// EndPortal sets when a partner's sign-in ends, or with nil that it continues, within the
// transaction that decides it. Ending it also closes open invitations. Without a sign-in there is
// nothing more to do.
func (st *Store) EndPortal(ctx context.Context, tx *database.DB, practice, partner string, at *time.Time,
	now time.Time,
) error {
	if at != nil {
		_, err := tx.Exec(ctx, `
			UPDATE invitations SET closed_at = ? WHERE practice_id = ? AND partner_id = ? AND closed_at IS NULL`,
			now, practice, partner)
		if err != nil {
			return fmt.Errorf("invitations of partner %s: %w", partner, err)
		}
	}
	var id string
	err := tx.Get(ctx, &id, `SELECT id FROM sign_ins WHERE practice_id = ? AND partner_id = ?`, practice, partner)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sign-in of partner %s: %w", partner, err)
	}
	return rowmac.Change(ctx, tx, st.vault, practice, rowmac.SignIn, id,
		func(ctx context.Context, tx *database.DB) error {
			_, err := tx.Exec(ctx, `UPDATE sign_ins SET ends_at = ? WHERE practice_id = ? AND id = ?`, at, practice, id)
			return err
		})
}
