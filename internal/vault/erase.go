package vault

import (
	"context"
	"fmt"
	"time"

	"mend/internal/database"
)

// Destroy destroys the keys of a couple or, if of is a side, of one partner's private data, within
// the transaction that records the reason. Nobody can then read what they encrypted, in this
// database or in any copy without its keys. Call Forget after the transaction.
func (v *Vault) Destroy(ctx context.Context, tx *database.DB, practice, couple string, of Side, now time.Time) error {
	list := ofCouple
	if of != "" {
		private, _ := compartmentOf(PrivatePage, of)
		individual, _ := compartmentOf(IndividualFile, of)
		list = []compartment{private, individual}
	}
	for _, c := range list {
		_, err := tx.Exec(ctx, `
			UPDATE vault_keys SET wrapped = ?, destroyed_at = ?
			WHERE practice_id = ? AND couple_id = ? AND compartment = ? AND destroyed_at IS NULL`, []byte{}, now,
			practice, couple, string(c))
		if err != nil {
			return fmt.Errorf("destroy the key of %s: %w", c, err)
		}
	}
	return tx.Signal(ctx, destroyed)
}

// destroyed is the signal by which processes announce destroyed keys.
const destroyed = "keys destroyed"

// WatchErasures makes v drop its cached keys when another process on db has destroyed some. It is called
// before v is used.
func (v *Vault) WatchErasures(db *database.DB) { v.destroyed, _ = db.Watch(destroyed) }

// dropDestroyed empties the cache if keys were destroyed since the last check.
func (v *Vault) dropDestroyed() {
	select {
	case <-v.destroyed:
		v.drops.Add(1)
		v.keys.Purge()
	default:
	}
}

// Forget drops the cached keys of a couple and scrubs overwritten rows from the database. Other
// processes that share the database drop theirs after the transaction.
func (v *Vault) Forget(ctx context.Context, db *database.DB, practice, couple string) error {
	v.drops.Add(1) // what is being read now may be from before, and is not cached
	v.keys.Remove(ringName(practice, couple))
	return db.Scrub(ctx, "vault_keys")
}
