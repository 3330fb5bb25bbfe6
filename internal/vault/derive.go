package vault

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"fmt"

	"mend/internal/database"
	"mend/internal/fault"
)

// AuditKey returns the key of a practice's audit chain.
func (v *Vault) AuditKey(ctx context.Context, db *database.DB, practice string) ([]byte, error) {
	return v.derive(ctx, db, practice, auditing, "mend/audit/1")
}

// SigningKey returns the key with which a practice signs the checkpoints of its audit chain.
func (v *Vault) SigningKey(ctx context.Context, db *database.DB, practice string) (ed25519.PrivateKey, error) {
	seed, err := v.derive(ctx, db, practice, signing, "mend/signing/1")
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Index returns a blind index, by which a row is found without storing its text: equal texts of a
// practice give equal tokens, and without the key nothing can be inferred from them. An empty
// practice is for what must be found before the practice is known, such as a sign-in name.
func (v *Vault) Index(ctx context.Context, db *database.DB, practice, text string) (string, error) {
	sum := sha256.Sum256([]byte(text))
	token, err := v.derive(ctx, db, practice, index, "mend/index/1/"+string(sum[:]))
	if err != nil {
		return "", err
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(token[:16]), nil
}

func (v *Vault) derive(ctx context.Context, db *database.DB, practice string, c compartment,
	label string,
) ([]byte, error) {
	ring, err := v.keyringOf(ctx, db, practice, "")
	if err != nil {
		return nil, err
	}
	k, ok := ring[c]
	if !ok || k.prf == nil {
		return nil, fmt.Errorf("key of %s: %w", c, fault.NotFound)
	}
	return k.prf.ComputePrimaryPRF([]byte(label), 32)
}

// RowKey returns the key of a practice's row MACs (internal/rowmac).
func (v *Vault) RowKey(ctx context.Context, db *database.DB, practice string) ([]byte, error) {
	return v.derive(ctx, db, practice, auditing, "mend/rows/1")
}
