package calendar

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/database"
)

// laterInSeries returns the appointments of a's series from a on: the planned and, where withCanceled
// is set, also the canceled ones.
func (st *Store) laterInSeries(ctx context.Context, tx *database.DB, a Appointment, withCanceled bool) (
	[]Appointment, error,
) {
	var list []Appointment
	err := tx.Select(ctx, &list, `
		SELECT `+columns+`
		FROM appointments a
		WHERE a.practice_id = ? AND a.series_id = ? AND a.starts_at >= ?
		  AND (a.state = 'planned' OR ? AND a.state IN ('canceled', 'late canceled'))
		ORDER BY a.starts_at, a.id`, a.PracticeID, a.Series(), a.StartsAt, withCanceled)
	if err != nil {
		return nil, fmt.Errorf("later appointments: %w", err)
	}
	for i := range list {
		list[i].Reader = a.Reader
		if err := st.unseal(ctx, tx, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// endSeries stops a series from creating further appointments.
func endSeries(ctx context.Context, tx *database.DB, a Appointment, now time.Time) error {
	_, err := tx.Exec(
		ctx,
		`UPDATE appointment_series SET ended_at = ? WHERE practice_id = ? AND id = ? AND ended_at IS NULL`,
		now,
		a.PracticeID,
		a.Series(),
	)
	return err
}

// CancelLaterIn cancels a and all later appointments of its series and ends the series.
func (st *Store) CancelLaterIn(ctx context.Context, tx *database.DB, a Appointment, who string,
	now time.Time,
) ([]Appointment, error) {
	list, err := st.laterInSeries(ctx, tx, a, false)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || list[0].ID != a.ID { // a is not planned any more: CancelIn returns the error
		return nil, st.CancelIn(ctx, tx, a, who, now)
	}
	list[0].Revision = a.Revision // as the caller read it
	for _, later := range list {
		if err := st.CancelIn(ctx, tx, later, who, now); err != nil {
			return nil, err
		}
	}
	return list, endSeries(ctx, tx, a, now)
}

// CancelAll returns a function that cancels all future appointments of a couple on behalf of the
// practice and ends its series, for the transaction that closes the work with them.
func (st *Store) CancelAll(c couples.Couple, now time.Time) func(context.Context, *database.DB) error {
	return func(ctx context.Context, tx *database.DB) error {
		// First, so that none is made ahead meanwhile.
		_, err := tx.Exec(ctx, `
			UPDATE appointment_series SET ended_at = ?
			WHERE practice_id = ? AND couple_id = ? AND ended_at IS NULL`, now, c.PracticeID, c.ID)
		if err != nil {
			return err
		}
		var list []Appointment
		err = tx.Select(ctx, &list, `
			SELECT `+columns+`
			FROM appointments a
			WHERE a.practice_id = ? AND a.couple_id = ? AND a.state = 'planned' AND a.starts_at > ?
			ORDER BY a.starts_at, a.id`, c.PracticeID, c.ID, now)
		if err != nil {
			return fmt.Errorf("appointments of couple %s: %w", c.ID, err)
		}
		for _, a := range list {
			a.Reader = c.Reader
			if err := st.CancelIn(ctx, tx, a, ByPractice, now); err != nil {
				return err
			}
		}
		return nil
	}
}

// MoveLaterIn moves a and all later appointments of its series. The series ends and is replaced by
// one that repeats the same way from the new time on. It returns the appointments in their new
// places. Repeating a key changes nothing.
func (st *Store) MoveLaterIn(ctx context.Context, tx *database.DB, a Appointment, to Slot, key string,
	now time.Time,
) ([]Appointment, error) {
	if err := to.Validate(); err != nil {
		return nil, err
	}
	list, err := st.laterInSeries(ctx, tx, a, true)
	if err != nil {
		return nil, err
	}
	if len(list) < 2 || list[0].ID != a.ID {
		moved, err := st.MoveIn(ctx, tx, a, to, key, now)
		return []Appointment{moved}, err
	}
	list[0].Revision = a.Revision // as the caller read it
	next, days, err := st.nextSeries(ctx, tx, a, to, len(list), now)
	if err != nil {
		return nil, err
	}
	if err := st.insertSeries(ctx, tx, &next); err != nil {
		return nil, err
	}
	if err := endSeries(ctx, tx, a, now); err != nil {
		return nil, err
	}
	moved, err := st.moveEach(ctx, tx, list, next, days, key, now)
	if err != nil {
		return nil, err
	}
	return moved, st.bookEach(ctx, tx, next, days[min(len(days), len(list)):], now)
}

// moveEach moves the planned appointments of list, one to each of the days of the series next. The
// day of one that was canceled stays free, and one for which there is no day is canceled.
func (st *Store) moveEach(ctx context.Context, tx *database.DB, list []Appointment, next Series, days []Occurrence,
	key string, now time.Time,
) (moved []Appointment, err error) {
	for i, a := range list {
		if a.State != Planned {
			continue
		}
		if i >= len(days) {
			if err := st.CancelIn(ctx, tx, a, ByPractice, now); err != nil {
				return nil, err
			}
			continue
		}
		a.SeriesID = &next.ID
		dayKey := next.ID + "/" + days[i].Day
		if i == 0 {
			dayKey = key
		}
		if a, err = st.MoveIn(ctx, tx, a, next.slot(days[i].At), dayKey, now); err != nil {
			return nil, err
		}
		moved = append(moved, a)
	}
	return moved, nil
}

// nextSeries returns the series that replaces a's, and its days that are not off.
func (st *Store) nextSeries(ctx context.Context, tx *database.DB, a Appointment, to Slot, left int,
	now time.Time,
) (Series, []Occurrence, error) {
	var old Series
	if err := tx.Get(ctx, &old, `SELECT `+seriesColumns+` FROM appointment_series WHERE practice_id = ? AND id = ?`,
		a.PracticeID, a.Series()); err != nil {
		return old, nil, err
	}
	first := to.Local()
	next := old
	next.ID, next.FormKey, next.Reader = rand.Text(), rand.Text(), a.Reader
	next.FirstDay, next.Clock, next.Which = first.Format(time.DateOnly), first.Format("15:04"), WhichOccurrence(first)
	next.Zone, next.Minutes, next.Place, next.PlaceDetail = to.Zone, to.Minutes, to.Place, to.PlaceDetail
	var err error
	if next.Rule, err = repeatOf(old.Rule, left).Rule(first); err != nil {
		return next, nil, err
	}
	next.MadeUntil = "" // report times that the clocks skip
	off, err := daysOff(ctx, tx, next.PracticeID, next.CounselorID, next.FirstDay)
	if err != nil {
		return next, nil, err
	}
	all, err := next.occurrences("", next.horizon(now), off)
	next.MadeUntil = next.horizon(now)
	var days []Occurrence
	for _, o := range all {
		if !o.Off {
			days = append(days, o)
		}
	}
	return next, days, err
}

// repeatOf parses how a rule repeats; a rule with a count gets left appointments.
func repeatOf(rule string, left int) Repeat {
	r := Repeat{Every: "week"}
	switch {
	case strings.Contains(rule, "MONTHLY"):
		r.Every = "month"
	case strings.Contains(rule, "INTERVAL=2"):
		r.Every = "two weeks"
	}
	if strings.Contains(rule, "COUNT=") {
		r.Count = left
	}
	if _, until, ok := strings.Cut(rule, "UNTIL="); ok && len(until) >= 8 {
		r.Until = until[:4] + "-" + until[4:6] + "-" + until[6:8]
	}
	return r
}
