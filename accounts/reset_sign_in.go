package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// ResetSignIn disables a partner's sign-in and ends its logins, within the transaction that sets
// aside what somebody else wrote with it. The partner needs a new invitation.
func (st *Store) ResetSignIn(ctx context.Context, tx *database.DB, practice, partner string, now time.Time) error {
	var id string
	err := tx.Get(ctx, &id, `SELECT id FROM sign_ins WHERE practice_id = ? AND partner_id = ?`, practice, partner)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sign-in of partner %s: %w", partner, err)
	}
	if _, err := lockCredentials(ctx, tx, practice, id); err != nil {
		return err
	}
	// No password has this hash, so the name cannot be used until a new invitation is redeemed.
	reset := audit.Event{Practice: practice, Action: audit.PasswordSet, Object: "sign-in", ID: id, Reason: "reset"}
	if _, err = audit.Exec(ctx, tx, reset, `UPDATE sign_ins SET password_hash = ? WHERE practice_id = ? AND id = ?`,
		st.dummyHash, practice, id); err != nil {
		return err
	}
	if err := revokeLogins(ctx, tx, practice, id, "", now); err != nil {
		return err
	}
	return st.stampMACs(ctx, tx, practice, id)
}

// EndSignIns ends the sign-ins of partners and everything that opens them, within the transaction
// that erases their data.
func (st *Store) EndSignIns(ctx context.Context, tx *database.DB, practice string,
	partners []string, now time.Time,
) error {
	for _, partner := range partners {
		if err := st.endSignIn(ctx, tx, practice, partner, now); err != nil {
			return fmt.Errorf("end the sign-in of partner %s: %w", partner, err)
		}
	}
	return nil
}

func (st *Store) endSignIn(ctx context.Context, tx *database.DB, practice, partner string, now time.Time) error {
	_, err := tx.Exec(ctx,
		`UPDATE invitations SET closed_at = COALESCE(closed_at, ?) WHERE practice_id = ? AND partner_id = ?`,
		now, practice, partner)
	if err != nil {
		return err
	}
	var id string
	err = tx.Get(ctx, &id, `
		UPDATE sign_ins SET password_hash = ?, name_index = ?, name = NULL WHERE practice_id = ? AND partner_id = ?
		RETURNING id`, st.dummyHash, "gone "+partner, practice, partner)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := st.resetFactors(ctx, tx, practice, id, now); err != nil {
		return err
	}
	return st.stampMACs(ctx, tx, practice, id)
}
