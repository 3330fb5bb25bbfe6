package accounts

import (
	"context"
	"fmt"

	"mend/internal/database"
	"mend/internal/vault"
)

// keepName stores a partner's sign-in name encrypted, so that it can be shown again to them and
// their counselor.
func (st *Store) keepName(ctx context.Context, tx *database.DB, practice, id, name string) error {
	box, err := st.vault.Open(ctx, tx, vault.ForProgram(practice),
		vault.Item{Material: vault.SignInName, State: vault.Kept})
	if err != nil {
		return err
	}
	row := box.Row("sign_ins", id)
	sealed := row.Seal("name", name)
	if row.Err() != nil {
		return row.Err()
	}
	_, err = tx.Exec(ctx, `UPDATE sign_ins SET name = ? WHERE practice_id = ? AND id = ?`, sealed, practice, id)
	return err
}

// SignInName returns the sign-in name of a partner of couple on side, and whether they have a
// sign-in. Only that partner and the couple's counselor may read it.
func (st *Store) SignInName(
	ctx context.Context, reader vault.Actor, couple string, side vault.Side, partner string,
) (name string, joined bool, err error) {
	item := vault.Item{Couple: couple, Material: vault.SignInName, State: vault.Kept, Of: side}
	box, err := st.vault.Open(ctx, st.db, reader, item)
	if err != nil {
		return "", false, err
	}
	var rows []struct {
		ID   string `db:"id"`
		Name []byte `db:"name"`
	}
	err = st.db.Select(ctx, &rows, `
		SELECT id, name FROM sign_ins
		WHERE practice_id = ? AND partner_id = ?`, reader.Practice(), partner)
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	row := box.Row("sign_ins", rows[0].ID)
	name = row.Read("name", rows[0].Name)
	if row.Err() != nil {
		return "", true, fmt.Errorf("name of sign-in %s: %w", rows[0].ID, row.Err())
	}
	return name, true, nil
}
