package vault

import (
	"context"
	"errors"

	"mend/internal/database"
	"mend/internal/fault"
)

// A Sealed is an encrypted value as stored.
type Sealed struct {
	Practice string
	Couple   string // the owner; "" for the practice
	Of       Side
	CellRef  CellRef
	Value    []byte
}

// Decrypts reports whether an encrypted value decrypts in its cell, as one of materials. It is for
// verification and does not return the text. A value that may have been encrypted with a destroyed
// key counts as whole.
func (v *Vault) Decrypts(ctx context.Context, db *database.DB, s Sealed, materials []Material) (bool, error) {
	destroyed := false
	for _, m := range materials {
		in, ok := compartmentOf(m, s.Of)
		if !ok {
			continue
		}
		ring, err := v.keyringOf(ctx, db, s.Practice, keysOf(in, s.Couple))
		if errors.Is(err, fault.NotFound) {
			return false, nil // a practice or couple without keys
		}
		if err != nil {
			return false, err
		}
		k, there := ring[in]
		if !there {
			destroyed = true
			continue
		}
		if _, err := (Box{k.aead, s.Practice, s.Couple, in, m}).Read(s.CellRef, s.Value); err == nil {
			return true, nil
		}
	}
	return destroyed, nil
}

// KeysOpen reports whether every key of a couple, of a practice if couple is "", or of the
// installation can be unwrapped as stored now.
func (v *Vault) KeysOpen(ctx context.Context, db *database.DB, practice, couple string) bool {
	if practice == "" && v.check(ctx, db) != nil {
		return false
	}
	_, err := v.load(ctx, db, practice, couple)
	return err == nil
}
