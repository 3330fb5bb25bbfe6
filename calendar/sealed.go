package calendar

import (
	"context"

	"mend/internal/database"
	"mend/internal/vault"
)

// row opens the vault row of an appointment's place detail or absence.
func (st *Store) row(ctx context.Context, db *database.DB, a Appointment, m vault.Material) (*vault.Row, error) {
	box, err := st.vault.Open(ctx, db, a.Reader, vault.Item{Couple: a.CoupleID, Material: m, State: vault.Kept})
	if err != nil {
		return nil, err
	}
	return box.Row("appointments", a.ID), nil
}

// sealDetail encrypts the place detail of a, or returns nil if there is none.
func (st *Store) sealDetail(ctx context.Context, tx *database.DB, a Appointment) ([]byte, error) {
	if a.PlaceDetail == "" {
		return nil, nil
	}
	row, err := st.row(ctx, tx, a, vault.Appointment)
	if err != nil {
		return nil, err
	}
	return row.Seal("place_detail", a.PlaceDetail), row.Err()
}

// sealAbsent encrypts who canceled or did not come.
func (st *Store) sealAbsent(ctx context.Context, tx *database.DB, a Appointment, who string) ([]byte, error) {
	row, err := st.row(ctx, tx, a, vault.Absence)
	if err != nil {
		return nil, err
	}
	return row.Seal("absent", who), row.Err()
}

// unseal decrypts place detail and absence.
func (st *Store) unseal(ctx context.Context, db *database.DB, a *Appointment) error {
	if len(a.SealedDetail) > 0 {
		row, err := st.row(ctx, db, *a, vault.Appointment)
		if err != nil {
			return err
		}
		if a.PlaceDetail = row.Read("place_detail", a.SealedDetail); row.Err() != nil {
			return row.Err()
		}
	}
	if len(a.SealedAbsent) == 0 {
		return nil
	}
	row, err := st.row(ctx, db, *a, vault.Absence)
	if err != nil {
		return err
	}
	a.Absent = row.Read("absent", a.SealedAbsent)
	return row.Err()
}
