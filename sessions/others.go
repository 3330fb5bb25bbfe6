package sessions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/vault"
)

// FindIn returns a session of a couple that was found for somebody other than
// its counselor, read as the couple's reader. What the policy keeps from them
// is left out.
func (st *Store) FindIn(ctx context.Context, c couples.Couple, id string) (Session, error) {
	var s Session
	err := st.db.Get(ctx, &s, `
		SELECT `+sessionColumns+`
		FROM sessions s
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.id = ?`, c.PracticeID, c.ID, id)
	if err == nil {
		s.Reader = c.Reader
		err = st.unseal(ctx, st.db, &s)
	}
	if err != nil && !(s.ID != "" && errors.Is(err, fault.NotFound)) {
		return s, fmt.Errorf("session %s: %w", id, err)
	}
	return s, nil
}

// An Appointment is a session as the front desk may know it: who, when and
// where, and nothing of what it is about.
type Appointment struct {
	CoupleID    string    `db:"couple_id"`
	CounselorID string    `db:"counselor_id"`
	StartsAt    time.Time `db:"starts_at"`
	Minutes     int       `db:"minutes"`
	Place       string    `db:"place"` // office, video or phone
	AName       string    `db:"-"`
	BName       string    `db:"-"`
}

// Calendar returns the appointments of a practice from and until the given
// times, for its front desk.
func (st *Store) Calendar(ctx context.Context, practice, person string, from, until time.Time) ([]Appointment, error) {
	var rows []struct {
		Appointment
		A       string `db:"a_id"`
		B       string `db:"b_id"`
		SealedA []byte `db:"a_name"`
		SealedB []byte `db:"b_name"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT s.couple_id, c.counselor_id, s.starts_at, s.minutes, s.place, a.id AS a_id, a.address_as AS a_name, b.id AS b_id, b.address_as AS b_name
		FROM sessions s
		JOIN couples c ON c.id = s.couple_id
		JOIN counselors d ON d.practice_id = c.practice_id AND d.id = ? AND d.role = 'front desk' AND d.disabled_at IS NULL
		JOIN partners a ON a.couple_id = c.id AND a.side = 'A'
		JOIN partners b ON b.couple_id = c.id AND b.side = 'B'
		WHERE s.practice_id = ? AND c.erased_at IS NULL AND s.starts_at >= ? AND s.starts_at < ?
		ORDER BY s.starts_at, s.id`, person, practice, from, until)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	reader := vault.ForDesk(practice, person)
	list := make([]Appointment, len(rows))
	for i, r := range rows {
		list[i] = r.Appointment
		var problem error
		list[i].AName, err = couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.A, r.SealedA)
		list[i].BName, problem = couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.B, r.SealedB)
		if err := errors.Join(err, problem); err != nil {
			return nil, fmt.Errorf("calendar: %w", err)
		}
	}
	return list, nil
}
