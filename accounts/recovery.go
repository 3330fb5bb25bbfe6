package accounts

import (
	"context"
	"crypto/rand"
	"strings"

	"mend/internal/database"
)

// recoveryCodes is the number of codes in a set.
const recoveryCodes = 10

// missingRecoveryCodes returns new recovery codes, to be shown once, if the person has no unused
// ones.
func missingRecoveryCodes(ctx context.Context, tx *database.DB, l Login) ([]string, error) {
	var left int
	err := tx.Get(ctx, &left,
		`SELECT COUNT(*) FROM recovery_codes WHERE practice_id = ? AND owner_id = ? AND used_at IS NULL`,
		l.PracticeID, l.owner())
	if err != nil || left > 0 {
		return nil, err
	}
	return newRecoveryCodes(ctx, tx, l)
}

func newRecoveryCodes(ctx context.Context, tx *database.DB, l Login) ([]string, error) {
	var codes []string
	for range recoveryCodes {
		code := strings.ToLower(rand.Text()[:16]) // 80 bits
		_, err := tx.Exec(ctx, `INSERT INTO recovery_codes (owner_id, practice_id, code_hash) VALUES (?, ?, ?)`, l.owner(),
			l.PracticeID, hashToken(code))
		if err != nil {
			return nil, err
		}
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
	}
	return codes, nil
}

// dropIdleRecoveryCodes deletes the recovery codes of somebody who has no second factor left.
func dropIdleRecoveryCodes(ctx context.Context, tx *database.DB, l Login) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM recovery_codes
		WHERE practice_id = ? AND owner_id = ?
		  AND NOT EXISTS (SELECT 1 FROM factors f WHERE f.owner_id = recovery_codes.owner_id AND f.confirmed_at IS NOT NULL)
		  AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.owner_id = recovery_codes.owner_id)`, l.PracticeID, l.owner())
	return err
}
