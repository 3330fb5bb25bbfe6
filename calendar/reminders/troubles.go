package reminders

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/vault"
)

// A Trouble is a reminder that failed or may not have arrived. Only the couple's own counselor sees
// it.
type Trouble struct {
	ID        string    `db:"id"`
	CoupleID  string    `db:"couple_id"`
	PartnerID string    `db:"partner_id"`
	State     State     `db:"state"`
	StartsAt  time.Time `db:"starts_at"`
	Zone      string    `db:"zone"`
	Name      string    `db:"-"` // the partner's preferred name
}

// mostTroubles limits the list.
const mostTroubles = 20

// Troubles returns the failed or unknown reminders that a counselor has not acknowledged yet.
func (st *Store) Troubles(ctx context.Context, practice, counselor string) ([]Trouble, error) {
	var rows []struct {
		Trouble
		Address []byte `db:"address_as"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT r.id, r.couple_id, r.partner_id, r.state, r.starts_at, r.zone, p.address_as
		FROM couples c
		CROSS JOIN reminders r
		CROSS JOIN partners p
		WHERE c.practice_id = ? AND c.counselor_id = ? AND c.erased_at IS NULL AND r.practice_id = c.practice_id
		  AND r.couple_id = c.id AND r.state IN ('unknown', 'failed') AND r.seen_at IS NULL AND p.id = r.partner_id
		ORDER BY r.starts_at, r.id
		LIMIT ?`, practice, counselor, mostTroubles)
	if err != nil {
		return nil, fmt.Errorf("troubles with reminders: %w", err)
	}
	list := make([]Trouble, len(rows))
	for i, row := range rows {
		list[i] = row.Trouble
		reader := vault.ForCounselor(practice, counselor, row.CoupleID)
		list[i].Name, err = couples.AddressOf(ctx, st.vault, st.db, reader, row.CoupleID, row.PartnerID, row.Address)
		if err != nil {
			return nil, fmt.Errorf("troubles with reminders: %w", err)
		}
	}
	return list, nil
}

// MarkSeen acknowledges a trouble for a counselor. Repeating it changes nothing.
func (st *Store) MarkSeen(ctx context.Context, practice, counselor, id string, now time.Time) error {
	event := audit.Event{Practice: practice, Action: audit.Acknowledged, Object: "reminder", ID: id}
	_, err := audit.Exec(ctx, st.db, event, `
		UPDATE reminders SET seen_at = ?
		WHERE practice_id = ? AND id = ? AND state IN ('unknown', 'failed') AND seen_at IS NULL
		  AND EXISTS (SELECT 1 FROM couples c WHERE c.id = reminders.couple_id AND c.counselor_id = ?)`, now, practice, id,
		counselor)
	if err != nil {
		return fmt.Errorf("reminder %s: %w", id, err)
	}
	return nil
}
