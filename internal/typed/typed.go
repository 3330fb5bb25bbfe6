// Package typed keeps what people type, one field at a time: never overwritten
// by somebody who had not seen it, never stored twice, never lost. It is a
// package of its own because answers, sessions and notes are all saved by the
// same promise, and a promise is best kept in one place.
//
// All of it is sealed, the names of the fields too. Whether an owner may be written to at all (an answer not yet sent, a note
// not yet signed) is its domain's to decide, in the same transaction.
package typed

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

// A Field is one saved field of an owner.
type Field struct {
	Name     string
	Value    string
	Revision int
	SavedAt  time.Time
	SaveKey  string
}

// An Edit is a new value for a field. Base is the revision that its author had
// before them (0 for a field never saved); Key is the same when the same save
// is tried again.
type Edit struct {
	Field string
	Value string
	Base  int
	Key   string
	At    time.Time
}

// A Clash says that the field was changed elsewhere since Base. The text that
// lost is kept as a copy; the person sees both and chooses.
type Clash struct{ Theirs Field }

// Error names the field, not the texts.
func (c Clash) Error() string { return "field " + c.Theirs.Name + " was changed elsewhere" }

// Unwrap makes a Clash a fault.Conflict.
func (c Clash) Unwrap() error { return fault.Conflict }

// Save stores e at p within tx and returns the field as it now is. A repeated
// Key answers as the first time. It returns a Clash when the field was changed
// since e.Base; the copy of the lost text is stored by Keep, once the
// transaction has ended.
func Save(ctx context.Context, tx *database.DB, p Place, e Edit) (Field, error) {
	if e.Key == "" || len(e.Key) > 64 || strings.ContainsRune(e.Field, 0) {
		return Field{}, fault.Malformed
	}
	slot, err := p.slot(ctx, tx, e.Field)
	if err != nil {
		return Field{}, err
	}
	sealed, err := p.seal("typed", slot, e.Field, e.Value)
	if err != nil {
		return Field{}, err
	}
	n, err := write(ctx, tx, p, slot, sealed, e)
	if n == 1 || err != nil && !errors.Is(err, fault.Conflict) {
		return Field{e.Field, e.Value, e.Base + 1, e.At, e.Key}, err
	}
	return repeatOrClash(ctx, tx, p, slot, e)
}

// write inserts or updates the field if it still is as e.Base, and returns how
// many rows that changed.
func write(ctx context.Context, tx *database.DB, p Place, slot string, sealed []byte, e Edit) (int64, error) {
	if e.Base == 0 {
		return tx.Exec(ctx, `
			INSERT INTO typed (practice_id, owner_id, slot, sealed, revision, saved_at, save_key)
			VALUES (?, ?, ?, ?, 1, ?, ?)
			ON CONFLICT DO NOTHING`,
			p.Practice, p.Owner, slot, sealed, e.At, e.Key)
	}
	return tx.Exec(ctx, `
		UPDATE typed
		SET sealed = ?, revision = revision + 1, saved_at = ?, save_key = ?
		WHERE practice_id = ? AND owner_id = ? AND slot = ? AND revision = ? AND save_key <> ?`,
		sealed, e.At, e.Key, p.Practice, p.Owner, slot, e.Base, e.Key)
}

func repeatOrClash(ctx context.Context, tx *database.DB, p Place, slot string, e Edit) (Field, error) {
	now, err := p.get(ctx, tx, slot)
	if errors.Is(err, fault.NotFound) {
		return Field{}, fault.Malformed // a revision of a field that was never saved
	}
	if err != nil || now.SaveKey == e.Key {
		return now, err
	}
	if now.Value == e.Value { // two windows wrote the same: nothing is lost
		return now, nil
	}
	return Field{}, Clash{now}
}

// Keep stores the text that lost a Clash.
func Keep(ctx context.Context, db *database.DB, p Place, e Edit) error {
	slot, err := p.slot(ctx, db, e.Field)
	if err != nil {
		return err
	}
	sealed, err := p.seal("typed_copies", e.Key, e.Field, e.Value)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, `
		INSERT INTO typed_copies (practice_id, owner_id, slot, sealed, based_on, saved_at, save_key)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`,
		p.Practice, p.Owner, slot, sealed, e.Base, e.At, e.Key)
	return err
}

// InTx saves e within a transaction of db after guard has allowed it, and
// keeps the text that loses a Clash.
func InTx(ctx context.Context, db *database.DB, p Place, e Edit, guard func(ctx context.Context, tx *database.DB) error) (Field, error) {
	var saved Field
	err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := guard(ctx, tx); err != nil {
			return err
		}
		var err error
		saved, err = Save(ctx, tx, p, e)
		return err
	})
	if _, lost := errors.AsType[Clash](err); lost {
		if kept := Keep(ctx, db, p, e); kept != nil {
			return saved, fmt.Errorf("keep copy: %w", kept)
		}
	}
	return saved, err
}

// Values returns just the values of fields.
func Values(fields map[string]Field) map[string]string {
	values := make(map[string]string, len(fields))
	for name, f := range fields {
		values[name] = f.Value
	}
	return values
}

// Replace stores values at p within tx, whatever was there: a whole form that
// was sent at once, with scripts off. key makes the saves of one form
// recognizable. A value that did not change keeps its revision.
func Replace(ctx context.Context, tx *database.DB, p Place, key string, at time.Time, values map[string]string) error {
	if len(values) == 0 {
		return nil
	}
	saved, err := All(ctx, tx, p)
	if err != nil {
		return err
	}
	for field, value := range values {
		if was, ok := saved[field]; ok && was.Value == value {
			continue
		}
		if err := put(ctx, tx, p, key, at, field, value); err != nil {
			return fmt.Errorf("field %s: %w", field, err)
		}
	}
	return nil
}

func put(ctx context.Context, tx *database.DB, p Place, key string, at time.Time, field, value string) error {
	slot, err := p.slot(ctx, tx, field)
	if err != nil {
		return err
	}
	sealed, err := p.seal("typed", slot, field, value)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO typed (practice_id, owner_id, slot, sealed, revision, saved_at, save_key)
		VALUES (?, ?, ?, ?, 1, ?, ?)
		ON CONFLICT (owner_id, slot) DO UPDATE
		SET sealed = excluded.sealed, revision = typed.revision + 1, saved_at = excluded.saved_at, save_key = excluded.save_key`,
		p.Practice, p.Owner, slot, sealed, at, key+"."+slot)
	return err
}
