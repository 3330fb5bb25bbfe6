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

// material is what a page is in the policy of who reads what.
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

// state is where the page stands in that policy.
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

// place is where the fields of p are kept, as reader may read them: all, those
// for the counselor alone sealed apart. It is fault.NotFound where the policy
// keeps the page from reader.
func (st *Store) place(ctx context.Context, db *database.DB, reader vault.Actor, p Page) (fields.FieldSet, error) {
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

// counselorOnly tells whether a field is never the other partner's to read.
func (d Definition) counselorOnly(field string) bool {
	f, ok := d.Field(field)
	return ok && f.CounselorOnly
}

// formItem is what seals which form an assignment is, where that alone would
// tell: the counselor's forms about one partner.
func formItem(couple string, side couples.Side) vault.Item {
	return vault.Item{Couple: couple, Material: vault.IndividualFile, State: vault.Kept, Of: vault.Side(side)}
}

// sealForm returns the name and wording of a counselor's form, sealed.
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

// named completes a with the name and wording of its form, if those are sealed.
func (st *Store) named(ctx context.Context, reader vault.Actor, a *Assignment) error {
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
