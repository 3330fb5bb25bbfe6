package couples

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Partner is one of the two people of a couple.
type Partner struct {
	ID         string
	PracticeID string
	CoupleID   string
	Side       Side
	Name       string
	AddressAs  string // the preferred name, used wherever people read it
	Reach      string // private contact data; may be empty
	Erased     bool   // this partner's private data is erased; nothing more can be assigned
}

// A partnerField describes a stored property of a partner: an encrypted column of the table
// partners and a form field of the same name. partnerFields determines what is checked, stored,
// read and erased.
type partnerField struct {
	column      string
	of          func(*Partner) *string
	material    vault.Material
	least, most int  // length in characters
	alone       bool // private to this partner, and erased with their data; the rest is erased with the couple
}

var partnerFields = []partnerField{
	{"name", func(p *Partner) *string { return &p.Name }, vault.Name, 1, 120, false},
	{"address_as", func(p *Partner) *string { return &p.AddressAs }, vault.Name, 1, 60, false},
	{"reach", func(p *Partner) *string { return &p.Reach }, vault.Contact, 0, 200, true},
}

// Fields returns the properties of p by form field.
func (p *Partner) Fields() iter.Seq2[string, *string] {
	return func(yield func(string, *string) bool) {
		for _, f := range partnerFields {
			if !yield(f.column, f.of(p)) {
				return
			}
		}
	}
}

// partnerColumns returns the columns of partnerFields, each followed by behind.
func partnerColumns(behind string) string {
	var columns []string
	for _, f := range partnerFields {
		columns = append(columns, f.column+behind)
	}
	return strings.Join(columns, ", ")
}

// validate adds what is wrong with p, by form field.
func (p Partner) validate(bad fault.Fields, prefix string) {
	for _, f := range partnerFields {
		bad.Length(prefix+f.column, *f.of(&p), f.least, f.most)
	}
}

func (f partnerField) item(p Partner) vault.Item {
	return vault.Item{Couple: p.CoupleID, Material: f.material, State: vault.Kept, Of: vault.Side(p.Side)}
}

// fieldOf returns the field of a column.
func fieldOf(column string) partnerField {
	i := slices.IndexFunc(partnerFields, func(f partnerField) bool { return f.column == column })
	return partnerFields[i]
}

// nameOf returns the vault item of a partner's name.
func nameOf(p Partner) vault.Item { return fieldOf("name").item(p) }

// sealPartner encrypts the properties of p, in the order of partnerFields.
func (st *Store) sealPartner(ctx context.Context, tx *database.DB, reader vault.Actor, p Partner) ([]any, error) {
	var sealed []any
	for _, f := range partnerFields {
		box, err := st.vault.Open(ctx, tx, reader, f.item(p))
		if err != nil {
			return nil, err
		}
		row := box.Row("partners", p.ID)
		sealed = append(sealed, row.Seal(f.column, *f.of(&p)))
		if row.Err() != nil {
			return nil, row.Err()
		}
	}
	return sealed, nil
}

