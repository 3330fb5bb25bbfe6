package couples

import (
	"context"
	"fmt"
	"strings"

	"mend/internal/database"
	"mend/internal/vault"
)

// PartnerNames returns the preferred names of partners in a counselor's caseload by id. Others, and
// those whose couple was erased, are left out.
func (st *Store) PartnerNames(ctx context.Context, practice, counselor string, ids []string) (
	map[string]string, error,
) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	var rows []struct {
		ID      string `db:"id"`
		Couple  string `db:"couple_id"`
		Address []byte `db:"address_as"`
	}
	marks, args := database.In(ids)
	err := st.db.Select(ctx, &rows, `
		SELECT p.id, p.couple_id, p.address_as
		FROM partners p
		JOIN couples c ON c.id = p.couple_id
		WHERE p.practice_id = ? AND c.counselor_id = ? AND c.erased_at IS NULL AND p.id IN (`+marks+`)`,
		append([]any{practice, counselor}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("names of partners: %w", err)
	}
	for _, r := range rows {
		reader := vault.ForCounselor(practice, counselor, r.Couple)
		if names[r.ID], err = AddressOf(ctx, st.vault, st.db, reader, r.Couple, r.ID, r.Address); err != nil {
			return nil, fmt.Errorf("name of partner %s: %w", r.ID, err)
		}
	}
	return names, nil
}

// NamesOf returns the partners' names, such as "Robin and Sasha", for a counselor's couples by id,
// for lists of other packages.
func NamesOf(ctx context.Context, v *vault.Vault, db *database.DB, practice, counselor string, ids []string) (
	map[string]string, error,
) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	var rows []struct {
		ID      string `db:"id"`
		Couple  string `db:"couple_id"`
		Address []byte `db:"address_as"`
	}
	marks, args := database.In(ids)
	err := db.Select(ctx, &rows, `
		SELECT p.id, p.couple_id, p.address_as
		FROM partners p
		JOIN couples c ON c.id = p.couple_id
		WHERE p.practice_id = ? AND c.counselor_id = ? AND p.couple_id IN (`+marks+`)
		ORDER BY p.couple_id, p.side`, append([]any{practice, counselor}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("names of couples: %w", err)
	}
	for _, r := range rows {
		name, err := AddressOf(ctx, v, db, vault.ForCounselor(practice, counselor, r.Couple), r.Couple, r.ID, r.Address)
		if err != nil {
			return nil, fmt.Errorf("names of couple %s: %w", r.Couple, err)
		}
		if before, ok := names[r.Couple]; ok {
			name = before + " and " + name
		}
		names[r.Couple] = name
	}
	return names, nil
}

// RecordNos returns the record numbers of a practice's couples by id. They name nobody.
func (st *Store) RecordNos(ctx context.Context, practice string, ids []string) (map[string]string, error) {
	numbers := map[string]string{}
	if len(ids) == 0 {
		return numbers, nil
	}
	var rows []struct {
		ID       string `db:"id"`
		RecordNo string `db:"record_no"`
	}
	marks, args := database.In(ids)
	err := st.db.Select(ctx, &rows, `SELECT id, record_no FROM couples WHERE practice_id = ? AND id IN (`+marks+`)`,
		append([]any{practice}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("record numbers: %w", err)
	}
	for _, r := range rows {
		numbers[r.ID] = r.RecordNo
	}
	return numbers, nil
}

// IDOfRecord returns the id of the couple with a record number, as somebody typed it, or
// fault.NotFound.
func (st *Store) IDOfRecord(ctx context.Context, practice, number string) (id string, err error) {
	err = st.db.Get(ctx, &id, `SELECT id FROM couples WHERE practice_id = ? AND record_no = ?`, practice,
		strings.ToUpper(strings.TrimSpace(number)))
	if err != nil {
		return "", fmt.Errorf("record: %w", err)
	}
	return id, nil
}
