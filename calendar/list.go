package calendar

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A Listed is an appointment in a list, with the partners' names and the couple's record number.
type Listed struct {
	Appointment
	RecordNo string `db:"record_no"`
	AName    string `db:"-"`
	BName    string `db:"-"`
}

// Names returns the partners' names, such as "Robin and Sasha".
func (l Listed) Names() string { return l.AName + " and " + l.BName }

// listedRow is a Listed appointment with encrypted names.
type listedRow struct {
	Listed
	A       string `db:"a_id"`
	B       string `db:"b_id"`
	SealedA []byte `db:"a_name"`
	SealedB []byte `db:"b_name"`
}

const listedColumns = columns + `, c.record_no, x.id AS a_id, x.address_as AS a_name, y.id AS b_id,
	y.address_as AS b_name`

const listedTables = `
	CROSS JOIN couples c
	CROSS JOIN partners x
	CROSS JOIN partners y
	WHERE c.id = a.couple_id AND c.erased_at IS NULL AND x.couple_id = c.id AND x.side = 'A' AND y.couple_id = c.id
	  AND y.side = 'B'`

// Between returns the appointments of a counselor's couples that begin within a period, earliest
// first, in their current places.
func (st *Store) Between(ctx context.Context, practice, counselor string, from, until time.Time) ([]Listed, error) {
	var rows []listedRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+listedColumns+`
		FROM appointments a`+listedTables+`
		  AND a.practice_id = ? AND a.counselor_id = ? AND a.starts_at >= ? AND a.starts_at < ? AND a.state <> 'moved'
		  AND c.counselor_id = a.counselor_id
		ORDER BY a.starts_at, a.id`, practice, counselor, from, until)
	if err != nil {
		return nil, fmt.Errorf("appointments: %w", err)
	}
	as := func(couple string) vault.Actor { return vault.ForCounselor(practice, counselor, couple) }
	return st.listed(ctx, rows, as)
}

// ForDesk returns a practice's appointments that begin within a period, for its front desk.
func (st *Store) ForDesk(ctx context.Context, practice, person string, from, until time.Time) ([]Listed, error) {
	var rows []listedRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+listedColumns+`
		FROM appointments a`+listedTables+`
		  AND a.practice_id = ? AND a.starts_at >= ? AND a.starts_at < ? AND a.state <> 'moved'
		  AND EXISTS (SELECT 1 FROM counselors d WHERE d.practice_id = c.practice_id AND d.id = ? AND d.role = 'front desk'
		    AND d.disabled_at IS NULL)
		ORDER BY a.starts_at, a.id`, practice, from, until, person)
	if err != nil {
		return nil, fmt.Errorf("appointments: %w", err)
	}
	return st.listed(ctx, rows, func(string) vault.Actor { return vault.ForDesk(practice, person) })
}

func (st *Store) listed(ctx context.Context, rows []listedRow, as func(couple string) vault.Actor) ([]Listed, error) {
	list := make([]Listed, len(rows))
	for i, r := range rows {
		list[i] = r.Listed
		list[i].Reader = as(r.CoupleID)
		a, err := couples.AddressOf(ctx, st.vault, st.db, list[i].Reader, r.CoupleID, r.A, r.SealedA)
		b, problem := couples.AddressOf(ctx, st.vault, st.db, list[i].Reader, r.CoupleID, r.B, r.SealedB)
		if err := errors.Join(err, problem); err != nil {
			return nil, fmt.Errorf("appointments: %w", err)
		}
		list[i].AName, list[i].BName = a, b
	}
	return list, nil
}

// OfCouple returns a couple's appointments that begin within a period, earliest first, as far as
// its reader may see them.
func (st *Store) OfCouple(ctx context.Context, c couples.Couple, from, until time.Time) ([]Appointment, error) {
	var list []Appointment
	err := st.db.Select(ctx, &list, `
		SELECT `+columns+`
		FROM appointments a
		WHERE a.practice_id = ? AND a.couple_id = ? AND a.starts_at >= ? AND a.starts_at < ? AND a.state <> 'moved'
		ORDER BY a.starts_at, a.id`, c.PracticeID, c.ID, from, until)
	for i := range list {
		list[i].Reader = c.Reader
		err = errors.Join(err, st.unseal(ctx, st.db, &list[i]))
	}
	if err != nil {
		return nil, fmt.Errorf("appointments of couple %s: %w", c.ID, err)
	}
	return list, nil
}

// An Upcoming is what both partners may see of upcoming appointments; it is the same for both.
type Upcoming struct {
	Next     *Appointment // nil for none
	Canceled *time.Time   // an earlier appointment that was canceled, nil for none
	Zone     string       // the zone of the canceled appointment
	Open     bool         // the next one is by video and about to begin or running
	Link     string       // where it can then be joined, "" if unknown
}

// nextUntil is how long after its start an appointment still counts as the next one.
const nextUntil = 20 * time.Minute

