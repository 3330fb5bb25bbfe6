package accounts

import (
	"context"
	"time"

	"mend/internal/database"
	"mend/internal/vault"
)

// sealedCounselor is a counselor as stored.
type sealedCounselor struct {
	ID           string     `db:"id"`
	PracticeID   string     `db:"practice_id"`
	EmailIndex   string     `db:"email_index"`
	Email        []byte     `db:"email"`
	Name         []byte     `db:"name"`
	Credentials  []byte     `db:"credentials"`
	LicenseType  []byte     `db:"license_type"`
	LicenseNo    []byte     `db:"license_no"`
	LicenseState []byte     `db:"license_state"`
	Role         Role       `db:"role"`
	PasswordHash string     `db:"password_hash"`
	CreatedAt    time.Time  `db:"created_at"`
	DisabledAt   *time.Time `db:"disabled_at"`
}

// staff opens the vault box of a practice's counselors.
func (st *Store) staff(ctx context.Context, db *database.DB, practice string) (vault.Box, error) {
	return st.vault.Open(ctx, db, vault.ForProgram(practice), vault.Item{Material: vault.Staff, State: vault.Kept})
}

// signInIndex returns the blind index of a sign-in name or email address. It is the same in every
// practice, because the practice is not known before sign-in.
func (st *Store) signInIndex(ctx context.Context, db *database.DB, signIn string) (string, error) {
	return st.vault.Index(ctx, db, "", "sign-in/"+normalizeSignIn(signIn))
}

func (st *Store) seal(ctx context.Context, db *database.DB, c Counselor) (sealedCounselor, error) {
	box, err := st.staff(ctx, db, c.PracticeID)
	if err != nil {
		return sealedCounselor{}, err
	}
	index, err := st.signInIndex(ctx, db, c.Email)
	if err != nil {
		return sealedCounselor{}, err
	}
	row := box.Row("counselors", c.ID)
	s := sealedCounselor{
		c.ID, c.PracticeID, index, row.Seal("email", c.Email), row.Seal("name", c.Name),
		row.Seal("credentials", c.Credentials),
		row.Seal("license_type", c.LicenseType), row.Seal("license_no", c.LicenseNo),
		row.Seal("license_state", c.LicenseState),
		c.Role, c.PasswordHash, c.CreatedAt, c.DisabledAt,
	}
	return s, row.Err()
}

func (st *Store) unseal(ctx context.Context, db *database.DB, s sealedCounselor) (Counselor, error) {
	box, err := st.staff(ctx, db, s.PracticeID)
	if err != nil {
		return Counselor{}, err
	}
	row := box.Row("counselors", s.ID)
	c := Counselor{
		s.ID, s.PracticeID, row.Read("email", s.Email), row.Read("name", s.Name), row.Read("credentials", s.Credentials),
		row.Read("license_type", s.LicenseType), row.Read("license_no", s.LicenseNo),
		row.Read("license_state", s.LicenseState),
		s.Role, s.PasswordHash, s.CreatedAt, s.DisabledAt,
	}
	return c, row.Err()
}
