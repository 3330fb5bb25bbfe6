package fields

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mend/internal/database"
	"mend/internal/vault"
)

// A FieldSet gives access to the fields of one owner, as a reader may read them. Fields are
// encrypted in Box; those for which IsCounselorOnly returns true, in CounselorBox. Field names are
// encrypted as well, since they can reveal what was asked; a field is found by a blind index.
type FieldSet struct {
	Vault           *vault.Vault
	Practice        string
	Owner           string
	Box             vault.Box
	CounselorBox    vault.Box               // zero if the reader may not have it
	IsCounselorOnly func(field string) bool // nil if there are none
}

func (p FieldSet) box(field string) vault.Box {
	if p.IsCounselorOnly != nil && p.IsCounselorOnly(field) {
		return p.CounselorBox
	}
	return p.Box
}

// slot returns the blind index of a field.
func (p FieldSet) slot(ctx context.Context, db *database.DB, field string) (string, error) {
	return p.Vault.Index(ctx, db, p.Practice, "typed/"+p.Owner+"/"+field)
}

// seal encrypts the field's name and value for a cell.
func (p FieldSet) seal(table, row, field, value string) ([]byte, error) {
	return p.box(field).Seal(vault.CellRef{Table: table, Column: "sealed", Row: row, Owner: p.Owner}, field+"\x00"+value)
}

// A row is a field as stored.
type row struct {
	Owner    string    `db:"owner_id"`
	Slot     string    `db:"slot"`
	Sealed   []byte    `db:"sealed"`
	Revision int       `db:"revision"`
	SavedAt  time.Time `db:"saved_at"`
	SaveKey  string    `db:"save_key"`
	Missing  int       `db:"missing"`
}

const columns = `owner_id, slot, sealed, revision, saved_at, save_key, missing`

// open decrypts r, a row of the table fields.
func (p FieldSet) open(r row) (Field, error) { return p.read("fields", r.Slot, r) }

func (p FieldSet) read(table, id string, r row) (Field, error) {
	spot := vault.CellRef{Table: table, Column: "sealed", Row: id, Owner: p.Owner}
	text, err := p.Box.Read(spot, r.Sealed)
	if err != nil && p.IsCounselorOnly != nil {
		text, err = p.CounselorBox.Read(spot, r.Sealed)
	}
	if err != nil {
		return Field{}, fmt.Errorf("field of %s: %w", p.Owner, err)
	}
	name, value, _ := strings.Cut(text, "\x00")
	return Field{
		Name: name, Value: value, Revision: r.Revision, SavedAt: r.SavedAt, SaveKey: r.SaveKey,
		Missing: r.Missing,
	}, nil
}

// get returns the current state of one field.
func (p FieldSet) get(ctx context.Context, db *database.DB, slot string) (Field, error) {
	var r row
	err := db.Get(ctx, &r, `
		SELECT `+columns+`
		FROM fields
		WHERE practice_id = ? AND owner_id = ? AND slot = ?`, p.Practice, p.Owner, slot)
	if err != nil {
		return Field{}, err
	}
	return p.open(r)
}

// fields decrypts rows, by field name.
func (p FieldSet) fields(rows []row) (map[string]Field, error) {
	fields := make(map[string]Field, len(rows))
	for _, r := range rows {
		if r.Owner != p.Owner {
			continue
		}
		f, err := p.open(r)
		if err != nil {
			return nil, err
		}
		fields[f.Name] = f
	}
	return fields, nil
}

// All returns all saved fields of a set, by name.
func All(ctx context.Context, db *database.DB, p FieldSet) (map[string]Field, error) {
	var rows []row
	err := db.Select(ctx, &rows, `
		SELECT `+columns+`
		FROM fields
		WHERE practice_id = ? AND owner_id = ?`, p.Practice, p.Owner)
	if err != nil {
		return nil, err
	}
	return p.fields(rows)
}

// Many returns the saved fields of several sets of one practice, by owner and name, in one query.
func Many(ctx context.Context, db *database.DB, places []FieldSet) (map[string]map[string]Field, error) {
	found := make(map[string]map[string]Field, len(places))
	if len(places) == 0 {
		return found, nil
	}
	args := []any{places[0].Practice}
	for _, p := range places {
		args = append(args, p.Owner)
	}
	var rows []row
	err := db.Select(ctx, &rows, `
		SELECT `+columns+`
		FROM fields
		WHERE practice_id = ? AND owner_id IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(places)), ", ")+`)`, args...)
	if err != nil {
		return nil, err
	}
	of := map[string][]row{}
	for _, r := range rows {
		of[r.Owner] = append(of[r.Owner], r)
	}
	for _, p := range places {
		if found[p.Owner], err = p.fields(of[p.Owner]); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Some returns the named fields that were saved. It reads no others from the database.
func Some(ctx context.Context, db *database.DB, p FieldSet, names []string) (map[string]Field, error) {
	if len(names) == 0 {
		return map[string]Field{}, nil
	}
	args := []any{p.Practice, p.Owner}
	for _, name := range names {
		slot, err := p.slot(ctx, db, name)
		if err != nil {
			return nil, err
		}
		args = append(args, slot)
	}
	var rows []row
	err := db.Select(ctx, &rows, `
		SELECT `+columns+`
		FROM fields
		WHERE practice_id = ? AND owner_id = ? AND slot IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(names)), ", ")+`)`,
		args...)
	if err != nil {
		return nil, err
	}
	return p.fields(rows)
}
