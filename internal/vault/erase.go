package vault

import (
	"context"
	"fmt"
	"time"

	"mend/internal/database"
)

// Destroy takes away the keys of a couple, or of what is one partner's alone if
// of is a side, within the transaction that records why. What they sealed is
// then nobody's to read, in this database and in any copy without its keys.
// Forget has to follow once the transaction is through.
func (v *Vault) Destroy(ctx context.Context, tx *database.DB, practice, couple string, of Side, now time.Time) error {
	list := ofCouple
	if of != "" {
		private, _ := place(PrivatePage, of)
		individual, _ := place(IndividualFile, of)
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

// destroyed is the topic on which processes tell each other that keys are gone.
const destroyed = "keys destroyed"

// Follow has v drop the keys that it keeps in memory once another process on db
// has destroyed some. It is called before v is used.
func (v *Vault) Follow(db *database.DB) { v.destroyed, _ = db.Watch(destroyed) }

// dropDestroyed empties the memory if keys were destroyed since it last looked.
func (v *Vault) dropDestroyed() {
	select {
	case <-v.destroyed:
		v.drops.Add(1)
		v.keys.Purge()
	default:
	}
}

// Forget drops the keys of a couple from memory and has the database drop what
// it keeps of overwritten rows. Another process that shares the database drops
// its own when the transaction is through.
func (v *Vault) Forget(ctx context.Context, db *database.DB, practice, couple string) error {
	v.keys.Remove(ringName(practice, couple))
	return db.Scrub(ctx, "vault_keys")
}
