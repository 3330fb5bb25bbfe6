package accounts

import (
	"context"
	"fmt"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// signInKinds returns the kinds of rows that decide whether and as whom somebody signs in: a staff
// member or a partner, and their second factors.
func signInKinds(partner bool) []rowmac.Kind {
	if partner {
		return []rowmac.Kind{rowmac.SignIn, rowmac.Factors}
	}
	return []rowmac.Kind{rowmac.Staff, rowmac.Factors}
}

// stampMACs stamps owner's rows with their MACs, within the transaction that created or changed them.
func (st *Store) stampMACs(ctx context.Context, tx *database.DB, practice, owner string) error {
	for _, k := range []rowmac.Kind{rowmac.Staff, rowmac.SignIn, rowmac.Factors} {
		if err := rowmac.Stamp(ctx, tx, st.vault, practice, k, owner); err != nil {
			return err
		}
	}
	return nil
}

// checkMACs returns fault.NotFound unless the MACs of owner's rows are valid: a role, password or
// factor written directly to the database opens nothing.
func (st *Store) checkMACs(ctx context.Context, db *database.DB, practice, owner string, kinds ...rowmac.Kind) error {
	for _, k := range kinds {
		good, err := rowmac.IsValid(ctx, db, st.vault, practice, k, owner)
		if err == nil && !good {
			err = fmt.Errorf("%s %s: %w", k, owner, fault.NotFound)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// changeCredentials runs do, which changes owner's credentials, in a transaction. It first checks the rows'
// MACs and stamps them afterwards.
func (st *Store) changeCredentials(ctx context.Context, practice, owner string, partner bool,
	do func(ctx context.Context, tx *database.DB) error,
) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.checkMACs(ctx, tx, practice, owner, signInKinds(partner)...); err != nil {
			return err
		}
		if err := do(ctx, tx); err != nil {
			return err
		}
		return st.stampMACs(ctx, tx, practice, owner)
	})
}

// changeOwnCredentials is changeCredentials for the signed-in person.
func (st *Store) changeOwnCredentials(ctx context.Context, l Login,
	do func(ctx context.Context, tx *database.DB) error,
) error {
	return st.changeCredentials(ctx, l.PracticeID, l.owner(), !l.IsCounselor(), do)
}
