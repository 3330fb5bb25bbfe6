package fields

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

// A Copy is a text that is not the field's value: it lost a Clash, or it was the value until
// another Copy was restored. Only its author sees it, until they dismiss it.
type Copy struct {
	ID      string
	Field   string
	Value   string
	SavedAt time.Time
}

// Keep stores the text that lost a Clash. A page has one copy of a field: a later one replaces it.
func Keep(ctx context.Context, db *database.DB, p FieldSet, e Edit) error {
	slot, err := p.slot(ctx, db, e.Field)
	if err != nil {
		return err
	}
	page, number := pageOf(e.Key)
	return p.keep(ctx, db, slot, page, number, e)
}

func (p FieldSet) keep(ctx context.Context, db *database.DB, slot, page string, number int, e Edit) error {
	sealed, err := p.seal("field_copies", slot+"/"+page, e.Field, e.Value)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `
		INSERT INTO field_copies (practice_id, owner_id, slot, page, number, author_id, sealed, saved_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (owner_id, slot, page) DO UPDATE
		SET sealed = excluded.sealed, number = excluded.number, saved_at = excluded.saved_at
		WHERE field_copies.number < excluded.number`,
		p.Practice, p.Owner, slot, page, number, e.By, sealed, e.At)
	return err
}

// A copyRow is a Copy as stored.
type copyRow struct {
	row
	Page string `db:"page"`
}

const copyColumns = `owner_id, slot, page, sealed, saved_at`

func (p FieldSet) openCopy(r copyRow) (Copy, error) {
	f, err := p.read("field_copies", r.Slot+"/"+r.Page, r.row)
	return Copy{ID: r.Page, Field: f.Name, Value: f.Value, SavedAt: f.SavedAt}, err
}

// Copies returns the copies that author may restore or dismiss, oldest first.
func Copies(ctx context.Context, db *database.DB, p FieldSet, author string) ([]Copy, error) {
	var rows []copyRow
	err := db.Select(ctx, &rows, `
		SELECT `+copyColumns+`
		FROM field_copies
		WHERE practice_id = ? AND owner_id = ? AND author_id = ?
		ORDER BY saved_at, page`, p.Practice, p.Owner, author)
	if err != nil {
		return nil, err
	}
	copies := make([]Copy, len(rows))
	for i, r := range rows {
		if copies[i], err = p.openCopy(r); err != nil {
			return nil, err
		}
	}
	return copies, nil
}

// AddCopies adds to the fields of p the copies that author may restore or dismiss.
func AddCopies(ctx context.Context, db *database.DB, p FieldSet, author string, fields map[string]Field) error {
	copies, err := Copies(ctx, db, p, author)
	if err != nil {
		return err
	}
	for _, c := range copies {
		f := fields[c.Field]
		f.Name = c.Field
		if c.Value != f.Value {
			f.Copies = append(f.Copies, c)
		}
		fields[c.Field] = f
	}
	return nil
}

// take deletes the author's copy of a field and returns it, or fault.NotFound.
func (p FieldSet) take(ctx context.Context, tx *database.DB, slot, id, author string) (Copy, error) {
	var r copyRow
	err := tx.Get(ctx, &r, `
		DELETE FROM field_copies
		WHERE practice_id = ? AND owner_id = ? AND slot = ? AND page = ? AND author_id = ?
		RETURNING `+copyColumns, p.Practice, p.Owner, slot, id, author)
	if err != nil {
		return Copy{}, fmt.Errorf("copy: %w", err)
	}
	return p.openCopy(r)
}

// restore makes the copy e.Restore the value of its field; the previous value becomes a copy.
// Nothing is lost either way.
func restore(ctx context.Context, tx *database.DB, p FieldSet, e Edit) (Field, error) {
	slot, err := p.slot(ctx, tx, e.Field)
	if err != nil {
		return Field{}, err
	}
	chosen, err := p.take(ctx, tx, slot, e.Restore, e.By)
	if err != nil {
		return Field{}, err
	}
	now, err := p.get(ctx, tx, slot)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return Field{}, err
	}
	if now.Value != "" && now.Value != chosen.Value {
		was := Edit{Field: e.Field, Value: now.Value, By: e.By, At: now.SavedAt}
		if err := p.keep(ctx, tx, slot, rand.Text(), 0, was); err != nil {
			return Field{}, err
		}
	}
	return Save(ctx, tx, p, Edit{Field: e.Field, Value: chosen.Value, Base: now.Revision, Key: e.Key, At: e.At})
}

// dismiss deletes the copy e.Dismiss, if it exists.
func dismiss(ctx context.Context, tx *database.DB, p FieldSet, e Edit) (Field, error) {
	slot, err := p.slot(ctx, tx, e.Field)
	if err != nil {
		return Field{}, err
	}
	if _, err := p.take(ctx, tx, slot, e.Dismiss, e.By); err != nil && !errors.Is(err, fault.NotFound) {
		return Field{}, err
	}
	now, err := p.get(ctx, tx, slot)
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	return now, err
}
