package couples

import (
	"context"
	"fmt"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// atDesk is the SQL condition that a person works at the front desk of couple c's practice. Its
// parameter is the person's id.
const atDesk = `EXISTS (
	SELECT 1 FROM counselors d
	WHERE d.practice_id = c.practice_id AND d.id = ? AND d.role = 'front desk' AND d.disabled_at IS NULL)`

// FindForDesk returns a couple as the front desk may see it: the partners' names and contact data.
func (st *Store) FindForDesk(ctx context.Context, practice, person, id string) (Couple, error) {
	as := func(Couple) vault.Actor { return vault.ForDesk(practice, person) }
	return st.find(ctx, practice, as, `
		SELECT c.id, c.record_no, c.counselor_id, c.form_key
		FROM couples c
		WHERE c.practice_id = ? AND c.id = ? AND c.erased_at IS NULL AND `+atDesk, practice, id, person)
}

// AtDesk returns a practice's couples for its front desk.
func (st *Store) AtDesk(ctx context.Context, practice, person string, search Search) (Listing, error) {
	as := func(string) vault.Actor { return vault.ForDesk(practice, person) }
	return st.listing(ctx, as, search, `couples c WHERE c.practice_id = (
		SELECT d.practice_id FROM counselors d
		WHERE d.practice_id = ? AND d.id = ? AND d.role = 'front desk' AND d.disabled_at IS NULL) AND c.erased_at IS NULL`,
		practice, person)
}

// SaveContact stores the contact data of one partner of c. Names can be changed only by the
// counselor. It returns fault.Conflict if something about the partner has changed since c was read.
func (st *Store) SaveContact(ctx context.Context, c Couple, p Partner, reach string) error {
	contact := fieldOf("reach")
	bad := fault.Fields{}
	bad.Length(contact.column, reach, contact.least, contact.most)
	if err := bad.Err(); err != nil {
		return err
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, contact.item(p))
	if err != nil {
		return fmt.Errorf("contact of partner %s: %w", p.ID, err)
	}
	row := box.Row("partners", p.ID)
	sealed := row.Seal(contact.column, reach)
	if err := row.Err(); err != nil {
		return err
	}
	changed := c.event(audit.Changed, "contact", p.ID)
	changed.Side = string(p.Side)
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.unchanged(ctx, tx, c, p.Side); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx, changed, `
			UPDATE partners SET reach = ?
			WHERE practice_id = ? AND couple_id = ? AND id = ? AND erased_at IS NULL`, sealed, c.PracticeID, c.ID, p.ID)
		if err == nil && n == 0 {
			err = fault.NotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("contact of partner %s: %w", p.ID, err)
	}
	return nil
}
