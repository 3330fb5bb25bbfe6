package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

// lockCredentials locks the row of owner, a counselor or a partner's sign-in, until the transaction
// ends, and returns its revision. It serializes changes of credentials and the opening of logins
// with them.
func lockCredentials(ctx context.Context, tx *database.DB, practice, owner string) (revision int, err error) {
	for _, table := range []string{"counselors", "sign_ins"} {
		err = tx.Get(ctx, &revision, `
			UPDATE `+table+` SET revision = revision WHERE practice_id = ? AND id = ?
			RETURNING revision`, practice, owner)
		if !errors.Is(err, fault.NotFound) {
			break
		}
	}
	if err != nil {
		return 0, fmt.Errorf("hold the sign-in of %s: %w", owner, err)
	}
	return revision, nil
}

// revokeLogins ends all logins of owner except but ("" for none), in the transaction that changed a
// password, factor or role. It also increases the revision, which makes sign-ins fail whose
// password is being checked right now.
func revokeLogins(ctx context.Context, tx *database.DB, practice, owner, but string, now time.Time) error {
	for _, table := range []string{"counselors", "sign_ins"} {
		if _, err := tx.Exec(ctx, `UPDATE `+table+` SET revision = revision + 1 WHERE practice_id = ? AND id = ?`,
			practice, owner); err != nil {
			return fmt.Errorf("renew the sign-in of %s: %w", owner, err)
		}
	}
	_, err := tx.Exec(ctx, `
		UPDATE logins SET revoked_at = ?
		WHERE practice_id = ? AND COALESCE(counselor_id, sign_in_id) = ? AND id <> ? AND revoked_at IS NULL`,
		now, practice, owner, but)
	if err != nil {
		return fmt.Errorf("end the logins of %s: %w", owner, err)
	}
	return nil
}
