package worksheets

import (
	"context"
	"fmt"
	"strings"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fields"
	"mend/internal/vault"
)

// material returns the vault material of a page.
func (p Page) material() vault.Material {
	switch d := p.Worksheet; {
	case !d.Portal:
		return vault.IndividualFile
	case p.IsJoint():
		return vault.JointPage
	case p.IsSlip():
		return vault.CounselorField
	case d.Locked:
		return vault.LockedPage
	case d.Privacy == Private:
		return vault.PrivatePage
	}
	return vault.ReleasePage
}

// state returns the vault state of a page.
func (p Page) state() vault.State {
	switch {
	case p.IsJoint() && !p.Sent() && p.ActiveAt != nil:
		return vault.Active
	case !p.Sent():
		return vault.Draft
	case !p.Worksheet.Portal:
		return vault.Kept
	}
	return vault.Sent
}

// fieldSet returns the field set of p as reader may read it, with the fields for the counselor alone
// sealed separately. It returns fault.NotFound if reader may not read the page.
func (st *Store) fieldSet(ctx context.Context, db *database.DB, reader vault.Actor, p Page) (fields.FieldSet, error) {
	item := vault.Item{
		Couple: p.CoupleID, Material: p.material(), State: p.state(),
		Of: vault.Side(p.Side), ID: p.Answer.ID,
	}
	box, err := st.vault.Open(ctx, db, reader, item)
	if err != nil {
		return fields.FieldSet{}, fmt.Errorf("answer %s: %w", p.Answer.ID, err)
	}
	place := fields.FieldSet{Vault: st.vault, Practice: p.PracticeID, Owner: p.Answer.ID, Box: box}
	if !p.Worksheet.Portal || p.Audience == ToJoint {
		return place, nil
	}
	item.Material = vault.CounselorField
	if place.CounselorBox, err = st.vault.Open(ctx, db, reader, item); err != nil {
		return fields.FieldSet{}, fmt.Errorf("answer %s: %w", p.Answer.ID, err)
	}
	place.IsCounselorOnly = p.Worksheet.counselorOnly
	return place, nil
}

// counselorOnly reports whether a field is for the counselor alone.
func (d Definition) counselorOnly(field string) bool {
	f, ok := d.Field(field)
	return ok && f.CounselorOnly
}

// formItem is the vault item that seals the kind of a counselor's form about one partner, which
// would be revealing by itself.
func formItem(couple string, side couples.Side) vault.Item {
	return vault.Item{Couple: couple, Material: vault.IndividualFile, State: vault.Kept, Of: vault.Side(side)}
}

// sealForm seals the worksheet id and wording of a counselor's form.
func (st *Store) sealForm(ctx context.Context, tx *database.DB, c couples.Couple, side couples.Side, assignment string,
	d Definition,
) ([]byte, error) {
	box, err := st.vault.Open(ctx, tx, c.Reader, formItem(c.ID, side))
	if err != nil {
		return nil, err
	}
	row := box.Row("assignments", assignment)
	return row.Seal("form", d.ID+" "+d.Hash), row.Err()
}

// unsealWording decrypts the worksheet id and wording of a if they are sealed.
func (st *Store) unsealWording(ctx context.Context, reader vault.Actor, a *Assignment) error {
	if a.Portal {
		return nil
	}
	box, err := st.vault.Open(ctx, st.db, reader, formItem(a.CoupleID, couples.Side(a.Audience)))
	if err != nil {
		return fmt.Errorf("assignment %s: %w", a.ID, err)
	}
	row := box.Row("assignments", a.ID)
	a.Worksheet, a.Definition, _ = strings.Cut(row.Read("form", a.Form), " ")
	return row.Err()
}
