package sessions

import (
	"context"
	"errors"
	"strings"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
)

// isRecordField reports whether field belongs to the session rather than to its note. Such a field is
// edited with the note and stored with the session.
func isRecordField(field string) bool {
	kind, _, _ := strings.Cut(field, ".")
	switch kind {
	case "attendance", "activity", "intervention", "response", "homework", "measures", "support", "telehealth":
		return true
	}
	return false
}

// Retype replaces saved values by the submitted ones, to show them beside the errors.
func (w NoteDraft) Retype(values map[string]string) {
	for field, value := range values {
		saved := w.Saved
		if isRecordField(field) {
			saved = w.Record
		}
		f := saved[field]
		f.Value = value
		saved[field] = f
	}
}

// SaveNoteField stores one field of an unsigned note or of its session. It returns fault.Locked if
// the note is signed.
func (st *Store) SaveNoteField(ctx context.Context, s Session, n Note, e fields.Edit) (fields.Field, error) {
	if isRecordField(e.Field) {
		return st.SaveField(ctx, s, e)
	}
	if err := st.checkNoteField(e.Field, e.Value); err != nil {
		return fields.Field{}, err
	}
	p, err := st.noteFieldSet(ctx, st.db, s.Filing(), n)
	if err != nil {
		return fields.Field{}, err
	}
	return fields.InTx(ctx, st.db, p, e, func(ctx context.Context, tx *database.DB) error {
		return guardDraft(ctx, tx, s.PracticeID, n)
	})
}

// SaveNote stores a whole submitted note form: the note's own fields and those of its session.
func (st *Store) SaveNote(ctx context.Context, s Session, n Note, values map[string]string,
	key string, now time.Time,
) error {
	record, own, err := st.splitNote(s, values)
	if err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.guardUnsigned(ctx, tx, s, now); err != nil {
			return err
		}
		if err := guardDraft(ctx, tx, s.PracticeID, n); err != nil {
			return err
		}
		if err := st.replaceRecord(ctx, tx, s, key, now, record); err != nil {
			return err
		}
		p, err := st.noteFieldSet(ctx, tx, s.Filing(), n)
		if err != nil {
			return err
		}
		return fields.Replace(ctx, tx, p, key, now, own)
	})
}

// splitNote splits the fields of a note form into the session's and the note's own, and returns
// what is wrong with them.
func (st *Store) splitNote(s Session, values map[string]string) (record, own map[string]string, err error) {
	record, own = map[string]string{}, map[string]string{}
	bad := fault.Fields{}
	for field, value := range values {
		kept, check := own, st.checkNoteField
		if isRecordField(field) {
			kept, check = record, func(field, value string) error {
				return st.checkFields(s, map[string]string{field: value})
			}
		}
		kept[field] = value
		if err := bad.And(check(field, value)); errors.Is(err, fault.Malformed) {
			return nil, nil, err
		}
	}
	return record, own, bad.Err()
}
