package couples

import (
	"context"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// GuardSharing returns ErrSeparating if nothing more may pass between the partners of a couple. It
// locks the couple, so that its closing waits until tx has ended.
func GuardSharing(ctx context.Context, tx *database.DB, practice, couple string) error {
	if err := rowmac.Lock(ctx, tx, practice, rowmac.Couple, couple); err != nil {
		return err
	}
	return MayShare(ctx, tx, practice, couple)
}

// ErrClosed means that counseling with a couple has ended, so that nothing more is planned with them.
var ErrClosed = fault.Fields{"main": "Counseling with this couple has ended. Reopen the record to plan or assign more."}

// GuardOpen returns ErrClosed if the work with a couple is closed. It locks the couple, so that its
// closing waits until tx has ended.
func GuardOpen(ctx context.Context, tx *database.DB, practice, couple string) error {
	if err := rowmac.Lock(ctx, tx, practice, rowmac.Couple, couple); err != nil {
		return err
	}
	closed, err := IsWorkClosed(ctx, tx, practice, couple)
	if err == nil && closed {
		err = ErrClosed
	}
	return err
}

// StaysOpen is GuardOpen for c.
func (c Couple) StaysOpen(ctx context.Context, tx *database.DB) error {
	return GuardOpen(ctx, tx, c.PracticeID, c.ID)
}

// GuardJointWork is GuardSharing for work that both partners do together. It also returns ErrHeld
// while that is on hold, and locks the holds.
func GuardJointWork(ctx context.Context, tx *database.DB, v *vault.Vault, practice, couple string) error {
	if err := GuardSharing(ctx, tx, practice, couple); err != nil {
		return err
	}
	if err := rowmac.Lock(ctx, tx, practice, rowmac.Holds, couple); err != nil {
		return err
	}
	return CheckHold(ctx, tx, v, practice, couple)
}

// GuardRelease is GuardJointWork for what one partner wrote and the other has not seen. It also
// returns ErrPaused while sharing is paused.
func GuardRelease(ctx context.Context, tx *database.DB, v *vault.Vault, practice, couple string) error {
	if err := GuardJointWork(ctx, tx, v, practice, couple); err != nil {
		return err
	}
	return MayRelease(ctx, tx, v, practice, couple)
}
