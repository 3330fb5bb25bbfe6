package caseload

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// Undo erases the couples of an import that have had no activity since; the others stay. After a
// day, or if it was undone already, it returns fault.Conflict.
func (st *Store) Undo(ctx context.Context, practice, counselor, id string, now time.Time) error {
	i, err := st.Find(ctx, practice, counselor, id, now)
	if err == nil && !i.CanUndo(now) {
		err = fault.Conflict
	}
	if err != nil {
		return err
	}
	var list []couples.Couple
	for _, l := range i.Couples {
		c, err := st.couples.Find(ctx, practice, counselor, l.ID)
		if err != nil {
			return err
		}
		list = append(list, c)
	}
	var erased []couples.Couple
	err = st.db.InTx(database.WithTxLimit(ctx, longest), func(ctx context.Context, tx *database.DB) error {
		// The audit entry comes first, so that it precedes the erasures in the log.
		n, err := audit.Exec(ctx, tx, i.event(audit.Changed, "undone"), `
			UPDATE caseload_imports SET undone_at = ? WHERE practice_id = ? AND id = ? AND undone_at IS NULL`,
			now, practice, id)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		if err != nil {
			return err
		}
		if erased, err = st.eraseUntouched(ctx, tx, list, now); err != nil {
			return err
		}
		return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.CaseloadImport, id)
	})
	if err != nil {
		return fmt.Errorf("undo caseload import %s: %w", id, err)
	}
	for _, c := range erased {
		if err := st.couples.Forget(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (st *Store) eraseUntouched(ctx context.Context, tx *database.DB, list []couples.Couple, now time.Time) (
	erased []couples.Couple, err error,
) {
	for _, c := range list {
		touched, err := isTouched(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		if touched {
			continue
		}
		if err := st.couples.UndoImport(ctx, tx, st.people, c, now); err != nil {
			return nil, err
		}
		erased = append(erased, c)
	}
	return erased, nil
}

// traces are queries that count activity in a couple since its import. The audit log covers
// everything created, changed or sent; the other queries cover what it does not attribute to a
// couple.
var traces = []string{
	`SELECT COUNT(*) FROM audit_log l
	 WHERE l.practice_id = ? AND l.couple = ? AND l.action NOT IN ('opened', 'compared')
	   AND l.seq > (SELECT MAX(c.seq) FROM audit_log c WHERE c.practice_id = l.practice_id AND c.couple = l.couple
	     AND c.action = 'created' AND c.object = 'couple')`,
	`SELECT COUNT(*) FROM invitations i JOIN partners p ON p.id = i.partner_id
	 WHERE i.practice_id = p.practice_id AND p.practice_id = ? AND p.couple_id = ?`,
	`SELECT COUNT(*) FROM sign_ins s JOIN partners p ON p.id = s.partner_id
	 WHERE p.practice_id = ? AND p.couple_id = ?`,
	`SELECT COUNT(*) FROM criteria_met WHERE practice_id = ? AND couple_id = ?`,
	`SELECT COUNT(*) FROM step_states WHERE practice_id = ? AND couple_id = ?`,
}

func isTouched(ctx context.Context, tx *database.DB, c couples.Couple) (bool, error) {
	for _, trace := range traces {
		var n int
		if err := tx.Get(ctx, &n, trace, c.PracticeID, c.ID); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
