package couples

import (
	"context"
	"fmt"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// Import stores an existing couple within a transaction. It needs no breach of trust, but until one
// is added, nothing that depends on who broke trust can be planned or assigned (NeedsBreach).
func (st *Store) Import(ctx context.Context, tx *database.DB, c *Couple) error {
	if err := c.PartnerFaults().Err(); err != nil {
		return err
	}
	return st.add(ctx, tx, c)
}

// UndoImport erases an imported couple within a transaction, regardless of retention, and frees its
// record number. The caller has checked that nothing happened since the import, and calls Forget
// afterwards.
func (st *Store) UndoImport(ctx context.Context, tx *database.DB, people *accounts.Store, c Couple,
	now time.Time,
) error {
	_, err := tx.Exec(ctx, `UPDATE couples SET record_no = ? WHERE practice_id = ? AND id = ?`,
		c.RecordNo+"-"+c.ID[:6], c.PracticeID, c.ID)
	if err == nil {
		err = st.destroy(ctx, tx, people, c, Erasure{Reason: "The import of this couple was undone."}, now)
	}
	if err != nil {
		return fmt.Errorf("undo import of couple %s: %w", c.ID, err)
	}
	return nil
}

// Forget removes the keys of an erased couple from memory, after its transaction.
func (st *Store) Forget(ctx context.Context, c Couple) error {
	return st.vault.Forget(ctx, st.db, c.PracticeID, c.ID)
}

// All returns all of the counselor's couples, including closed ones, newest first.
func (st *Store) All(ctx context.Context, practice, counselor string) ([]Listed, error) {
	as := func(couple string) vault.Actor { return vault.ForCounselor(practice, counselor, couple) }
	return st.listed(ctx, as, `couples c WHERE c.practice_id = ? AND c.counselor_id = ? AND c.erased_at IS NULL`,
		practice, counselor)
}

// ErrNoBreach means that the couple has no breach of trust yet, which what was requested needs.
var ErrNoBreach = fault.Fields{"breach": "Add the breach of trust on the couple’s page first."}

// NeedsBreach returns ErrNoBreach if a couple has no breach of trust: without one, Mend would have
// to guess who was hurt.
func NeedsBreach(ctx context.Context, db *database.DB, practice, couple string) error {
	var n int
	err := db.Get(ctx, &n, `SELECT COUNT(*) FROM breaches WHERE practice_id = ? AND couple_id = ?`, practice, couple)
	if err == nil && n == 0 {
		return ErrNoBreach
	}
	return err
}

// A Caseload identifies a counselor who has couples.
type Caseload struct {
	PracticeID  string `db:"practice_id"`
	CounselorID string `db:"counselor_id"`
}

// Caseloads returns every caseload of the installation, for its administrator.
func (st *Store) Caseloads(ctx context.Context) ([]Caseload, error) {
	var list []Caseload
	err := st.db.Select(ctx, &list, `
		SELECT DISTINCT practice_id, counselor_id
		FROM couples
		WHERE erased_at IS NULL
		ORDER BY practice_id, counselor_id`)
	if err != nil {
		return nil, fmt.Errorf("caseloads: %w", err)
	}
	return list, nil
}
