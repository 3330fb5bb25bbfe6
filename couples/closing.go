package couples

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
)

// An Ending is how the work with a couple ended.
type Ending string

// The endings.
const (
	GoalsReached   Ending = "goals-reached"
	EnoughForNow   Ending = "enough-for-now"
	Separating     Ending = "separating"
	OnePartnerLeft Ending = "one-partner-left"
	LostContact    Ending = "lost-contact"
)

// Endings are all of them, in words.
var Endings = []struct {
	ID   Ending
	Name string
}{
	{GoalsReached, "Goals reached"},
	{EnoughForNow, "Enough for now"},
	{Separating, "The partners are separating"},
	{OnePartnerLeft, "One partner left"},
	{LostContact, "Lost contact"},
}

// Name is the ending in words.
func (e Ending) Name() string {
	for _, known := range Endings {
		if known.ID == e {
			return known.Name
		}
	}
	return ""
}

// mostPortalDays is how long after closing a partner's portal may stay open.
const mostPortalDays = 366

// A Closing is the end of the work with a couple. The portal of each partner ends at a
// time of its own.
type Closing struct {
	ID         string     `db:"id"`
	Ending     Ending     `db:"ending"`
	ClosedAt   time.Time  `db:"closed_at"`
	AUntil     time.Time  `db:"a_until"`
	BUntil     time.Time  `db:"b_until"`
	FormKey    string     `db:"form_key"`
	ReopenedAt *time.Time `db:"reopened_at"`
	Reason     string     `db:"-"` // why it was reopened
}

// Until is when the portal of the partner on a side ends.
func (c Closing) Until(side Side) time.Time {
	if side == A {
		return c.AUntil
	}
	return c.BUntil
}

func (c Closing) validate(now time.Time) error {
	bad := fault.Fields{}
	if c.Ending.Name() == "" {
		bad["ending"] = "Choose how counseling ended."
	}
	for field, until := range map[string]time.Time{"a_until": c.AUntil, "b_until": c.BUntil} {
		if until.Before(now) || until.After(now.AddDate(0, 0, mostPortalDays)) {
			bad[field] = "Choose a day from today on, within a year."
		}
	}
	return bad.Err()
}

