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
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/internal/rowmac"
	"mend/internal/signature"
	"mend/internal/vault"
)

// lateAfter is how long after a session its note becomes a late entry.
const lateAfter = 7 * 24 * time.Hour

// A Signing is a counselor's request to sign a note. The caller of Sign has checked the counselor's
// password.
type Signing struct {
	Reviewed bool   // "I have read every sentence"
	Seen     string // the NoteDraft.Hash that the page showed
}

// A Check refuses texts that must not be signed, in the signing transaction. Its faults use the
// keys of texts.
type Check func(ctx context.Context, tx *database.DB, texts map[string]string) error

// Sign freezes the note of s as the counselor saw it and locks its session. It returns fault.Fields
// if something required is empty or not reviewed, the error of check for its texts, and
// fault.Conflict if the note differs from the one that was seen. If the note is signed already, it
// returns nil.
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
			SELECT `+noteColumns+`
			FROM notes n
			WHERE n.practice_id = ? AND n.session_id = ? AND n.signed_at IS NULL`, s.PracticeID, s.ID)
		if err != nil {
			return fmt.Errorf("note of session %s: %w", s.ID, err)
		}
		if err := guardDraft(ctx, tx, s.PracticeID, n); err != nil {
			return err
		}
		w, err := st.write(ctx, tx, s, n, in)
		if err != nil {
			return err
		}
		problems := w.Problems(sign.Reviewed)
		if err := readyToSign(n, problems, w.Hash != sign.Seen, check(ctx, tx, w.Document.Texts())); err != nil {
			return err
		}
		return st.signAndLock(ctx, tx, s, w, in, now)
	})
}

// readyToSign returns all reasons why n cannot be signed, including those of checked, or
// fault.Conflict if n changed since it was seen.
func readyToSign(n Note, problems fault.Fields, changed bool, checked error) error {
	refused, ok := errors.AsType[fault.Fields](checked)
	if checked != nil && !ok {
		return checked
	}
	maps.Copy(problems, refused)
	if err := problems.Err(); err != nil {
		return err
	}
	if changed {
		return fmt.Errorf("note %s is not as it was seen: %w", n.ID, fault.Conflict)
	}
	return nil
}

// Problems returns what is left to do before the note can be signed, by field.
func (w NoteDraft) Problems(reviewed bool) fault.Fields {
	bad := fault.Fields{}
	for _, block := range w.Missing {
		bad["text."+block] = i18n.Message("“" + w.names[block] + "” is still empty.")
	}
	if len(w.Missing) == 0 && len(w.Facts.Couple.OpenGoals()) > 0 && len(w.Document.Goals) == 0 {
		bad["text.progress"] = "Choose the progress of at least one goal."
	}
	if !reviewed {
		bad["reviewed"] = "Confirm that you’ve reviewed the entire note."
	}
	return bad
}

// signAndLock signs the note of s and locks its session.
func (st *Store) signAndLock(ctx context.Context, tx *database.DB, s Session, w NoteDraft,
	in NoteContext, now time.Time,
) error {
	d := w.Document
	d.Late = late(s.When(), now, "the session")
	if err := st.signDocument(ctx, tx, s.Filing(), w.Note, d, in, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE sessions SET signed = TRUE WHERE practice_id = ? AND id = ?`,
		s.PracticeID, s.ID); err != nil {
		return err
	}
	return rowmac.Stamp(ctx, tx, st.vault, s.PracticeID, rowmac.Note, w.Note.ID)
}

// late returns the sentence about a late entry, or "" if the note is signed in time.
func late(at, now time.Time, what string) string {
	if now.Sub(at) <= lateAfter {
		return ""
	}
	return fmt.Sprintf("Late entry: signed %d days after %s.", int(now.Sub(at).Hours()/24), what)
}

// signDocument makes d the signed content of note n, filed at f, and stores its file. The caller
// stamps the note's MAC once everything that belongs to it is written.
func (st *Store) signDocument(ctx context.Context, tx *database.DB, f Filing, n Note, d Document, in NoteContext,
	now time.Time,
) error {
	d.Signer = in.Counselor.Signature()
	d.SignedAt = stamp(now.In(in.Practice.Zone()))
	id, err := st.identity(ctx, tx, f.PracticeID, now)
	if err != nil {
		return err
	}
	d.Certificate = signature.Fingerprint(id.Chain[0])
	content, hash := d.encode()
	box, err := st.noteBox(ctx, tx, f, vault.Draft)
	if err != nil {
		return err
	}
	row := box.Row("notes", n.ID)
	sealed := row.Seal("content", content)
	if err := row.Err(); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE notes SET format = ?, content = ?, hash = ?, signed_at = ?, signed_by = ?
		WHERE practice_id = ? AND id = ? AND signed_at IS NULL`, d.Format, sealed, hash, now, in.Counselor.ID,
		f.PracticeID, n.ID)
	if err != nil {
		return fmt.Errorf("sign note %s: %w", n.ID, err)
	}
	signing := pdf.Signing{Name: d.Signer, At: now, Sign: id.Sign}
	if err := st.keepFile(ctx, tx, f, n.ID, n.ID, d.Sheet(hash, nil, now), signing); err != nil {
		return err
	}
	return audit.Record(ctx, tx, f.event(audit.Signed, "note", n.ID, hash))
}

// stamp formats a time with its zone for a signature.
func stamp(t time.Time) string {
	return t.Format("January 2, 2006") + ", " + clock(t) + " " + t.Format("MST")
}
