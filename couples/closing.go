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

// Endings lists the endings with their names.
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

// Name returns the name of the ending.
func (e Ending) Name() string {
	for _, known := range Endings {
		if known.ID == e {
			return known.Name
		}
	}
	return ""
}

// mostPortalDays limits how long after closing a partner's portal stays open.
const mostPortalDays = 366

// A Closing is the end of the work with a couple. Each partner's portal has its own end date.
type Closing struct {
	ID         string     `db:"id"`
	Ending     Ending     `db:"ending"`
	ClosedAt   time.Time  `db:"closed_at"`
	AUntil     time.Time  `db:"a_until"`
	BUntil     time.Time  `db:"b_until"`
	FormKey    string     `db:"form_key"`
	ReopenedAt *time.Time `db:"reopened_at"`
	Reason     string     `db:"-"` // why the record was reopened
}

// Until returns when the portal of the partner on side ends.
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

// Close ends the work with a couple: its retention period begins, and each partner's portal ends at
// its date. In the same transaction, cancel cancels what is planned. Repeating a form key changes
// nothing. If the couple is closed already, Close returns fault.Conflict.
func (st *Store) Close(ctx context.Context, people *accounts.Store, c Couple, end Closing,
	cancel func(context.Context, *database.DB) error, now time.Time,
) error {
	if err := end.validate(now); err != nil {
		return err
	}
	id := rand.Text()
	err := rowmac.Change(ctx, st.db, st.vault, c.PracticeID, rowmac.Couple, c.ID,
		func(ctx context.Context, tx *database.DB) error {
			// What is being planned is stored first, so that cancel finds it.
			if err := rowmac.Lock(ctx, tx, c.PracticeID, rowmac.Couple, c.ID); err != nil {
				return err
			}
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

// closedAlready returns nil if c was closed by the form with formKey, and fault.Conflict otherwise.
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

// Reopen reopens a closed couple and stores the reason. Both portals open again.
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
				return nil // it is not closed
			}
			if err != nil {
				return err
			}
			box, err := st.vault.Open(ctx, tx, c.Reader, jointRecordItem(c))
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

// Closings returns the closings of c, latest first.
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
	box, err := st.vault.Open(ctx, st.db, c.Reader, jointRecordItem(c))
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

// IsClosed reports whether one of closings was not reopened.
func IsClosed(closings []Closing) bool {
	return slices.ContainsFunc(closings, func(c Closing) bool { return c.ReopenedAt == nil })
}

// MayInvite returns why no partner of c may be invited, or nil. No new portal opens for a closed
// couple.
func (st *Store) MayInvite(ctx context.Context, c Couple) error {
	closings, err := st.Closings(ctx, c)
	if err == nil && IsClosed(closings) {
		err = fault.Fields{"partners": "Reopen the record before you invite a partner."}
	}
	return err
}

// ErrSeparating means that the partners are separating, so nothing more is shared between them or
// written together.
var ErrSeparating = fmt.Errorf("the partners are separating: %w", fault.Locked)

// MayShare returns ErrSeparating if the couple was closed because its partners are separating.
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
