package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/fault"
)

// An EndedLogin is a login that timed out.
type EndedLogin struct {
	Person string        // the person who was signed in
	Shared bool          // the device is shared, or assumed to be
	Idle   time.Duration // the idle timeout; 0 if the login was open for too long
}

// EndedLogin returns the login of token if it timed out, and fault.NotFound if it is still
// valid, was signed out, or never existed.
func (st *Store) EndedLogin(ctx context.Context, token string, now time.Time) (EndedLogin, error) {
	var row struct {
		CounselorID string    `db:"counselor_id"`
		PartnerID   string    `db:"partner_id"`
		Shared      bool      `db:"shared"`
		SeenAt      time.Time `db:"seen_at"`
		Until       time.Time `db:"absolute_until"`
	}
	err := st.db.Get(ctx, &row, `
		SELECT COALESCE(l.counselor_id, '') AS counselor_id, COALESCE(s.partner_id, '') AS partner_id, l.shared, l.seen_at,
		  l.absolute_until
		FROM logins l
		LEFT JOIN sign_ins s ON s.id = l.sign_in_id
		WHERE l.token_hash = ? AND l.revoked_at IS NULL AND NOT l.factor_due`, hashToken(token))
	if errors.Is(err, fault.NotFound) {
		return EndedLogin{}, fault.NotFound
	}
	if err != nil {
		return EndedLogin{}, fmt.Errorf("ended login: %w", err)
	}
	l := Login{CounselorID: row.CounselorID, PartnerID: row.PartnerID, Shared: row.Shared}
	switch {
	case now.Sub(row.SeenAt) > l.Idle():
		return EndedLogin{l.Person(), l.Shared, l.Idle()}, nil
	case now.After(row.Until):
		return EndedLogin{l.Person(), l.Shared, 0}, nil
	}
	return EndedLogin{}, fault.NotFound
}

// PersonOf returns the person to whom a login token belongs, even if its second factor is due.
func (st *Store) PersonOf(ctx context.Context, token string, now time.Time) (string, error) {
	l, _, err := st.find(ctx, token, now)
	return l.Person(), err
}