// Upcoming returns a partner's upcoming appointments; a video session counts until it is over. It
// does not read who canceled.
func (st *Store) Upcoming(ctx context.Context, c couples.Couple, now time.Time) (Upcoming, error) {
	var list []Appointment
	err := st.db.Select(ctx, &list, `
		SELECT `+columns+`
		FROM appointments a
		WHERE a.practice_id = ? AND a.couple_id = ? AND a.starts_at >= ?
		  AND (a.state = 'planned' AND a.starts_at >= ? OR a.state IN ('planned', 'held') AND a.place = 'video')
		ORDER BY a.starts_at, a.id
		LIMIT 20`, c.PracticeID, c.ID, now.Add(-longest-linkAfter), now.Add(-nextUntil))
	if err != nil {
		return Upcoming{}, fmt.Errorf("what is to come for couple %s: %w", c.ID, err)
	}
	var coming Upcoming
	for i := range list {
		if a := &list[i]; a.Place != "video" || now.Before(a.Ends().Add(linkAfter)) {
			a.Reader = c.Reader
			coming.Next = a
			break
		}
	}
	if err := st.addCanceled(ctx, c, &coming, now); err != nil {
		return Upcoming{}, fmt.Errorf("what is to come for couple %s: %w", c.ID, err)
	}
	if coming.Next == nil {
		return coming, nil
	}
	return coming, st.describeNext(ctx, &coming, now)
}

// addCanceled adds the first canceled appointment before the next one.
func (st *Store) addCanceled(ctx context.Context, c couples.Couple, coming *Upcoming, now time.Time) error {
	var first struct {
		At   time.Time `db:"starts_at"`
		Zone string    `db:"zone"`
	}
	err := st.db.Get(ctx, &first, `
		SELECT starts_at, zone
		FROM appointments
		WHERE practice_id = ? AND couple_id = ? AND state IN ('canceled', 'late canceled') AND starts_at >= ?
		ORDER BY starts_at, id
		LIMIT 1`, c.PracticeID, c.ID, now.Add(-nextUntil))
	if errors.Is(err, fault.NotFound) || err == nil && coming.Next != nil && first.At.After(coming.Next.StartsAt) {
		return nil
	}
	coming.Canceled, coming.Zone = &first.At, first.Zone
	return err
}

// describeNext reads the place of the next appointment, but not of a video session that is not open
// yet.
func (st *Store) describeNext(ctx context.Context, coming *Upcoming, now time.Time) (err error) {
	a := coming.Next
	if err := st.unseal(ctx, st.db, a); err != nil || a.Place != "video" {
		return err
	}
	if coming.Open = a.isOpen(now); !coming.Open {
		a.PlaceDetail = ""
		return nil
	}
	if coming.Link, err = st.linkOf(ctx, *a); coming.Link == a.PlaceDetail {
		a.PlaceDetail = ""
	}
	return err
}

// Next returns a couple's next planned appointment after a time, without its place detail, or
// fault.NotFound.
func (st *Store) Next(ctx context.Context, practice, couple string, after time.Time) (Appointment, error) {
	var a Appointment
	err := st.db.Get(ctx, &a, `
		SELECT `+columns+`
		FROM appointments a
		WHERE a.practice_id = ? AND a.couple_id = ? AND a.state = 'planned' AND a.starts_at >= ?
		ORDER BY a.starts_at, a.id
		LIMIT 1`, practice, couple, after)
	return a, err
}

// IsOff reports whether the appointment of a session was canceled, missed or moved.
func (st *Store) IsOff(ctx context.Context, practice, session string) (bool, error) {
	var state State
	err := st.db.Get(ctx, &state, `SELECT state FROM appointments WHERE practice_id = ? AND session_id = ?`,
		practice, session)
	if err != nil {
		return false, fmt.Errorf("appointment of session %s: %w", session, err)
	}
	return state != Planned && state != Held, nil
}

// NextOf returns when the next planned appointment of each couple begins, by couple id.
func (st *Store) NextOf(ctx context.Context, practice string, ids []string, now time.Time) (
	map[string]time.Time, error,
) {
	next := make(map[string]time.Time, len(ids))
	for some := range slices.Chunk(ids, 256) {
		var rows []struct {
			Couple   string    `db:"couple_id"`
			StartsAt time.Time `db:"starts_at"`
		}
		marks, args := database.In(some)
		err := st.db.Select(ctx, &rows, `
			SELECT couple_id, starts_at
			FROM appointments
			WHERE practice_id = ? AND couple_id IN (`+marks+`) AND state = 'planned' AND starts_at >= ?`,
			append(append([]any{practice}, args...), now)...)
		if err != nil {
			return nil, fmt.Errorf("next appointments: %w", err)
		}
		for _, r := range rows { // sorting in SQL would scan the whole practice's appointments
			if first, known := next[r.Couple]; !known || r.StartsAt.Before(first) {
				next[r.Couple] = r.StartsAt
			}
		}
	}
	return next, nil
}
