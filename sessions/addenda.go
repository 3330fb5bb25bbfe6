package sessions

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// Append signs an addendum to the signed note of s. Repeating a form key changes nothing. It
// returns the error of check for its texts, and fault.Conflict for an unsigned note, which can
// still be edited. The time is signed in now's own zone, even if the practice later changes its
// zone.
func (st *Store) Append(ctx context.Context, s Session, signer accounts.Counselor, reason, text,
	formKey string, check Check, now time.Time,
) error {
	n, err := st.FindNote(ctx, s)
	if err != nil {
		return err
	}
	return st.append(ctx, s.Filing(), n, signer, reason, text, formKey, check, now)
}

// AppendStandalone is Append for a note without a session.
func (st *Store) AppendStandalone(ctx context.Context, n StandaloneNote, signer accounts.Counselor, reason, text,
	formKey string, check Check, now time.Time,
) error {
	return st.append(ctx, n.Filing, n.Note, signer, reason, text, formKey, check, now)
}

// append signs an addendum to the note n, filed at f.
func (st *Store) append(ctx context.Context, f Filing, n Note, signer accounts.Counselor, reason, text,
	formKey string, check Check, now time.Time,
) error {
	reason, text = strings.TrimSpace(reason), strings.TrimSpace(text)
	bad := fault.Fields{}
	bad.Length("reason", reason, 1, 280)
	bad.Length("text", text, 1, 8000)
	if err := bad.Err(); err != nil {
		return err
	}
	a := addition{signer: signer, reason: reason, text: text, key: formKey}
	return st.add(ctx, f, n, a, now, func(ctx context.Context, tx *database.DB) error {
		return check(ctx, tx, map[string]string{"reason": reason, "text": text})
	})
}

// CoSign adds a supervisor's co-signature to a signed note: once per supervisor, and only while the
// couple is assigned to them. What the counselor signed does not change.
func (st *Store) CoSign(ctx context.Context, s Session, supervisor accounts.Counselor, now time.Time) error {
	n, err := st.FindNote(ctx, s)
	if err != nil {
		return err
	}
	a := addition{
		signer: supervisor, reason: "Supervisor co-signature", text: "I have read this note.",
		key: "co-signature of " + supervisor.ID, coSigned: true,
	}
	return st.add(ctx, s.Filing(), n, a, now, func(ctx context.Context, tx *database.DB) error {
		return couples.Supervises(ctx, tx, s.PracticeID, supervisor.ID, s.CoupleID)
	})
}

// An addition is an addendum or a co-signature.
type addition struct {
	signer            accounts.Counselor
	reason, text, key string
	coSigned          bool
}

// add signs an addition once, unless allowed returns an error in the same transaction.
func (st *Store) add(ctx context.Context, f Filing, n Note, a addition, now time.Time,
	allowed func(context.Context, *database.DB) error,
) error {
	if !n.Signed() {
		return fault.Conflict
	}
	id := rand.Text()
	box, err := st.noteBox(ctx, st.db, f, vault.Signed)
	if err != nil {
		return fmt.Errorf("addendum to note %s: %w", n.ID, err)
	}
	row := box.Row("addenda", id)
	sealedReason, sealedText, sealedSigner := row.Seal("reason", a.reason), row.Seal("text", a.text),
		row.Seal("signer", a.signer.Signature()+"\n"+stamp(now))
	if err := row.Err(); err != nil {
		return fmt.Errorf("addendum to note %s: %w", n.ID, err)
	}
	added := f.event(audit.Signed, "addendum", id, "")
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := allowed(ctx, tx); err != nil {
			return err
		}
		if err := rowmac.Lock(ctx, tx, f.PracticeID, rowmac.Note, n.ID); err != nil {
			return err
		}
		inserted, err := audit.Exec(ctx, tx, added, `
			INSERT INTO addenda (id, practice_id, note_id, reason, text, signer, signed_by, signed_at, form_key, co_signed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, id, f.PracticeID, n.ID, sealedReason, sealedText, sealedSigner, a.signer.ID, now,
			a.key, a.coSigned)
		if err != nil || inserted == 0 {
			return err
		}
		if err := rowmac.Stamp(ctx, tx, st.vault, f.PracticeID, rowmac.Addendum, id); err != nil {
			return err
		}
		return st.addNoteFile(ctx, tx, f, n, id, a.signer.Signature(), now)
	})
	if err != nil {
		return fmt.Errorf("addendum to note %s: %w", n.ID, err)
	}
	return nil
}