// insertPartner stores a partner of a new couple.
func (st *Store) insertPartner(ctx context.Context, tx *database.DB, reader vault.Actor, p Partner) error {
	sealed, err := st.sealPartner(ctx, tx, reader, p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO partners (id, practice_id, couple_id, side, `+partnerColumns("")+`)
		VALUES (?, ?, ?, ?`+strings.Repeat(", ?", len(sealed))+`)`,
		append([]any{p.ID, p.PracticeID, p.CoupleID, p.Side}, sealed...)...)
	return err
}

// Version identifies what is stored about p, so that a form can tell whether it has changed since.
func (p Partner) Version() string {
	sum := sha256.New()
	for _, f := range partnerFields {
		fmt.Fprintf(sum, "%q\n", *f.of(&p))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// unchanged returns fault.Conflict if what is stored about a partner of c differs from c, and
// fault.NotFound if it was erased. It locks the couple.
func (st *Store) unchanged(ctx context.Context, tx *database.DB, c Couple, side Side) error {
	if err := rowmac.Lock(ctx, tx, c.PracticeID, rowmac.Couple, c.ID); err != nil {
		return err
	}
	r := rows{couple: coupleRow{ID: c.ID}}
	if err := r.readPartners(ctx, tx, c.PracticeID); err != nil {
		return err
	}
	now := r.withoutSealed(c.PracticeID)
	now.Reader = c.Reader
	if err := st.openPartners(ctx, &now, r.partners); err != nil {
		return err
	}
	switch stored := now.Partner(side); {
	case stored.ID == "" || stored.Erased:
		return fault.NotFound
	case stored.Version() != c.Partner(side).Version():
		return fault.Conflict
	}
	return nil
}

// SavePartner stores the properties of a partner of c. It returns fault.Conflict if they have
// changed since c was read.
func (st *Store) SavePartner(ctx context.Context, c Couple, p Partner) error {
	bad := fault.Fields{}
	p.validate(bad, "")
	if err := bad.Err(); err != nil {
		return err
	}
	sealed, err := st.sealPartner(ctx, st.db, c.Reader, p)
	if err != nil {
		return fmt.Errorf("partner %s: %w", p.ID, err)
	}
	changed := c.event(audit.Changed, "partner", p.ID)
	changed.Side = string(p.Side)
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.unchanged(ctx, tx, c, p.Side); err != nil {
			return err
		}
		n, err := audit.Exec(ctx, tx, changed, `
			UPDATE partners SET `+partnerColumns(" = ?")+`
			WHERE practice_id = ? AND couple_id = ? AND id = ? AND erased_at IS NULL`,
			append(sealed, p.PracticeID, p.CoupleID, p.ID)...)
		if err == nil && n == 0 {
			err = fault.NotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("partner %s: %w", p.ID, err)
	}
	return nil
}

// partnerRow is a partner as stored; sealed has the order of partnerFields.
type partnerRow struct {
	id     string
	side   Side
	erased bool
	sealed []any
}

// readPartners reads both partners of the couple.
func (r *rows) readPartners(ctx context.Context, tx *database.DB, practice string) error {
	list, err := tx.Values(ctx, `
		SELECT id, side, erased_at, `+partnerColumns("")+`
		FROM partners
		WHERE practice_id = ? AND couple_id = ?
		ORDER BY side`, practice, r.couple.ID)
	for _, row := range list {
		r.partners = append(r.partners, partnerRow{text(row[0]), Side(text(row[1])), row[2] != nil, row[3:]})
	}
	return err
}

// text returns a text column's value, which differs between the drivers.
func text(v any) string {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	s, _ := v.(string)
	return s
}

// openPartners decrypts the properties of c's partners that its reader may read. The others stay
// empty.
func (st *Store) openPartners(ctx context.Context, c *Couple, rows []partnerRow) error {
	for _, r := range rows {
		p := c.at(r.side)
		for i, f := range partnerFields {
			if f.alone && p.Erased {
				continue
			}
			err := st.open(ctx, *c, f.item(*p), "partners", p.ID, func(row *vault.Row) {
				value, _ := r.sealed[i].([]byte)
				*f.of(p) = row.Read(f.column, value)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ErasedColumns returns the columns of partners that an erasure clears: those private to one
// partner or, with couple, all of them.
func ErasedColumns(couple bool) (columns []string) {
	for _, f := range partnerFields {
		if f.alone || couple {
			columns = append(columns, f.column)
		}
	}
	return columns
}

// blankPartner clears a partner's private columns, or all of them.
func blankPartner(ctx context.Context, tx *database.DB, practice, id string, all bool) error {
	for _, column := range ErasedColumns(all) {
		if _, err := tx.Exec(ctx, `UPDATE partners SET `+column+` = ? WHERE practice_id = ? AND id = ?`,
			[]byte{}, practice, id); err != nil {
			return err
		}
	}
	return nil
}

// AddressOf decrypts a partner's preferred name from the column address_as, for lists of other
// packages that join partners.
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