// Close ends the work with a couple: from now on its record is kept for years, and each
// partner's portal ends at its time. In the same transaction cancel takes back what is
// planned with them. The same form key a second time changes nothing. A couple that is
// closed already is fault.Conflict.
func (st *Store) Close(ctx context.Context, people *accounts.Store, c Couple, end Closing,
	cancel func(context.Context, *database.DB) error, now time.Time,
) error {
	if err := end.validate(now); err != nil {
		return err
	}
	id := rand.Text()
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Couple, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			closed := c.event(audit.Changed, "couple", c.ID)
			closed.Reason = "closed"
			n, err := audit.Exec(ctx, tx, closed, `
				INSERT INTO closings (id, practice_id, couple_id, ending, closed_at, a_until, b_until, form_key)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT DO NOTHING`, id, c.PracticeID, c.ID, end.Ending, now, end.AUntil, end.BUntil, end.FormKey)
			if err == nil && n == 0 {
				return closedAlready(ctx, tx, c, end.FormKey)
			}
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE couples SET served_at = ? WHERE practice_id = ? AND id = ? AND served_at < ?`,
				now, c.PracticeID, c.ID, now); err != nil {
				return err
			}
			for _, p := range c.Partners {
				until := end.Until(p.Side)
				if err := people.EndPortal(ctx, tx, c.PracticeID, p.ID, &until, now); err != nil {
					return err
				}
			}
			return cancel(ctx, tx)
		})
	if err != nil {
		return fmt.Errorf("close couple %s: %w", c.ID, err)
	}
	return nil
}

// closedAlready is nil where c was closed by the form with a key.
func closedAlready(ctx context.Context, tx *database.DB, c Couple, formKey string) error {
	var n int
	err := tx.Get(ctx, &n, `
		SELECT COUNT(*) FROM closings WHERE practice_id = ? AND couple_id = ? AND form_key = ? AND reopened_at IS NULL`,
		c.PracticeID, c.ID, formKey)
	if err == nil && n == 0 {
		err = fault.Conflict
	}
	return err
}

// Reopen goes on with a couple that was closed, and says why. Both portals open again.
func (st *Store) Reopen(ctx context.Context, people *accounts.Store, c Couple, reason string, now time.Time) error {
	reason = strings.TrimSpace(reason)
	bad := fault.Fields{}
	bad.Length("reason", reason, 1, 1000)
	if err := bad.Err(); err != nil {
		return err
	}
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Couple, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			var id string
			err := tx.Get(ctx, &id, `
				SELECT id FROM closings WHERE practice_id = ? AND couple_id = ? AND reopened_at IS NULL`, c.PracticeID, c.ID)
			if errors.Is(err, fault.NotFound) {
				return nil // it is open
			}
			if err != nil {
				return err
			}
			box, err := st.vault.Open(ctx, tx, c.Reader, chartOf(c))
			if err != nil {
				return err
			}
			row := box.Row("closings", id)
			sealed := row.Seal("reason", reason)
			if row.Err() != nil {
				return row.Err()
			}
			reopened := c.event(audit.Changed, "couple", c.ID)
			reopened.Reason = "reopened"
			if _, err := audit.Exec(ctx, tx, reopened, `
				UPDATE closings SET reopened_at = ?, reason = ?
				WHERE practice_id = ? AND id = ? AND reopened_at IS NULL`, now, sealed, c.PracticeID, id); err != nil {
				return err
			}
			for _, p := range c.Partners {
				if err := people.EndPortal(ctx, tx, c.PracticeID, p.ID, nil, now); err != nil {
					return err
				}
			}
			return nil
		})
	if err != nil {
		return fmt.Errorf("reopen couple %s: %w", c.ID, err)
	}
	return nil
}

// Closings returns each time that the work with c ended, the last one first.
func (st *Store) Closings(ctx context.Context, c Couple) ([]Closing, error) {
	var rows []struct {
		Closing
		Sealed []byte `db:"reason"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, ending, closed_at, a_until, b_until, form_key, reopened_at, reason
		FROM closings
		WHERE practice_id = ? AND couple_id = ?
		ORDER BY closed_at DESC, id`, c.PracticeID, c.ID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, chartOf(c))
	if err != nil {
		return nil, err
	}
	list := make([]Closing, len(rows))
	for i, r := range rows {
		row := box.Row("closings", r.ID)
		list[i] = r.Closing
		list[i].Reason = row.Read("reason", r.Sealed)
		if row.Err() != nil {
			return nil, row.Err()
		}
	}
	return list, nil
}

// IsClosed tells whether the last of a couple's closings was not reopened.
func IsClosed(closings []Closing) bool {
	return slices.ContainsFunc(closings, func(c Closing) bool { return c.ReopenedAt == nil })
}

// MayInvite returns why no partner of c may be invited: a portal of a couple that is
// closed does not begin.
func (st *Store) MayInvite(ctx context.Context, c Couple) error {
	closings, err := st.Closings(ctx, c)
	if err == nil && IsClosed(closings) {
		err = fault.Fields{"partners": "Reopen the record before you invite a partner."}
	}
	return err
}

// ErrSeparating says that nothing is shared between the partners of a couple any more,
// and nothing written together: they are separating.
var ErrSeparating = fmt.Errorf("the partners are separating: %w", fault.Locked)

// MayShare returns ErrSeparating from the day on which the work with a couple was closed
// because its partners are separating.
func MayShare(ctx context.Context, db *database.DB, practice, couple string) error {
	var n int
	err := db.Get(ctx, &n, `
		SELECT COUNT(*) FROM closings
		WHERE practice_id = ? AND couple_id = ? AND ending = 'separating' AND reopened_at IS NULL`, practice, couple)
	if err == nil && n > 0 {
		err = ErrSeparating
	}
	return err
}
