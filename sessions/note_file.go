package sessions

import (
	"context"
	"fmt"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/pdf"
	"mend/internal/rowmac"
	"mend/internal/signature"
	"mend/internal/vault"
)

// keepFile renders the PDF of what was just signed under id, signs it as the practice and stores
// it. Downloads return exactly these bytes.
func (st *Store) keepFile(ctx context.Context, tx *database.DB, f Filing, note, id string, sheet pdf.Sheet,
	signing pdf.Signing,
) error {
	file, err := pdf.Signed(sheet, signing)
	if err != nil {
		return fmt.Errorf("file of note %s: %w", note, err)
	}
	box, err := st.noteBox(ctx, tx, f, vault.Signed)
	if err != nil {
		return err
	}
	row := box.Row("note_files", id)
	sealed := row.Seal("file", string(file))
	if err := row.Err(); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO note_files (id, practice_id, note_id, number, file)
		SELECT ?, ?, ?, COUNT(*) + 1, ? FROM note_files WHERE note_id = ?`, id, f.PracticeID, note, sealed, note)
	if err != nil {
		return fmt.Errorf("file of note %s: %w", note, err)
	}
	return rowmac.Stamp(ctx, tx, st.vault, f.PracticeID, rowmac.NoteFile, id)
}

// identity returns the practice's signing identity.
func (st *Store) identity(ctx context.Context, tx *database.DB, practice string, now time.Time) (
	signature.Identity, error,
) {
	return accounts.SigningIdentity(ctx, tx, st.vault, practice, now)
}

// SignedFile returns the signed PDF of note n, filed at f, including everything added since. It
// returns fault.NotFound for an imported note, which has none.
func (st *Store) SignedFile(ctx context.Context, f Filing, n Note) ([]byte, error) {
	var stored struct {
		ID     string `db:"id"`
		Sealed []byte `db:"file"`
	}
	err := st.db.Get(ctx, &stored, `
		SELECT id, file
		FROM note_files
		WHERE practice_id = ? AND note_id = ?
		ORDER BY number DESC LIMIT 1`, f.PracticeID, n.ID)
	if err != nil {
		return nil, fmt.Errorf("file of note %s: %w", n.ID, err)
	}
	box, err := st.noteBox(ctx, st.db, f, vault.Signed)
	if err != nil {
		return nil, err
	}
	row := box.Row("note_files", stored.ID)
	return []byte(row.Read("file", stored.Sealed)), row.Err()
}

// SignedSheet returns the signed note n, filed at f, with its addenda as a printed sheet.
func (st *Store) SignedSheet(ctx context.Context, f Filing, n Note) (pdf.Sheet, error) {
	doc, err := n.Document()
	if err != nil {
		return pdf.Sheet{}, err
	}
	addenda, err := st.Addenda(ctx, f, n)
	if err != nil {
		return pdf.Sheet{}, err
	}
	made := *n.SignedAt
	if len(addenda) > 0 {
		made = addenda[len(addenda)-1].SignedAt
	}
	return doc.Sheet(n.Hash, addenda, made), nil
}

// checkFile returns an error unless the signature of file is valid.
func checkFile(file []byte) error {
	found, err := pdf.ReadSignature(file)
	if err != nil {
		return err
	}
	_, err = signature.Check(found.Signature, found.Digest)
	return err
}

// addNoteFile creates a new file of note n including what signer added last. The caller holds the
// note's lock, so that each file contains everything added before.
func (st *Store) addNoteFile(ctx context.Context, tx *database.DB, f Filing, n Note, id, signer string,
	now time.Time,
) error {
	addenda, err := st.addenda(ctx, tx, f, n)
	if err != nil {
		return err
	}
	d, err := n.Document()
	if err != nil {
		return err
	}
	by, err := st.identity(ctx, tx, f.PracticeID, now)
	if err != nil {
		return err
	}
	d.Certificate = signature.Fingerprint(by.Chain[0])
	signing := pdf.Signing{Name: signer, At: now, Sign: by.Sign}
	return st.keepFile(ctx, tx, f, n.ID, id, d.Sheet(n.Hash, addenda, now), signing)
}
