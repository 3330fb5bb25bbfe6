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

// lease is how long a process may work on a reminder. Sending takes far less, so a process that
// holds one for longer has stopped.
const lease = 10 * time.Minute

// A Store is the outbox.
type Store struct {
	db    *database.DB
	vault *vault.Vault
}

// NewStore returns the outbox in db.
func NewStore(db *database.DB, v *vault.Vault) *Store { return &Store{db, v} }

// A reminder is a row of the outbox claimed by this process.
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

// claim claims the reminder that has been due the longest, or returns fault.NotFound. No two
// processes claim the same one: on PostgreSQL each skips rows that the other has locked.
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

// begin marks r as being sent, within the transaction that found it allowed. It returns false if r
// was dropped or claimed by another process meanwhile.
func (r reminder) begin(ctx context.Context, tx *database.DB, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `
		UPDATE reminders SET state = 'sending', lease_until = ?
		WHERE practice_id = ? AND id = ? AND state = 'waiting' AND lease_id = ?`, now.Add(lease), r.PracticeID, r.ID, r.Lease)
	return n == 1, err
}

// settle stores the final state of r, even if another process marked it as unknown meanwhile.
func (r reminder) settle(ctx context.Context, tx *database.DB, to State, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminders SET state = ?, settled_at = ?
		WHERE practice_id = ? AND id = ? AND state IN ('waiting', 'sending', 'unknown') AND lease_id = ?`, to, now,
		r.PracticeID, r.ID, r.Lease)
	return err
}

// postpone schedules r for another time, unless its appointment was canceled meanwhile.
func (r reminder) postpone(ctx context.Context, tx *database.DB, at, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminders
		SET state = CASE WHEN canceled THEN 'dropped' ELSE 'waiting' END,
		  settled_at = CASE WHEN canceled THEN ? ELSE settled_at END, try_at = ?, lease_until = ?
		WHERE practice_id = ? AND id = ? AND state IN ('waiting', 'sending') AND lease_id = ?`, now, at, now,
		r.PracticeID, r.ID, r.Lease)
	return err
}

// retry schedules r again after a failure.
func (r reminder) retry(ctx context.Context, tx *database.DB, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminders SET attempts = attempts + 1
		WHERE practice_id = ? AND id = ? AND lease_id = ?`, r.PracticeID, r.ID, r.Lease)
	if err != nil {
		return err
	}
	return r.postpone(ctx, tx, now.Add(backoff(r.Attempts)), now)
}

// backoff returns the delay after a number of attempts: a minute, doubled each time, up to an hour,
// plus up to half of it at random, so that processes do not retry at the same time.
func backoff(attempts int) time.Duration {
	wait := min(time.Minute<<min(attempts, 6), time.Hour)
	return wait + rand.N(wait/2)
}

// giveUp marks reminders that a process began to send and did not finish. It is unknown whether
// they were sent, and they are not sent again.
func (st *Store) giveUp(ctx context.Context, now time.Time) error {
	_, err := st.db.Exec(ctx, `
		UPDATE reminders SET state = 'unknown', settled_at = ? WHERE state = 'sending' AND lease_until <= ?`, now, now)
	if err != nil {
		return fmt.Errorf("give reminders up: %w", err)
	}
	return nil
}

// isNone reports whether err means that nothing is due.
func isNone(err error) bool { return errors.Is(err, fault.NotFound) }
