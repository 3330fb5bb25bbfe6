package accounts

import (
	"context"
	"fmt"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// signsIn are what decides whether somebody signs in, and as what: somebody of the
// staff, or a partner, and their second factors.
func signsIn(partner bool) []rowmac.Kind {
	if partner {
		return []rowmac.Kind{rowmac.SignIn, rowmac.Factors}
	}
	return []rowmac.Kind{rowmac.Staff, rowmac.Factors}
}

// vouch vouches for whom owner signs in as, within the transaction that made or
// changed it.
func (st *Store) vouch(ctx context.Context, tx *database.DB, practice, owner string) error {
	for _, k := range []rowmac.Kind{rowmac.Staff, rowmac.SignIn, rowmac.Factors} {
		if err := rowmac.Stamp(ctx, tx, st.vault, practice, k, owner); err != nil {
			return err
		}
	}
	return nil
}

// vouched returns fault.NotFound unless what owner signs in with is as the program
// wrote it: a role, a password or a factor that was put there past the program opens nothing.
func (st *Store) vouched(ctx context.Context, db *database.DB, practice, owner string, kinds ...rowmac.Kind) error {
	for _, k := range kinds {
		good, err := rowmac.IsGood(ctx, db, st.vault, practice, k, owner)
		if err == nil && !good {
			err = fmt.Errorf("%s %s: %w", k, owner, fault.NotFound)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// changing runs do in a transaction that changes what owner signs in with, if that
// was as the program wrote it, and vouches for what it is then.
func (st *Store) changing(ctx context.Context, practice, owner string, partner bool,
	do func(ctx context.Context, tx *database.DB) error,
) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.vouched(ctx, tx, practice, owner, signsIn(partner)...); err != nil {
			return err
		}
		if err := do(ctx, tx); err != nil {
			return err
		}
		return st.vouch(ctx, tx, practice, owner)
	})
}

// changingLogin is changing for whoever is signed in.
func (st *Store) changingLogin(ctx context.Context, l Login,
	do func(ctx context.Context, tx *database.DB) error,
) error {
	return st.changing(ctx, l.PracticeID, l.owner(), !l.IsCounselor(), do)
}
