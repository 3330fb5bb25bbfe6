package couples

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/accounts"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// An ErasureRecord identifies an erased record, or one partner's part of it, which has to be erased
// again after restoring an older backup. It contains only ids and the record number.
type ErasureRecord struct {
	Practice string    `db:"practice_id" json:"practice"`
	Couple   string    `db:"couple_id" json:"couple"`
	RecordNo string    `db:"record_no" json:"record_no"`
	Side     Side      `db:"side" json:"side"`
	At       time.Time `db:"erased_at" json:"at"`
}

// ErasureRecords returns all erasures, oldest first.
func (st *Store) ErasureRecords(ctx context.Context) ([]ErasureRecord, error) {
	var list []ErasureRecord
	err := st.db.Select(ctx, &list,
		`SELECT practice_id, couple_id, record_no, side, erased_at FROM erasures ORDER BY erased_at, id`)
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	return list, nil
}

// ReErase erases data that a restore brought back, and reports whether it did: if the couple does
// not exist or is erased, there is nothing to do. Retention was checked at the original erasure.
func (st *Store) ReErase(ctx context.Context, people *accounts.Store, g ErasureRecord, now time.Time) (bool, error) {
	c, err := st.findForReErase(ctx, g)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("erase couple %s again: %w", g.Couple, err)
	}
	e := Erasure{Of: g.Side, Reason: "It was erased before, and came back with a restored backup."}
	err = st.db.InTx(ctx,
		func(ctx context.Context, tx *database.DB) error { return st.destroy(ctx, tx, people, c, e, now) })
	if err != nil {
		return false, fmt.Errorf("erase couple %s again: %w", g.Couple, err)
	}
	return true, st.vault.Forget(ctx, st.db, g.Practice, g.Couple)
}

// findForReErase returns the parts of the couple that are needed to erase g, or fault.NotFound if it does
// not exist or is erased.
func (st *Store) findForReErase(ctx context.Context, g ErasureRecord) (Couple, error) {
	c := Couple{ID: g.Couple, PracticeID: g.Practice, RecordNo: g.RecordNo}
	err := st.db.Get(ctx, &c.CounselorID, `
		SELECT counselor_id FROM couples
		WHERE practice_id = ? AND id = ?
		  AND NOT EXISTS (SELECT 1 FROM erasures WHERE couple_id = couples.id AND (side = '' OR side = ?))`,
		g.Practice, g.Couple, string(g.Side))
	if err != nil {
		return c, err
	}
	c.Reader = vault.ForCounselor(g.Practice, c.CounselorID, g.Couple)
	var ids []string
	if err := st.db.Select(ctx, &ids, `SELECT id FROM partners WHERE practice_id = ? AND couple_id = ? ORDER BY side`,
		g.Practice, g.Couple); err != nil {
		return c, err
	}
	if len(ids) != 2 {
		return c, fmt.Errorf("it has %d partners", len(ids))
	}
	c.Partners[0].ID, c.Partners[0].Side = ids[0], A
	c.Partners[1].ID, c.Partners[1].Side = ids[1], B
	return c, nil
}
