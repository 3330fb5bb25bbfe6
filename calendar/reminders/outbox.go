package reminders

import (
	"context"
	crypto "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// lease is how long a process may work on a reminder. A message takes far less, so that
// whoever holds one for longer was stopped.
const lease = 10 * time.Minute

// A Store keeps the outbox.
type Store struct {
	db    *database.DB
	vault *vault.Vault
}

// NewStore returns the outbox in db.
func NewStore(db *database.DB, v *vault.Vault) *Store { return &Store{db, v} }

// A reminder is a row of the outbox that this process works on.
type reminder struct {
	ID         string    `db:"id"`
	PracticeID string    `db:"practice_id"`
	CoupleID   string    `db:"couple_id"`
	PartnerID  string    `db:"partner_id"`
	Topic      Topic     `db:"topic"`
	StartsAt   time.Time `db:"starts_at"`
	Zone       string    `db:"zone"`
	Attempts   int       `db:"attempts"`
	Lease      string    `db:"lease_id"`
}

// claim takes the reminder that has been due for longest, fault.NotFound where none is. Two
// processes never take the same: on PostgreSQL each skips what the other has locked.
func (st *Store) claim(ctx context.Context, now time.Time) (r reminder, err error) {
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		return tx.Get(ctx, &r, `
			UPDATE reminders SET lease_id = ?, lease_until = ?
			WHERE id = (
			  SELECT id FROM reminders
			  WHERE state = 'waiting' AND try_at <= ? AND lease_until <= ?
			  ORDER BY try_at, id LIMIT 1`+tx.SkipLocked()+`)
			RETURNING id, practice_id, couple_id, partner_id, topic, starts_at, zone, attempts, lease_id`,
			crypto.Text(), now.Add(lease), now, now)
	})
	if err != nil {
		err = fmt.Errorf("claim a reminder: %w", err)
	}
	return r, err
}

// begin notes that r is being handed over, within the transaction that found it allowed. It
// tells whether it still may be: not after it was dropped, or taken by another process.
func (r reminder) begin(ctx context.Context, tx *database.DB, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE reminders SET state = 'sending', lease_until = ?
		WHERE practice_id = ? AND id = ? AND state = 'waiting' AND lease_id = ?`, now.Add(lease), r.PracticeID, r.ID, r.Lease)
	return n == 1, err
}

// settle stores what became of r. It holds also where another process gave r up meanwhile.
func (r reminder) settle(ctx context.Context, tx *database.DB, to State, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminders SET state = ?, settled_at = ?
		WHERE practice_id = ? AND id = ? AND state IN ('waiting', 'sending', 'unknown') AND lease_id = ?`, to, now,
		r.PracticeID, r.ID, r.Lease)
	return err
}

// postpone has r tried again at a time, unless its appointment was canceled meanwhile.
func (r reminder) postpone(ctx context.Context, tx *database.DB, at, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminders
		SET state = CASE WHEN canceled THEN 'dropped' ELSE 'waiting' END,
		  settled_at = CASE WHEN canceled THEN ? ELSE settled_at END, try_at = ?, lease_until = ?
		WHERE practice_id = ? AND id = ? AND state IN ('waiting', 'sending') AND lease_id = ?`, now, at, now,
		r.PracticeID, r.ID, r.Lease)
	return err
}

// retry has r tried again after a failure.
func (r reminder) retry(ctx context.Context, tx *database.DB, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminders SET attempts = attempts + 1
		WHERE practice_id = ? AND id = ? AND lease_id = ?`, r.PracticeID, r.ID, r.Lease)
	if err != nil {
		return err
	}
	return r.postpone(ctx, tx, now.Add(backoff(r.Attempts)), now)
}

// backoff is how long to wait after so many attempts: a minute, then twice as long each
// time, up to an hour, with up to half of it more, so that processes do not come back at once.
func backoff(attempts int) time.Duration {
	wait := min(time.Minute<<min(attempts, 6), time.Hour)
	return wait + rand.N(wait/2)
}

// giveUp marks what a process began to hand over and did not finish: whether it was sent
// cannot be known, and it is not sent again.
func (st *Store) giveUp(ctx context.Context, now time.Time) error {
	_, err := st.db.Exec(ctx, `
		UPDATE reminders SET state = 'unknown', settled_at = ? WHERE state = 'sending' AND lease_until <= ?`, now, now)
	if err != nil {
		return fmt.Errorf("give reminders up: %w", err)
	}
	return nil
}

// isNone tells whether err says that nothing is due.
func isNone(err error) bool { return errors.Is(err, fault.NotFound) }
