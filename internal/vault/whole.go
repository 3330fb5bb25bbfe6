package vault

import (
	"context"
	"errors"

	"mend/internal/database"
	"mend/internal/fault"
)

// A Sealed is a sealed value as it stands in the database.
type Sealed struct {
	Practice string
	Couple   string // whose it is; "" for the practice
	Of       Side
	CellRef  CellRef
	Value    []byte
}

// IsWhole tells whether a sealed value opens where it stands, as one of materials. It
// is for verification: what the value says is not returned, so that nobody reads it.
// A value that may have been sealed with a key that was destroyed counts as whole.
func (v *Vault) IsWhole(ctx context.Context, db *database.DB, s Sealed, materials []Material) (bool, error) {
	destroyed := false
	for _, m := range materials {
		in, ok := place(m, s.Of)
		if !ok {
			continue
		}
		ring, err := v.ring(ctx, db, s.Practice, keysOf(in, s.Couple))
		if errors.Is(err, fault.NotFound) {
			return false, nil // of a practice or couple that has no keys
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

// KeysOpen tells whether every key of a couple, of a practice if couple is "", or of the
// installation can be unwrapped as it stands in the database now.
func (v *Vault) KeysOpen(ctx context.Context, db *database.DB, practice, couple string) bool {
	if practice == "" && v.check(ctx, db) != nil {
		return false
	}
	_, err := v.load(ctx, db, practice, couple)
	return err == nil
}
