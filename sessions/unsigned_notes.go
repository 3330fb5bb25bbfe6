package sessions

import (
	"context"
	"errors"
	"fmt"
	"strconv"
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
	ID          string    `db:"id"`
	CoupleID    string    `db:"couple_id"`
	CounselorID string    `db:"counselor_id"`
	StartsAt    time.Time `db:"starts_at"`
	Minutes     int       `db:"minutes"`
	Place       string    `db:"place"` // office, video or phone
	AName       string    `db:"-"`
	BName       string    `db:"-"`
}

// AppointmentsAtOnce is how many appointments a page of the calendar has.
const AppointmentsAtOnce = 40

// A Span is the appointments between two times, those after the one with the id
// After if there is one.
type Span struct {
	From, Until time.Time
	After       string
}

// Calendar returns the appointments of a practice in a span, for its front desk,
// and the id of the last one where there are more.
func (st *Store) Calendar(ctx context.Context, practice, person string,
	in Span,
) (list []Appointment, more string, err error) {
	var rows []struct {
		Appointment
		A       string `db:"a_id"`
		B       string `db:"b_id"`
		SealedA []byte `db:"a_name"`
		SealedB []byte `db:"b_name"`
	}
	after, args := "", []any{practice, in.From, in.Until}
	if in.After != "" {
		after = ` AND (s.starts_at, s.id) > (SELECT l.starts_at, l.id FROM sessions l
			WHERE l.practice_id = s.practice_id AND l.id = ?)`
		args = append(args, in.After)
	}
	err = st.db.Select(ctx, &rows, `
		WITH listed AS (
			SELECT s.id FROM sessions s CROSS JOIN couples c
			WHERE s.practice_id = ? AND s.starts_at >= ? AND s.starts_at < ?`+after+
		` AND c.id = s.couple_id AND c.erased_at IS NULL
			ORDER BY s.starts_at, s.id
			LIMIT `+strconv.Itoa(AppointmentsAtOnce+1)+`) -- a number that the planner knows
		SELECT s.id, s.couple_id, c.counselor_id, s.starts_at, s.minutes, s.place, a.id AS a_id, a.address_as AS a_name,
		  b.id AS b_id, b.address_as AS b_name
		FROM listed l
		CROSS JOIN sessions s
		CROSS JOIN couples c
		CROSS JOIN partners a
		CROSS JOIN partners b
		JOIN counselors d ON d.practice_id = c.practice_id AND d.id = ? AND d.role = 'front desk' AND d.disabled_at IS NULL
		WHERE s.id = l.id AND c.id = s.couple_id AND a.couple_id = c.id AND a.side = 'A' AND b.couple_id = c.id
		  AND b.side = 'B'
		ORDER BY s.starts_at, s.id`, append(args, person)...)
	if err != nil {
		return nil, "", fmt.Errorf("calendar: %w", err)
	}
	if len(rows) > AppointmentsAtOnce {
		rows = rows[:AppointmentsAtOnce]
		more = rows[AppointmentsAtOnce-1].ID
	}
	reader := vault.ForDesk(practice, person)
	list = make([]Appointment, len(rows))
	for i, r := range rows {
		list[i] = r.Appointment
		var problem error
		list[i].AName, err = couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.A, r.SealedA)
		list[i].BName, problem = couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.B, r.SealedB)
		if err := errors.Join(err, problem); err != nil {
			return nil, "", fmt.Errorf("calendar: %w", err)
		}
	}
	return list, more, nil
}
