package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/vault"
)

// A Series is a series of appointments at the same clock time in its zone.
type Series struct {
	ID          string `db:"id"`
	PracticeID  string `db:"practice_id"`
	CoupleID    string `db:"couple_id"`
	CounselorID string `db:"counselor_id"`
	FirstDay    string `db:"first_day"`
	Clock       string `db:"clock"`
	Which       string `db:"which"` // of two equal clock times
	Zone        string `db:"zone"`
	Rule        string `db:"rule"`
	Minutes     int    `db:"minutes"`
	Place       string `db:"place"`
	PlaceDetail string `db:"-"`
	MadeUntil   string `db:"made_until"`
	FormKey     string `db:"form_key"`

	SealedDetail []byte `db:"place_detail"`

	Reader vault.Actor `db:"-"`
}

// An Occurrence is a day of a series: its time, or that it is a day off.
type Occurrence struct {
	Day string
	At  time.Time
	Off bool
}

// occurrences returns the days of s after one day and up to another. For a new series, a time that
// the clocks skip or show twice is fault.Fields naming the day; a stored series uses the nearest
// time.
func (s Series) occurrences(after, until string, off []DaysOff) ([]Occurrence, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil || s.Zone == "" || s.Zone == "Local" {
		return nil, fault.Fields{"zone": "Choose a time zone from the list."}
	}
	days, err := Days(s.Rule, s.FirstDay, after, until)
	if err != nil {
		return nil, err
	}
	var list []Occurrence
	for _, day := range days {
		at, err := LocalTime(day, s.Clock, s.Which, zone)
		if err != nil && s.MadeUntil != "" { // no form to report it in
			at, err = nearest(day, s.Clock, zone)
		}
		if err != nil {
			return nil, clockFault(day, err)
		}
		isOff := slices.ContainsFunc(off, func(d DaysOff) bool { return d.Include(day) })
		list = append(list, Occurrence{day, at, isOff})
	}
	return list, nil
}

// nearest resolves a clock time at a clock change: the first of two, or, for a skipped time, the
// time with the offset before the change (RFC 5545, 3.3.5).
func nearest(day, clock string, zone *time.Location) (time.Time, error) {
	at, err := LocalTime(day, clock, FirstOccurrence, zone)
	if errors.Is(err, ErrTimeSkipped) {
		_, offset := at.AddDate(0, 0, -1).In(zone).Zone()
		return at.Add(-time.Duration(offset) * time.Second).In(zone), nil
	}
	return at, err
}

// clockFault returns the form error for a day on which the clocks change at the series' time.
func clockFault(day string, err error) error {
	at, _ := time.Parse(time.DateOnly, day)
	said := at.Format("January 2, 2006")
	switch {
	case errors.Is(err, ErrTimeSkipped):
		return fault.Fields{
			"time": i18n.Plain("Choose another time: on %s, the clocks are set forward and skip this one.", said),
		}
	case errors.Is(err, ErrTimeAmbiguous):
		return fault.Fields{
			"time": i18n.Plain(
				"On %s, the clocks are set back and show this time twice. Choose which one you mean.", said),
			"twice": "Choose one.",
		}
	}
	return fault.Fields{"time": "Enter a time, such as 4:00 PM."}
}

// horizon returns the last day for which s has appointments at now.
func (s Series) horizon(now time.Time) string {
	first, _ := time.Parse(time.DateOnly, s.FirstDay)
	if !isOpen(s.Rule) {
		return first.AddDate(mostRepeats/12+1, 0, 0).Format(time.DateOnly)
	}
	if now.Before(first) {
		now = first
	}
	return now.AddDate(0, 0, aheadDays).Format(time.DateOnly)
}

// Preview returns the occurrences of a series before it is stored.
func (st *Store) Preview(ctx context.Context, s Series, now time.Time) ([]Occurrence, error) {
	off, err := daysOff(ctx, st.db, s.PracticeID, s.CounselorID, s.FirstDay)
	if err != nil {
		return nil, err
	}
	return s.occurrences("", s.horizon(now), off)
}

// slot returns the slot of an occurrence.
func (s Series) slot(at time.Time) Slot {
	return Slot{StartsAt: at, Zone: s.Zone, Minutes: s.Minutes, Place: s.Place, PlaceDetail: s.PlaceDetail}
}

// Repeat stores a series with its appointments. Repeating a form key changes nothing.
func (st *Store) Repeat(ctx context.Context, s *Series, now time.Time) error {
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return st.repeatIn(ctx, tx, s, now) })
	if errors.Is(err, fault.Conflict) {
		return st.db.Get(ctx, &s.ID, `SELECT id FROM appointment_series WHERE practice_id = ? AND form_key = ?`,
			s.PracticeID, s.FormKey)
	}
	return err
}

