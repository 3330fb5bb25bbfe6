package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/signature"
	"mend/internal/vault"
)

// SigningIdentity returns the practice's signing identity, within the transaction of a signature.
// If it has none, or the self-made one has expired, it makes a new one. If the practice's own
// certificate has expired, it returns fault.Fields for "password", the field next to which the
// signature is made.
func SigningIdentity(ctx context.Context, tx *database.DB, v *vault.Vault, practice string,
	now time.Time,
) (signature.Identity, error) {
	id, number, err := newestIdentity(ctx, tx, v, practice)
	if err == nil {
		invalid := id.ValidAt(now)
		if invalid == nil {
			return id, nil
		}
		if !id.IsSelfMade() {
			return id, fault.Fields{"password": i18n.Message("Nothing was signed: of the practice’s own certificate, " +
				invalid.Error() + ". Your administrator can add another with “mend certificate”.")}
		}
	} else if !errors.Is(err, fault.NotFound) {
		return id, err
	}
	var name string
	if err := tx.Get(ctx, &name, `SELECT name FROM practices WHERE id = ?`, practice); err != nil {
		return id, fmt.Errorf("practice %s: %w", practice, err)
	}
	if id, err = signature.Make(name, now); err != nil {
		return id, err
	}
	return addIdentity(ctx, tx, v, practice, number+1, id, now)
}

// SigningIdentity returns the practice's signing identity for a printed copy, as the function
// SigningIdentity does for a signature.
func (st *Store) SigningIdentity(ctx context.Context, practice string, now time.Time) (signature.Identity, error) {
	id, _, err := newestIdentity(ctx, st.db, st.vault, practice)
	if err == nil && id.ValidAt(now) == nil {
		return id, nil
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) (err error) {
		id, err = SigningIdentity(ctx, tx, st.vault, practice, now)
		return err
	})
	return id, err
}

// newestIdentity returns the identity with which practice signs and its number, or fault.NotFound.
func newestIdentity(ctx context.Context, db *database.DB, v *vault.Vault, practice string) (signature.Identity, int,
	error,
) {
	var stored struct {
		ID     string `db:"id"`
		Number int    `db:"number"`
		Sealed []byte `db:"identity"`
	}
	err := db.Get(ctx, &stored, `
		SELECT id, number, identity FROM signing_identities WHERE practice_id = ? ORDER BY number DESC LIMIT 1`, practice)
	if err != nil {
		return signature.Identity{}, 0, fmt.Errorf("signing identity of %s: %w", practice, err)
	}
	box, err := v.Open(ctx, db, vault.ForProgram(practice), vault.Item{Material: vault.SigningKey, State: vault.Kept})
	if err != nil {
		return signature.Identity{}, 0, err
	}
	row := box.Row("signing_identities", stored.ID)
	text := row.Read("identity", stored.Sealed)
	if err := row.Err(); err != nil {
		return signature.Identity{}, 0, err
	}
	id, err := signature.Parse([]byte(text))
	return id, stored.Number, err
}

// addIdentity stores the identity with which practice signs from now on. If two are added at once,
// the first one is kept and returned.
func addIdentity(ctx context.Context, tx *database.DB, v *vault.Vault, practice string, number int,
	id signature.Identity, now time.Time,
) (signature.Identity, error) {
	text, err := id.PEM()
	if err != nil {
		return id, err
	}
	box, err := v.Open(ctx, tx, vault.ForProgram(practice), vault.Item{Material: vault.SigningKey, State: vault.Kept})
	if err != nil {
		return id, err
	}
	key := rand.Text()
	row := box.Row("signing_identities", key)
	sealed := row.Seal("identity", string(text))
	if err := row.Err(); err != nil {
		return id, err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO signing_identities (id, practice_id, number, identity, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (practice_id, number) DO NOTHING`, key, practice, number, sealed, now)
	if err != nil {
		return id, fmt.Errorf("signing identity of %s: %w", practice, err)
	}
	if n == 0 {
		id, _, err = newestIdentity(ctx, tx, v, practice)
		return id, err
	}
	added := audit.Event{
		Practice: practice, Action: audit.SettingChanged, Object: "certificate", ID: key,
		Reason: signature.Fingerprint(id.Chain[0]),
	}
	if err := audit.Record(ctx, tx, added); err != nil {
		return id, err
	}
	return id, rowmac.Stamp(ctx, tx, v, practice, rowmac.SigningIdentity, key)
}

// BringIdentity stores a practice's own signing identity, to be used from now on. If the identity
// is not valid now, the error is a readable sentence.
func (st *Store) BringIdentity(ctx context.Context, practice string, id signature.Identity, now time.Time) error {
	if err := id.ValidAt(now); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		_, number, err := newestIdentity(ctx, tx, st.vault, practice)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		_, err = addIdentity(ctx, tx, st.vault, practice, number+1, id, now)
		return err
	})
}

// PracticeOf returns the practice of the counselor who signs in with email.
func (st *Store) PracticeOf(ctx context.Context, email string) (practice string, err error) {
	index, err := st.signInIndex(ctx, st.db, email)
	if err == nil {
		err = st.db.Get(ctx, &practice, `SELECT practice_id FROM counselors WHERE email_index = ?`, index)
	}
	if err != nil {
		return "", fmt.Errorf("practice of a counselor: %w", err)
	}
	return practice, nil
}

// A Certificate describes the certificate with which a practice signs.
type Certificate struct {
	Fingerprint string // "" if nothing was signed yet
	Until       time.Time
	IsSelfMade  bool
}

// Certificate returns the certificate with which practice signs.
func (st *Store) Certificate(ctx context.Context, practice string) (Certificate, error) {
	id, _, err := newestIdentity(ctx, st.db, st.vault, practice)
	if errors.Is(err, fault.NotFound) {
		return Certificate{}, nil
	}
	if err != nil {
		return Certificate{}, err
	}
	own := id.Chain[0]
	return Certificate{signature.Fingerprint(own), own.NotAfter, id.IsSelfMade()}, nil
}
