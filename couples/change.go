package couples

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fold"
	"mend/internal/vault"
)

// filterListed keeps the couples whose names or record number contain every word of search. The
// comparison is in Go, so that it is the same for both engines.
func filterListed(list []Listed, search string) []Listed {
	return slices.DeleteFunc(list, func(l Listed) bool { return !fold.Has(l.AName+" "+l.BName+" "+l.RecordNo, search) })
}

// event returns the audit event for an action on the couple.
func (c Couple) event(action audit.Action, object, id string) audit.Event {
	return audit.Event{Practice: c.PracticeID, Couple: c.ID, Action: action, Object: object, ID: id}
}

// AddBreach stores a further breach of a couple. Repeating it changes nothing and sets b to the
// stored one.
func (st *Store) AddBreach(ctx context.Context, c Couple, b *Breach, now time.Time) error {
	bad := fault.Fields{}
	b.validate(bad, "breach.0.", st.kinds)
	if err := bad.Err(); err != nil {
		return err
	}
	for _, known := range c.Breaches {
		if known.Name == b.Name && known.Broke == b.Broke && known.KindList == b.KindList {
			*b = known
			return nil
		}
	}
	b.PracticeID, b.CoupleID, b.Position, b.CreatedAt = c.PracticeID, c.ID, len(c.Breaches), now
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.insertBreach(ctx, tx, c.Reader, b); err != nil {
			return err
		}
		return audit.Record(ctx, tx, c.event(audit.Created, "breach", b.ID))
	})
	if errors.Is(err, fault.Conflict) {
		err = st.repeatedBreach(ctx, c, b)
	}
	if err != nil {
		return fmt.Errorf("breach of couple %s: %w", c.ID, err)
	}
	return nil
}

// repeatedBreach sets the id of b to that of the same breach stored by an earlier submission. If
// another breach took its position meanwhile, it returns fault.Busy.
func (st *Store) repeatedBreach(ctx context.Context, c Couple, b *Breach) error {
	c, err := st.Find(ctx, c.PracticeID, c.CounselorID, c.ID)
	if err != nil {
		return err
	}
	for _, known := range c.Breaches {
		if known.Position == b.Position && known.Name == b.Name && known.Broke == b.Broke && known.KindList == b.KindList {
			b.ID = known.ID
			return nil
		}
	}
	return fault.Busy
}

// AddGoal stores a goal of the couple's treatment plan. Repeating a form key changes nothing.
func (st *Store) AddGoal(ctx context.Context, c Couple, text, formKey string, now time.Time) error {
	bad := fault.Fields{}
	text = strings.TrimSpace(text)
	bad.Length("goal", text, 1, 280)
	if err := bad.Err(); err != nil {
		return err
	}
	id := rand.Text()
	box, err := st.vault.Open(ctx, st.db, c.Reader, vault.Item{
		Couple: c.ID, Material: vault.JointRecord, State: vault.Kept,
	})
	if err != nil {
		return fmt.Errorf("goal of couple %s: %w", c.ID, err)
	}
	row := box.Row("goals", id)
	sealed := row.Seal("text", text)
	if err := row.Err(); err != nil {
		return err
	}
	_, err = audit.Exec(ctx, st.db, c.event(audit.Created, "goal", id), `
		INSERT INTO goals (id, practice_id, couple_id, position, text, form_key, created_at)
		VALUES (?, ?, ?, (SELECT COUNT(*) FROM goals WHERE couple_id = ?), ?, ?, ?)
		ON CONFLICT DO NOTHING`, id, c.PracticeID, c.ID, c.ID, sealed, formKey, now)
	if err != nil {
		return fmt.Errorf("goal of couple %s: %w", c.ID, err)
	}
	return nil
}

// RetireGoal removes a goal from the plan. Notes that mention it keep it.
func (st *Store) RetireGoal(ctx context.Context, c Couple, goal string, now time.Time) error {
	n, err := audit.Exec(ctx, st.db, c.event(audit.Changed, "goal", goal), `
		UPDATE goals SET retired_at = ?
		WHERE practice_id = ? AND couple_id = ? AND id = ? AND retired_at IS NULL`, now, c.PracticeID, c.ID, goal)
	if err == nil && n == 0 && !slices.ContainsFunc(c.Goals, func(g Goal) bool { return g.ID == goal }) {
		err = fault.NotFound
	}
	if err != nil {
		return fmt.Errorf("goal %s: %w", goal, err)
	}
	return nil
}
