package couples

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Setback is a relapse or a new disclosure during the work. It pauses sharing until the counselor
// resumes it: nothing more can be released, and released pages that were not opened yet are
// withheld.
type Setback struct {
	ID       string    `db:"id"`
	EventID  string    `db:"event_id"` // on the couple's timeline
	MarkedAt time.Time `db:"marked_at"`
	FormKey  string    `db:"form_key"`

	ResumedAt *time.Time `db:"resumed_at"`
	Reason    string     `db:"-"` // why sharing was resumed without a private conversation with each partner
}

// PauseSharing stores a setback within the transaction that marks it, even if the MAC of the
// couple's holds is invalid.
func PauseSharing(ctx context.Context, tx *database.DB, v *vault.Vault, c Couple, s Setback) error {
	return rowmac.ChangeAnyway(ctx, tx, v, c.PracticeID, rowmac.Holds, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			paused := c.event(audit.Changed, "couple", c.ID)
			paused.Reason = "sharing paused"
			_, err := audit.Exec(ctx, tx, paused, `
				INSERT INTO setbacks (id, practice_id, couple_id, event_id, marked_at, form_key)
				VALUES (?, ?, ?, ?, ?, ?)`, s.ID, c.PracticeID, c.ID, s.EventID, s.MarkedAt, s.FormKey)
			return err
		})
}

// Setbacks returns the setbacks of c, newest first.
func (st *Store) Setbacks(ctx context.Context, c Couple) ([]Setback, error) {
	var rows []struct {
		Setback
		Sealed []byte `db:"reason"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, event_id, marked_at, form_key, resumed_at, reason
		FROM setbacks
		WHERE practice_id = ? AND couple_id = ?
		ORDER BY marked_at DESC, id`, c.PracticeID, c.ID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, jointRecordItem(c))
	if err != nil {
		return nil, err
	}
	list := make([]Setback, len(rows))
	for i, r := range rows {
		row := box.Row("setbacks", r.ID)
		list[i] = r.Setback
		list[i].Reason = row.Read("reason", r.Sealed)
		if row.Err() != nil {
			return nil, fmt.Errorf("setbacks of couple %s: %w", c.ID, row.Err())
		}
	}
	return list, nil
}

// IsPaused reports whether sharing is still paused after one of setbacks.
func IsPaused(setbacks []Setback) bool {
	return slices.ContainsFunc(setbacks, func(s Setback) bool { return s.ResumedAt == nil })
}

// ErrPaused means that nothing more can be released until the counselor resumes sharing.
var ErrPaused = fault.Fields{"main": "Sharing has been paused since a new disclosure or relapse. To release this " +
	"worksheet, resume sharing on the couple’s page."}

// IsSharingPaused reports whether sharing between a couple's partners is paused. It is also paused
// if the MAC of the couple's holds is invalid.
func IsSharingPaused(ctx context.Context, db *database.DB, v *vault.Vault, practice, couple string) (bool, error) {
	var n int
	err := db.Get(ctx, &n, `
		SELECT COUNT(*) FROM setbacks WHERE practice_id = ? AND couple_id = ? AND resumed_at IS NULL`, practice, couple)
	if err != nil || n > 0 {
		return n > 0, err
	}
	good, err := rowmac.IsValid(ctx, db, v, practice, rowmac.Holds, couple)
	return !good, err
}

// MayRelease is MayShare for pages that were not released yet. It also returns ErrPaused while
// sharing is paused.
func MayRelease(ctx context.Context, db *database.DB, v *vault.Vault, practice, couple string) error {
	if err := MayShare(ctx, db, practice, couple); err != nil {
		return err
	}
	paused, err := IsSharingPaused(ctx, db, v, practice, couple)
	if err == nil && paused {
		err = ErrPaused
	}
	return err
}

// LastSetback returns when a couple's latest setback was marked, or the zero time.
func LastSetback(ctx context.Context, db *database.DB, practice, couple string) (time.Time, error) {
	var at time.Time
	err := db.Get(ctx, &at, `
		SELECT marked_at FROM setbacks
		WHERE practice_id = ? AND couple_id = ?
		ORDER BY marked_at DESC, id
		LIMIT 1`, practice, couple)
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	return at, err
}

// ResumeSharing ends the pause of sharing. talked lists the partners with whom a private
// conversation was recorded since; unless that is both, a reason is required. If sharing is not
// paused, nothing changes.
func (st *Store) ResumeSharing(ctx context.Context, c Couple, talked map[Side]bool, reason string,
	now time.Time,
) error {
	reason = strings.TrimSpace(reason)
	bad := fault.Fields{}
	bad.Length("reason", reason, 0, 1000)
	for _, p := range c.Partners {
		if !talked[p.Side] && !p.Erased && reason == "" {
			bad["reason"] = "You haven’t recorded a private conversation with each partner since. Have it first, or " +
				"enter why sharing resumes without it."
		}
	}
	if err := bad.Err(); err != nil {
		return err
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Holds, c.ID,
		func(ctx context.Context, tx *database.DB) error { return st.resume(ctx, tx, c, reason, now) })
	if err != nil {
		return fmt.Errorf("resume sharing of couple %s: %w", c.ID, err)
	}
	return nil
}

func (st *Store) resume(ctx context.Context, tx *database.DB, c Couple, reason string, now time.Time) error {
	var open []string
	err := tx.Select(ctx, &open, `
		SELECT id FROM setbacks WHERE practice_id = ? AND couple_id = ? AND resumed_at IS NULL ORDER BY id`,
		c.PracticeID, c.ID)
	if err != nil {
		return err
	}
	box, err := st.vault.Open(ctx, tx, c.Reader, jointRecordItem(c))
	if err != nil {
		return err
	}
	for _, id := range open {
		row := box.Row("setbacks", id)
		sealed := row.Seal("reason", reason)
		if row.Err() != nil {
			return row.Err()
		}
		resumed := c.event(audit.Changed, "couple", c.ID)
		resumed.Reason = "sharing resumed"
		if _, err := audit.Exec(ctx, tx, resumed, `
			UPDATE setbacks SET resumed_at = ?, reason = ?
			WHERE practice_id = ? AND id = ? AND resumed_at IS NULL`, now, sealed, c.PracticeID, id); err != nil {
			return err
		}
	}
	return nil
}
