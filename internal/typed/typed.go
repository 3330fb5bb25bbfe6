// Package typed keeps what people type, one field at a time: never overwritten
// by somebody who had not seen it, never stored twice, never lost. It is a
// package of its own because answers, sessions and notes are all saved by the
// same promise, and a promise is best kept in one place.
//
// Whether an owner may be written to at all (an answer not yet sent, a note
// not yet signed) is its domain's to decide, in the same transaction.
package typed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

// A Field is one saved field of an owner.
type Field struct {
	Name     string    `db:"field"`
	Value    string    `db:"value"`
	Revision int       `db:"revision"`
	SavedAt  time.Time `db:"saved_at"`
	SaveKey  string    `db:"save_key"`
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

// Save stores e for owner within tx and returns the field as it now is. A
// repeated Key answers as the first time. It returns a Clash when the field
// was changed since e.Base; the copy of the lost text is stored by Keep, once
// the transaction has ended.
func Save(ctx context.Context, tx *database.DB, practice, owner string, e Edit) (Field, error) {
	if e.Key == "" || len(e.Key) > 64 {
		return Field{}, fault.Malformed
	}
	saved := Field{e.Field, e.Value, e.Base + 1, e.At, e.Key}
	n, err := write(ctx, tx, practice, owner, e)
	if n == 1 || err != nil && !errors.Is(err, fault.Conflict) {
		return saved, err
	}
	return repeatOrClash(ctx, tx, practice, owner, e)
}

// write inserts or updates the field if it still is as e.Base, and returns how
// many rows that changed.
func write(ctx context.Context, tx *database.DB, practice, owner string, e Edit) (int64, error) {
	if e.Base == 0 {
		return tx.Exec(ctx, `
			INSERT INTO typed (practice_id, owner_id, field, value, revision, saved_at, save_key)
			VALUES (?, ?, ?, ?, 1, ?, ?)
			ON CONFLICT DO NOTHING`,
			practice, owner, e.Field, e.Value, e.At, e.Key)
	}
	return tx.Exec(ctx, `
		UPDATE typed
		SET value = ?, revision = revision + 1, saved_at = ?, save_key = ?
		WHERE practice_id = ? AND owner_id = ? AND field = ? AND revision = ? AND save_key <> ?`,
		e.Value, e.At, e.Key, practice, owner, e.Field, e.Base, e.Key)
}

func repeatOrClash(ctx context.Context, tx *database.DB, practice, owner string, e Edit) (Field, error) {
	var now Field
	err := tx.Get(ctx, &now, `
		SELECT field, value, revision, saved_at, save_key
		FROM typed
		WHERE practice_id = ? AND owner_id = ? AND field = ?`, practice, owner, e.Field)
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
func Keep(ctx context.Context, db *database.DB, practice, owner string, e Edit) error {
	_, err := db.Exec(ctx, `
		INSERT INTO typed_copies (practice_id, owner_id, field, value, based_on, saved_at, save_key)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`,
		practice, owner, e.Field, e.Value, e.Base, e.At, e.Key)
	return err
}

// InTx saves e within a transaction of db after guard has allowed it, and
// keeps the text that loses a Clash.
func InTx(ctx context.Context, db *database.DB, practice, owner string, e Edit,
	guard func(ctx context.Context, tx *database.DB) error) (Field, error) {
	var saved Field
	err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := guard(ctx, tx); err != nil {
			return err
		}
		var err error
		saved, err = Save(ctx, tx, practice, owner, e)
		return err
	})
	if _, lost := errors.AsType[Clash](err); lost {
		if kept := Keep(ctx, db, practice, owner, e); kept != nil {
			return saved, fmt.Errorf("keep copy: %w", kept)
		}
	}
	return saved, err
}

// All returns the saved fields of owner, by name.
func All(ctx context.Context, db *database.DB, practice, owner string) (map[string]Field, error) {
	var list []Field
	err := db.Select(ctx, &list, `
		SELECT field, value, revision, saved_at, save_key
		FROM typed
		WHERE practice_id = ? AND owner_id = ?`, practice, owner)
	fields := make(map[string]Field, len(list))
	for _, f := range list {
		fields[f.Name] = f
	}
	return fields, err
}

// Both returns the saved fields of two owners, by owner and name.
func Both(ctx context.Context, db *database.DB, practice, first, second string) (map[string]map[string]Field, error) {
	var list []struct {
		Field
		Owner string `db:"owner_id"`
	}
	err := db.Select(ctx, &list, `
		SELECT owner_id, field, value, revision, saved_at, save_key
		FROM typed
		WHERE practice_id = ? AND owner_id IN (?, ?)`, practice, first, second)
	fields := map[string]map[string]Field{first: {}, second: {}}
	for _, f := range list {
		fields[f.Owner][f.Name] = f.Field
	}
	return fields, err
}

// Values returns just the values of fields.
func Values(fields map[string]Field) map[string]string {
	values := make(map[string]string, len(fields))
	for name, f := range fields {
		values[name] = f.Value
	}
	return values
}

// Replace stores values for owner within tx, whatever was there: a whole form
// that was sent at once, with scripts off. key makes the saves of one form
// recognizable.
func Replace(ctx context.Context, tx *database.DB, practice, owner, key string, at time.Time, values map[string]string) error {
	for field, value := range values {
		_, err := tx.Exec(ctx, `
			INSERT INTO typed (practice_id, owner_id, field, value, revision, saved_at, save_key)
			VALUES (?, ?, ?, ?, 1, ?, ?)
			ON CONFLICT (owner_id, field) DO UPDATE
			SET value = excluded.value, revision = typed.revision + 1, saved_at = excluded.saved_at, save_key = excluded.save_key
			WHERE typed.value <> excluded.value`,
			practice, owner, field, value, at, key+"."+field)
		if err != nil {
			return fmt.Errorf("field %s: %w", field, err)
		}
	}
	return nil
}
