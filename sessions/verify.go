package sessions

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"mend/couples"
	"mend/internal/vault"
)

// VerifyNotes decrypts every signed note and compares it with its hash. It returns the number of
// notes and the ids of those that differ from what was signed: changed, moved, or encrypted with
// other keys. Notes whose keys were destroyed are skipped.
func (st *Store) VerifyNotes(ctx context.Context) (notes int, bad []string, err error) {
	var rows []struct {
		ID       string       `db:"id"`
		Practice string       `db:"practice_id"`
		Couple   string       `db:"couple_id"`
		Side     couples.Side `db:"side"`
		Hash     string       `db:"hash"`
		Sealed   []byte       `db:"content"`
	}
	err = st.db.Select(ctx, &rows, `
		SELECT n.id, n.practice_id, n.couple_id, n.side, n.hash, n.content
		FROM notes n
		WHERE n.signed_at IS NOT NULL
		  AND NOT EXISTS (SELECT 1 FROM vault_keys k
		  WHERE k.practice_id = n.practice_id AND k.couple_id = n.couple_id AND k.destroyed_at IS NOT NULL
		  AND k.compartment = CASE n.side WHEN '' THEN 'clinical' ELSE 'individual ' || n.side END)
		ORDER BY n.id`)
	if err != nil {
		return 0, nil, fmt.Errorf("notes: %w", err)
	}
	for _, r := range rows {
		reader := vault.ForCounselor(r.Practice, "verify", r.Couple)
		box, err := st.noteBox(ctx, st.db, Filing{r.Practice, r.Couple, r.Side, reader}, vault.Signed)
		if err != nil {
			return 0, nil, err
		}
		row := box.Row("notes", r.ID)
		sum := sha256.Sum256([]byte(row.Read("content", r.Sealed)))
		if row.Err() != nil || hex.EncodeToString(sum[:]) != r.Hash {
			bad = append(bad, r.ID)
			continue
		}
		if whole, err := st.filesAreWhole(ctx, box, r.Practice, r.ID); err != nil {
			return 0, nil, err
		} else if !whole {
			bad = append(bad, r.ID)
		}
	}
	return len(rows), bad, nil
}

// filesAreWhole reports whether every file of a note is as it was signed.
func (st *Store) filesAreWhole(ctx context.Context, box vault.Box, practice, note string) (bool, error) {
	var files []struct {
		ID     string `db:"id"`
		Sealed []byte `db:"file"`
	}
	err := st.db.Select(ctx, &files, `
		SELECT id, file FROM note_files WHERE practice_id = ? AND note_id = ? ORDER BY number`, practice, note)
	if err != nil {
		return false, fmt.Errorf("files of note %s: %w", note, err)
	}
	for _, f := range files {
		row := box.Row("note_files", f.ID)
		file := row.Read("file", f.Sealed)
		if row.Err() != nil || checkFile([]byte(file)) != nil {
			return false, nil
		}
	}
	return true, nil
}
