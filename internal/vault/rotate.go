package vault

import (
	"context"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"mend/internal/database"
)

// Rotated returns m with a new primary key. The old ones stay until everything is rewrapped.
func (m *Master) Rotated() (*Master, error) {
	manager := keyset.NewManagerFromHandle(m.handle)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err == nil {
		err = manager.SetPrimary(id)
	}
	if err != nil {
		return nil, fmt.Errorf("rotate master key: %w", err)
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("rotate master key: %w", err)
	}
	return masterOf(handle)
}

// Keys returns the number of keys in m: more than one during a rotation.
func (m *Master) Keys() int { return len(m.handle.KeysetInfo().GetKeyInfo()) }

// Newest returns m with only its primary key.
func (m *Master) Newest() (*Master, error) {
	manager := keyset.NewManagerFromHandle(m.handle)
	for _, info := range m.handle.KeysetInfo().GetKeyInfo() {
		if info.GetKeyId() == m.handle.KeysetInfo().GetPrimaryKeyId() {
			continue
		}
		if err := manager.Delete(info.GetKeyId()); err != nil {
			return nil, fmt.Errorf("retire master key: %w", err)
		}
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("retire master key: %w", err)
	}
	return masterOf(handle)
}

// rewrapAtOnce is the number of keysets rewrapped per transaction.
const rewrapAtOnce = 500

type wrappedRow struct {
	Practice    string      `db:"practice_id"`
	Couple      string      `db:"couple_id"`
	Compartment compartment `db:"compartment"`
	Wrapped     []byte      `db:"wrapped"`
}

// Rewrap wraps every keyset with the primary master key and returns how many it changed. If
// interrupted, it can be repeated: each row has the id of its key, and the master has both.
func (v *Vault) Rewrap(ctx context.Context, db *database.DB) (int, error) {
	total := 0
	for {
		n := 0
		err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
			var err error
			n, err = v.rewrapSome(ctx, tx)
			return err
		})
		total += n
		if err != nil {
			return total, fmt.Errorf("wrap keys anew: %w", err)
		}
		if n < rewrapAtOnce {
			return total, v.renewProof(ctx, db)
		}
	}
}

func (v *Vault) rewrapSome(ctx context.Context, tx *database.DB) (int, error) {
	var rows []wrappedRow
	err := tx.Select(ctx, &rows, `
		SELECT practice_id, couple_id, compartment, wrapped
		FROM vault_keys
		WHERE master_id <> ? AND destroyed_at IS NULL
		ORDER BY practice_id, couple_id, compartment
		LIMIT ?`, v.master.ID(), rewrapAtOnce)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		handle, err := v.master.unwrap(r.Wrapped, r.Practice, r.Couple, r.Compartment)
		if err != nil {
			return 0, err
		}
		wrapped, err := v.master.wrap(handle, r.Practice, r.Couple, r.Compartment)
		if err != nil {
			return 0, err
		}
		_, err = tx.Exec(ctx, `
			UPDATE vault_keys SET wrapped = ?, master_id = ?
			WHERE practice_id = ? AND couple_id = ? AND compartment = ? AND destroyed_at IS NULL`,
			wrapped, v.master.ID(), r.Practice, r.Couple, r.Compartment)
		if err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

func (v *Vault) renewProof(ctx context.Context, db *database.DB) error {
	sealed, err := v.master.aead.Encrypt([]byte(proof), []byte(proof))
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `UPDATE vault_proof SET sealed = ? WHERE id = 1`, sealed)
	return err
}

// A Count is the number of keysets wrapped by one master key.
type Count struct {
	MasterID string `db:"master_id"`
	Keysets  int    `db:"keysets"`
}

// Status returns how many keysets are wrapped by each master key, and how many were destroyed.
func Status(ctx context.Context, db *database.DB) (counts []Count, destroyed int, err error) {
	err = db.Select(ctx, &counts, `
		SELECT master_id, COUNT(*) AS keysets
		FROM vault_keys
		WHERE destroyed_at IS NULL
		GROUP BY master_id
		ORDER BY master_id`)
	if err != nil {
		return nil, 0, fmt.Errorf("keys: %w", err)
	}
	err = db.Get(ctx, &destroyed, `SELECT COUNT(*) FROM vault_keys WHERE destroyed_at IS NOT NULL`)
	return counts, destroyed, err
}