func (st *Store) repeatIn(ctx context.Context, tx *database.DB, s *Series, now time.Time) error {
	s.ID = rand.Text()
	off, err := daysOff(ctx, tx, s.PracticeID, s.CounselorID, s.FirstDay)
	if err != nil {
		return err
	}
	list, err := s.occurrences("", s.horizon(now), off)
	if err != nil {
		return err
	}
	s.MadeUntil = s.horizon(now)
	if len(list) == 0 {
		return fault.Fields{"until": "No appointment falls into this time. Enter a later last day."}
	}
	if err := s.slot(list[0].At).Validate(); err != nil {
		return err
	}
	if err := st.insertSeries(ctx, tx, s); err != nil {
		return err
	}
	return st.bookEach(ctx, tx, *s, list, now)
}

func (st *Store) insertSeries(ctx context.Context, tx *database.DB, s *Series) error {
	row, err := st.seriesRow(ctx, tx, *s)
	if err != nil {
		return err
	}
	detail := row.Seal("place_detail", s.PlaceDetail)
	if row.Err() != nil {
		return row.Err()
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO appointment_series (id, practice_id, couple_id, counselor_id, first_day, clock, which, zone, rule,
		  minutes, place, place_detail, made_until, form_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, s.ID, s.PracticeID, s.CoupleID, s.CounselorID, s.FirstDay,
		s.Clock, s.Which, s.Zone, s.Rule, s.Minutes, s.Place, detail, s.MadeUntil, s.FormKey)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{
		Practice: s.PracticeID, Couple: s.CoupleID, Action: audit.Created, Object: "appointment series", ID: s.ID,
	})
}

func (st *Store) seriesRow(ctx context.Context, db *database.DB, s Series) (*vault.Row, error) {
	item := vault.Item{Couple: s.CoupleID, Material: vault.Appointment, State: vault.Kept}
	box, err := st.vault.Open(ctx, db, s.Reader, item)
	if err != nil {
		return nil, err
	}
	return box.Row("appointment_series", s.ID), nil
}

// bookEach books the appointments of a series. Each day has its own form key, so that concurrent
// processes cannot book one twice.
func (st *Store) bookEach(ctx context.Context, tx *database.DB, s Series, list []Occurrence, now time.Time) error {
	for _, o := range list {
		if o.Off {
			continue
		}
		a := Appointment{
			PracticeID: s.PracticeID, CoupleID: s.CoupleID, CounselorID: s.CounselorID, SeriesID: &s.ID,
			Slot: s.slot(o.At), FormKey: s.ID + "/" + o.Day, Reader: s.Reader,
		}
		if err := st.BookIn(ctx, tx, &a, now); err != nil {
			return err
		}
	}
	return nil
}

const seriesColumns = `id, practice_id, couple_id, counselor_id, first_day, clock, which, zone, rule, minutes, place,
	place_detail, made_until, form_key`

// Extend books the appointments of the coming weeks for open-ended series. It runs once a day.
func (st *Store) Extend(ctx context.Context, now time.Time) error {
	var list []Series
	err := st.db.Select(ctx, &list, `
		SELECT `+seriesColumns+`
		FROM appointment_series
		WHERE ended_at IS NULL AND made_until < ?
		  AND EXISTS (SELECT 1 FROM couples c WHERE c.id = couple_id AND c.erased_at IS NULL)
		ORDER BY id`, now.AddDate(0, 0, aheadDays-7).Format(time.DateOnly))
	if err != nil {
		return fmt.Errorf("extend series: %w", err)
	}
	for _, s := range list { // a failing one does not stop the others
		if !isOpen(s.Rule) {
			continue
		}
		if problem := st.extend(ctx, s, now); problem != nil {
			err = errors.Join(err, fmt.Errorf("extend series %s: %w", s.ID, problem))
		}
	}
	return err
}

func (st *Store) extend(ctx context.Context, s Series, now time.Time) error {
	s.Reader = vault.ForProgram(s.PracticeID)
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		until := s.horizon(now)
		n, err := tx.Exec(ctx, `
			UPDATE appointment_series SET made_until = ?
			WHERE practice_id = ? AND id = ? AND made_until = ? AND ended_at IS NULL`, until, s.PracticeID, s.ID, s.MadeUntil)
		if err != nil || n == 0 { // another process was faster
			return err
		}
		row, err := st.seriesRow(ctx, tx, s)
		if err != nil {
			return err
		}
		s.PlaceDetail = row.Read("place_detail", s.SealedDetail)
		if row.Err() != nil {
			return row.Err()
		}
		off, err := daysOff(ctx, tx, s.PracticeID, s.CounselorID, s.MadeUntil)
		if err != nil {
			return err
		}
		list, err := s.occurrences(s.MadeUntil, until, off)
		if err != nil {
			return err
		}
		return st.bookEach(ctx, tx, s, list, now)
	})
}
