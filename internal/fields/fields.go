// Package fields stores what people type, one field at a time: never overwritten by somebody who
// had not seen it, never stored twice, never lost. It is a separate package because answers,
// sessions and notes all rely on this.
//
// Everything is encrypted, including field names. Whether an owner can still be written to (an
// answer not sent, a note not signed) is checked by its domain in the same transaction.
package fields

import (
	"context"
	"errors"
	"fmt"
	"strconv"
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
	Missing  int    // characters of the last save that did not arrive
	Copies   []Copy // filled by AddCopies
}

// An Edit is a new value for a field. Base is the revision that its author saw (0 for a field never
// saved). Key is the same when a save is retried; a page that saves during typing numbers its saves
// PAGE.1, PAGE.2, and so on, so that its own earlier ones are recognized.
type Edit struct {
	Field string
	Value string
	Base  int
	Key   string
	At    time.Time
	By    string // who typed it: only they see its copies

	// Patch, if set, computes the new value from the one at Base: a closing page could send only
	// what had changed. Value is then only the change.
	Patch   func(current string) (string, error)
	Missing int // characters that the page could not send any more

	Restore string // id of a Copy to restore as the value, or ""
	Dismiss string // id of a Copy to dismiss, or ""
}

// A Clash means that the field was changed elsewhere since Base. The text that lost is kept as a
// Copy; the person sees both and chooses.
type Clash struct{ Theirs Field }

// Error names the field, not the texts.
func (c Clash) Error() string { return "field " + c.Theirs.Name + " was changed elsewhere" }

// Unwrap makes a Clash a fault.Conflict.
func (c Clash) Unwrap() error { return fault.Conflict }

// pageOf splits the key of a save into its page and its number on that page, or 0 without a number.
func pageOf(key string) (page string, number int) {
	i := strings.LastIndexByte(key, '.')
	if i < 0 {
		return key, 0
	}
	n, err := strconv.Atoi(key[i+1:])
	if err != nil || n < 1 {
		return key, 0
	}
	return key[:i], n
}

// Save stores e at p within tx and returns the field's new state. A repeated Key gives the same
// result as the first time, and a save that a later one of the same page has overtaken changes
// nothing. It returns a Clash if somebody else changed the field since e.Base; the losing text is
// stored by Keep after the transaction.
func Save(ctx context.Context, tx *database.DB, p FieldSet, e Edit) (Field, error) {
	if e.Key == "" || len(e.Key) > 64 || strings.ContainsRune(e.Field, 0) || e.Missing < 0 {
		return Field{}, fault.Malformed
	}
	slot, err := p.slot(ctx, tx, e.Field)
	if err != nil {
		return Field{}, err
	}
	if e.Patch != nil {
		if e, err = patched(ctx, tx, p, slot, e); err != nil {
			return Field{}, err
		}
	}
	sealed, err := p.seal("fields", slot, e.Field, e.Value)
	if err != nil {
		return Field{}, err
	}
	n, err := write(ctx, tx, p, slot, sealed, e)
	if n == 1 || err != nil && !errors.Is(err, fault.Conflict) {
		return e.saved(), err
	}
	now, err := ownOrClash(ctx, tx, p, slot, e)
	if err != nil || now.SaveKey == e.Key || !Overtakes(e.Key, now.SaveKey) {
		return now, err
	}
	e.Base = now.Revision
	if n, err = write(ctx, tx, p, slot, sealed, e); err == nil && n == 0 {
		err = Clash{now}
	}
	return e.saved(), err
}

// saved returns the field's state after e is stored.
func (e Edit) saved() Field {
	return Field{Name: e.Field, Value: e.Value, Revision: e.Base + 1, SavedAt: e.At, SaveKey: e.Key, Missing: e.Missing}
}

// patched returns e with the full value after applying its Patch to the value at e.Base, or a Clash
// if the field has changed since.
func patched(ctx context.Context, tx *database.DB, p FieldSet, slot string, e Edit) (Edit, error) {
	now, err := p.get(ctx, tx, slot)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return e, err
	}
	if now.Revision != e.Base {
		now.Name = e.Field
		return e, Clash{now}
	}
	e.Value, err = e.Patch(now.Value)
	return e, err
}

// write inserts or updates the field if it is still at e.Base, and returns the number of rows
// changed.
func write(ctx context.Context, tx *database.DB, p FieldSet, slot string, sealed []byte, e Edit) (int64, error) {
	if e.Base == 0 {
		return tx.Exec(ctx, `
			INSERT INTO fields (practice_id, owner_id, slot, sealed, revision, saved_at, save_key, missing)
			VALUES (?, ?, ?, ?, 1, ?, ?, ?)
			ON CONFLICT DO NOTHING`,
			p.Practice, p.Owner, slot, sealed, e.At, e.Key, e.Missing)
	}
	return tx.Exec(ctx, `
		UPDATE fields
		SET sealed = ?, revision = revision + 1, saved_at = ?, save_key = ?, missing = ?
		WHERE practice_id = ? AND owner_id = ? AND slot = ? AND revision = ? AND save_key <> ?`,
		sealed, e.At, e.Key, e.Missing, p.Practice, p.Owner, slot, e.Base, e.Key)
}

// SamePage reports whether two keys are of saves by one page.
func SamePage(key, other string) bool {
	page, number := pageOf(key)
	same, earlier := pageOf(other)
	return key == other || number > 0 && earlier > 0 && page == same
}

// Overtakes reports whether key is a later save of the page that made the save with the key before.
func Overtakes(key, before string) bool {
	_, number := pageOf(key)
	_, earlier := pageOf(before)
	return SamePage(key, before) && number > earlier
}

// ownOrClash returns the stored field if e is a save of the page that stored it or has the same
// value, and a Clash otherwise.
func ownOrClash(ctx context.Context, tx *database.DB, p FieldSet, slot string, e Edit) (Field, error) {
	now, err := p.get(ctx, tx, slot)
	if errors.Is(err, fault.NotFound) {
		return Field{}, fault.Malformed // a revision of a field that was never saved
	}
	if err != nil || SamePage(e.Key, now.SaveKey) || now.Value == e.Value {
		return now, err
	}
	return Field{}, Clash{now}
}

// InTx saves e within a transaction of db if guard allows it, and keeps the text that loses a
// Clash.
func InTx(ctx context.Context, db *database.DB, p FieldSet, e Edit,
	guard func(ctx context.Context, tx *database.DB) error,
) (Field, error) {
	act := Save
	switch {
	case e.Restore != "":
		act = restore
	case e.Dismiss != "":
		act = dismiss
	}
	var saved Field
	err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := guard(ctx, tx); err != nil {
			return err
		}
		var err error
		saved, err = act(ctx, tx, p, e)
		return err
	})
	if _, lost := errors.AsType[Clash](err); lost {
		// Like the save, the copy is stored even if the page was closed meanwhile.
		if kept := Keep(context.WithoutCancel(ctx), db, p, e); kept != nil {
			return saved, fmt.Errorf("keep copy: %w", kept)
		}
	}
	return saved, err
}

// Values returns the values of fields.
func Values(fields map[string]Field) map[string]string {
	values := make(map[string]string, len(fields))
	for name, f := range fields {
		values[name] = f.Value
	}
	return values
}
