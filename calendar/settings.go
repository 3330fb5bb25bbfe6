package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// Settings are a practice's calendar settings.
type Settings struct {
	LateHours int               `db:"late_hours"` // a cancellation later than this is late; 0 for never
	Revision  int               `db:"revision"`
	Hours     map[int]OpenHours `db:"-"` // by weekday, 0 is Sunday; days without an entry are closed
}

// OpenHours are the opening hours of a weekday, such as "09:00" and "17:30".
type OpenHours struct {
	Weekday int    `db:"weekday"`
	Opens   string `db:"opens"`
	Closes  string `db:"closes"`
}

// IsLate reports whether canceling at now an appointment that begins at starts is late.
func (s Settings) IsLate(starts, now time.Time) bool {
	return now.After(starts.Add(-time.Duration(s.LateHours) * time.Hour))
}

// Open reports whether a slot lies within office hours. A practice without office hours is always
// open.
func (s Settings) Open(slot Slot) bool {
	if len(s.Hours) == 0 {
		return true
	}
	begins := slot.Local()
	ends := slot.Ends().In(begins.Location())
	hours, open := s.Hours[int(begins.Weekday())]
	return open && begins.Format("15:04") >= hours.Opens && ends.Format("15:04") <= hours.Closes &&
		begins.YearDay() == ends.YearDay()
}

// defaultSettings apply until a practice saves its own.
var defaultSettings = Settings{LateHours: 24}

// Settings returns a practice's calendar settings.
func (st *Store) Settings(ctx context.Context, practice string) (Settings, error) {
	return settingsOf(ctx, st.db, practice)
}

func settingsOf(ctx context.Context, db *database.DB, practice string) (Settings, error) {
	s := defaultSettings
	err := db.Get(ctx, &s, `SELECT late_hours, revision FROM calendar_settings WHERE practice_id = ?`, practice)
	if errors.Is(err, fault.NotFound) {
		s, err = defaultSettings, nil
	}
	if err != nil {
		return s, fmt.Errorf("settings of the calendar: %w", err)
	}
	var hours []OpenHours
	err = db.Select(ctx, &hours, `SELECT weekday, opens, closes FROM office_hours WHERE practice_id = ?`, practice)
	s.Hours = map[int]OpenHours{}
	for _, h := range hours {
		s.Hours[h.Weekday] = h
	}
	return s, err
}

// validate returns what is wrong with s, by form field: late_hours, opens.1, and so on.
func (s Settings) validate() error {
	bad := fault.Fields{}
	if s.LateHours < 0 || s.LateHours > 168 {
		bad["late_hours"] = "Enter whole hours, from 0 to 168."
	}
	for day, h := range s.Hours {
		_, opens := time.Parse("15:04", h.Opens)
		_, closes := time.Parse("15:04", h.Closes)
		if day < 0 || day > 6 || opens != nil || closes != nil || h.Opens >= h.Closes {
			bad[fmt.Sprintf("opens.%d", day)] = "Enter when you open and when you close, such as 9:00 AM and 5:00 PM."
		}
	}
	return bad.Err()
}

// SaveSettings stores a practice's calendar settings. It returns fault.Conflict if they were
// changed since they were read.
func (st *Store) SaveSettings(ctx context.Context, practice string, s Settings) error {
	if err := s.validate(); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		n, err := tx.Exec(ctx, `
			INSERT INTO calendar_settings (practice_id, late_hours, revision) VALUES (?, ?, 1)
			ON CONFLICT (practice_id) DO UPDATE SET late_hours = excluded.late_hours,
			  revision = calendar_settings.revision + 1
			WHERE calendar_settings.revision = ?`, practice, s.LateHours, s.Revision)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		if err != nil {
			return fmt.Errorf("settings of the calendar: %w", err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM office_hours WHERE practice_id = ?`, practice); err != nil {
			return err
		}
		for day, h := range s.Hours {
			if _, err := tx.Exec(ctx, `INSERT INTO office_hours (practice_id, weekday, opens, closes) VALUES (?, ?, ?, ?)`,
				practice, day, h.Opens, h.Closes); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Event{
			Practice: practice, Action: audit.SettingChanged, Object: "calendar settings", ID: practice,
		})
	})
}

// DaysOff is a range of days, including the last, on which series have no appointments.
type DaysOff struct {
	ID          string  `db:"id"`
	PracticeID  string  `db:"practice_id"`
	CounselorID *string `db:"counselor_id"` // nil for the whole practice
	FirstDay    string  `db:"first_day"`
	LastDay     string  `db:"last_day"`
	FormKey     string  `db:"form_key"`
}

// Include reports whether a day, as 2006-01-02, is in the range.
func (d DaysOff) Include(day string) bool { return d.FirstDay <= day && day <= d.LastDay }

// AddDaysOff stores days off. Repeating a form key changes nothing.
func (st *Store) AddDaysOff(ctx context.Context, d DaysOff) error {
	first, noFirst := time.Parse(time.DateOnly, d.FirstDay)
	last, noLast := time.Parse(time.DateOnly, d.LastDay)
	switch {
	case noFirst != nil:
		return fault.Fields{"first_day": "Enter the first day."}
	case noLast != nil || last.Before(first):
		return fault.Fields{"last_day": "Enter the last day: the first day or later."}
	case last.Sub(first) > 366*24*time.Hour:
		return fault.Fields{"last_day": "Enter at most a year at a time."}
	}
	_, err := audit.Exec(ctx, st.db, daysOffEvent(d.PracticeID, d.FormKey, "added"), `
		INSERT INTO days_off (id, practice_id, counselor_id, first_day, last_day, form_key) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (practice_id, form_key) DO NOTHING`,
		rand.Text(), d.PracticeID, d.CounselorID, d.FirstDay, d.LastDay, d.FormKey)
	return err
}

// daysOffEvent returns the audit event for days off.
func daysOffEvent(practice, id, reason string) audit.Event {
	return audit.Event{Practice: practice, Action: audit.SettingChanged, Object: "days off", ID: id, Reason: reason}
}

// RemoveDaysOff deletes days off: the counselor's own or, for an owner, the practice's.
func (st *Store) RemoveDaysOff(ctx context.Context, practice, counselor, id string, owner bool) error {
	n, err := audit.Exec(ctx, st.db, daysOffEvent(practice, id, "removed"), `
		DELETE FROM days_off
		WHERE practice_id = ? AND id = ? AND (counselor_id = ? OR (counselor_id IS NULL AND ?))`,
		practice, id, counselor, owner)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// DaysOff returns the current and future days off of a practice and one of its counselors, soonest
// first.
func (st *Store) DaysOff(ctx context.Context, practice, counselor string, now time.Time) ([]DaysOff, error) {
	return daysOff(ctx, st.db, practice, counselor, now.AddDate(0, 0, -1).Format(time.DateOnly))
}

func daysOff(ctx context.Context, db *database.DB, practice, counselor, from string) ([]DaysOff, error) {
	var list []DaysOff
	err := db.Select(ctx, &list, `
		SELECT id, practice_id, counselor_id, first_day, last_day, form_key
		FROM days_off
		WHERE practice_id = ? AND (counselor_id IS NULL OR counselor_id = ?) AND last_day >= ?
		ORDER BY first_day, id`, practice, counselor, from)
	if err != nil {
		return nil, fmt.Errorf("days off: %w", err)
	}
	return list, nil
}
