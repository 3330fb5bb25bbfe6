package sessions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/internal/rowmac"
	"mend/internal/signature"
	"mend/internal/vault"
)

// lateAfter is how long after a session its note counts as a late entry.
const lateAfter = 7 * 24 * time.Hour

// A Signing is the counselor's wish to sign a note. Whoever calls Sign has
// checked the counselor's password.
type Signing struct {
	Reviewed bool   // "I have read every sentence"
	Seen     string // NoteDraft.Hash as the page showed it
}

// A Check refuses texts that must not be signed, in the transaction that signs. Its
// faults are by the keys of texts.
type Check func(ctx context.Context, tx *database.DB, texts map[string]string) error

// Sign freezes the note of s as the counselor saw it and locks the session
// under it. It returns fault.Fields when something required is empty or not
// reviewed, what check returns for its texts, fault.Conflict when the note is not
// the one that was seen, and nil when the note is signed already.
func (st *Store) Sign(ctx context.Context, s Session, in NoteContext, sign Signing, check Check, now time.Time) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.guardUnsigned(ctx, tx, s, now); errors.Is(err, fault.Locked) {
			return nil
		} else if err != nil {
			return err
		}
		// The times may have been corrected since the caller read s.
		reader := s.Reader
		err := tx.Get(ctx, &s, `SELECT `+sessionColumns+` FROM sessions s WHERE s.practice_id = ? AND s.id = ?`,
			s.PracticeID, s.ID)
		if err != nil {
			return fmt.Errorf("session %s: %w", s.ID, err)
		}
		s.Reader = reader
		if err := st.unseal(ctx, tx, &s); err != nil {
			return err
		}
		var n Note
		err = tx.Get(ctx, &n, `
			SELECT id, format, content, hash, signed_at, revision, created_at
			FROM notes
			WHERE practice_id = ? AND session_id = ? AND signed_at IS NULL`, s.PracticeID, s.ID)
		if err != nil {
			return fmt.Errorf("note of session %s: %w", s.ID, err)
		}
		if err := guardDraft(ctx, tx, s, n); err != nil {
			return err
		}
		w, err := st.write(ctx, tx, s, n, in)
		if err != nil {
			return err
		}
		if err := w.ready(sign, check(ctx, tx, w.Document.Texts())); err != nil {
			return err
		}
		return st.freeze(ctx, tx, s, w, in, now)
	})
}

// ready returns why the note cannot be signed: all that is wrong at once, with what
// the check of its texts returned.
func (w NoteDraft) ready(sign Signing, checked error) error {
	problems := w.Problems(sign.Reviewed)
	refused, ok := errors.AsType[fault.Fields](checked)
	if checked != nil && !ok {
		return checked
	}
	maps.Copy(problems, refused)
	if err := problems.Err(); err != nil {
		return err
	}
	if w.Hash != sign.Seen {
		return fmt.Errorf("note %s is not as it was seen: %w", w.Note.ID, fault.Conflict)
	}
	return nil
}

// Problems returns what is still to be done before the note can be signed, by
// field.
func (w NoteDraft) Problems(reviewed bool) fault.Fields {
	bad := fault.Fields{}
	for _, block := range w.Missing {
		bad["text."+block] = "“" + w.names[block] + "” is still empty."
	}
	if len(w.Missing) == 0 && len(w.Facts.Couple.OpenGoals()) > 0 && len(w.Document.Goals) == 0 {
		bad["text.progress"] = "Choose the progress of at least one goal."
	}
	if !reviewed {
		bad["reviewed"] = "Confirm that you’ve reviewed the entire note."
	}
	return bad
}

func (st *Store) freeze(ctx context.Context, tx *database.DB, s Session, w NoteDraft,
	in NoteContext, now time.Time,
) error {
	d := w.Document
	d.Signer = in.Counselor.Signature()
	d.SignedAt = stamp(now.In(w.Facts.Zone))
	if now.Sub(s.When()) > lateAfter {
		d.Late = fmt.Sprintf("Late entry: signed %d days after the session.", int(now.Sub(s.When()).Hours()/24))
	}
	id, err := st.identity(ctx, tx, s, now)
	if err != nil {
		return err
	}
	d.Certificate = signature.Fingerprint(id.Chain[0])
	content, hash := d.encode()
	box, err := st.box(ctx, tx, s.Reader, s.CoupleID, vault.Note, vault.Draft)
	if err != nil {
		return err
	}
	row := box.Row("notes", w.Note.ID)
	sealed := row.Seal("content", content)
	if err := row.Err(); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE notes SET format = ?, content = ?, hash = ?, signed_at = ?, signed_by = ?
		WHERE practice_id = ? AND id = ? AND signed_at IS NULL`, d.Format, sealed, hash, now, in.Counselor.ID,
		s.PracticeID, w.Note.ID)
	if err != nil {
		return fmt.Errorf("sign note %s: %w", w.Note.ID, err)
	}
	signing := pdf.Signing{Name: d.Signer, At: now, Sign: id.Sign}
	if err := st.keepFile(ctx, tx, s, w.Note.ID, w.Note.ID, d.Sheet(hash, nil, now), signing); err != nil {
		return err
	}
	signed := s.event(audit.Signed, "note", hash)
	signed.ID = w.Note.ID
	if err := audit.Record(ctx, tx, signed); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE sessions SET signed = TRUE WHERE practice_id = ? AND id = ?`,
		s.PracticeID, s.ID); err != nil {
		return err
	}
	return rowmac.Stamp(ctx, tx, st.vault, s.PracticeID, rowmac.Note, w.Note.ID)
}

// stamp is a time with its zone, as a signature has it.
func stamp(t time.Time) string {
	return t.Format("January 2, 2006") + ", " + clock(t) + " " + t.Format("MST")
}
