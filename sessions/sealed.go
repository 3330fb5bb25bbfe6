package sessions

import (
	"context"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fields"
	"mend/internal/vault"
)

// event returns the audit event for an action on s.
func (s Session) event(action audit.Action, object, reason string) audit.Event {
	return audit.Event{
		Practice: s.PracticeID, Couple: s.CoupleID, Action: action, Object: object,
		ID: s.ID, Reason: reason,
	}
}

// box opens a vault box of a couple's clinical record.
func (st *Store) box(ctx context.Context, db *database.DB, reader vault.Actor, couple string, m vault.Material,
	state vault.State,
) (vault.Box, error) {
	return st.vault.Open(ctx, db, reader, vault.Item{Couple: couple, Material: m, State: state})
}

// recordFieldSet returns the field set of s.
func (st *Store) recordFieldSet(ctx context.Context, db *database.DB, s Session) (fields.FieldSet, error) {
	box, err := st.box(ctx, db, s.Reader, s.CoupleID, vault.JointRecord, vault.Kept)
	return fields.FieldSet{Vault: st.vault, Practice: s.PracticeID, Owner: s.ID, Box: box}, err
}

// noteFieldSet returns the field set of an unsigned note.
func (st *Store) noteFieldSet(ctx context.Context, db *database.DB, f Filing, n Note) (fields.FieldSet, error) {
	box, err := st.noteBox(ctx, db, f, vault.Draft)
	return fields.FieldSet{Vault: st.vault, Practice: f.PracticeID, Owner: n.ID, Box: box}, err
}

// replaceRecord stores a whole form of s.
func (st *Store) replaceRecord(ctx context.Context, tx *database.DB, s Session, key string, now time.Time,
	values map[string]string,
) error {
	p, err := st.recordFieldSet(ctx, tx, s)
	if err != nil {
		return err
	}
	return fields.Replace(ctx, tx, p, key, now, values)
}

// sealPlace seals the place detail of s.
func (st *Store) sealPlace(ctx context.Context, tx *database.DB, s Session) ([]byte, error) {
	box, err := st.box(ctx, tx, s.Reader, s.CoupleID, vault.JointRecord, vault.Kept)
	if err != nil {
		return nil, err
	}
	row := box.Row("sessions", s.ID)
	return row.Seal("place_detail", s.PlaceDetail), row.Err()
}

// unseal decrypts the place detail of s.
func (st *Store) unseal(ctx context.Context, db *database.DB, s *Session) error {
	box, err := st.box(ctx, db, s.Reader, s.CoupleID, vault.JointRecord, vault.Kept)
	if err != nil {
		return err
	}
	row := box.Row("sessions", s.ID)
	s.PlaceDetail = row.Read("place_detail", s.SealedPlace)
	return row.Err()
}

// noteState returns the vault state of n.
func (n Note) noteState() vault.State {
	if n.Signed() {
		return vault.Signed
	}
	return vault.Draft
}

// openNote decrypts the signed content of n.
func (st *Store) openNote(ctx context.Context, db *database.DB, f Filing, n *Note) error {
	box, err := st.noteBox(ctx, db, f, n.noteState())
	if err != nil {
		return fmt.Errorf("note %s: %w", n.ID, err)
	}
	row := box.Row("notes", n.ID)
	n.Content = row.Read("content", n.Sealed)
	return row.Err()
}
