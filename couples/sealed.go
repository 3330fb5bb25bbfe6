package couples

import (
	"context"
	"errors"

	"mend/internal/database"
	"mend/internal/vault"
)

// sealedPartner is a partner as stored.
type sealedPartner struct {
	ID         string `db:"id"`
	PracticeID string `db:"practice_id"`
	CoupleID   string `db:"couple_id"`
	Side       Side   `db:"side"`
	Name       []byte `db:"name"`
	AddressAs  []byte `db:"address_as"`
	Reach      []byte `db:"reach"`
}

func (st *Store) sealPartner(ctx context.Context, tx *database.DB, reader vault.Actor,
	p Partner,
) (sealedPartner, error) {
	name, err := st.vault.Open(ctx, tx, reader, nameOf(p))
	if err != nil {
		return sealedPartner{}, err
	}
	contact, err := st.vault.Open(ctx, tx, reader, contactOf(p))
	if err != nil {
		return sealedPartner{}, err
	}
	names, reach := name.Row("partners", p.ID), contact.Row("partners", p.ID)
	sealed := sealedPartner{
		p.ID, p.PracticeID, p.CoupleID, p.Side,
		names.Seal("name", p.Name), names.Seal("address_as", p.AddressAs), reach.Seal("reach", p.Reach),
	}
	return sealed, errors.Join(names.Err(), reach.Err())
}

func nameOf(p Partner) vault.Item {
	return vault.Item{Couple: p.CoupleID, Material: vault.Name, State: vault.Kept, Of: vault.Side(p.Side)}
}

func contactOf(p Partner) vault.Item {
	return vault.Item{Couple: p.CoupleID, Material: vault.Contact, State: vault.Kept, Of: vault.Side(p.Side)}
}

// AddressOf returns how a partner is addressed, from the column address_as of
// partners: for the lists of other packages, which join that table.
func AddressOf(ctx context.Context, v *vault.Vault, db *database.DB, reader vault.Actor, couple, partner string,
	sealed []byte,
) (string, error) {
	box, err := v.Open(ctx, db, reader, nameOf(Partner{CoupleID: couple}))
	if err != nil {
		return "", err
	}
	row := box.Row("partners", partner)
	return row.Read("address_as", sealed), row.Err()
}
