// Package reminders tells partners of their appointments. What is to be sent stands in an
// outbox, written in the transaction that plans, moves or cancels an appointment: Plan and Drop
// take that transaction. A Worker sends what is due, each message once, whatever fails: where
// it cannot be known whether a message arrived, it is not sent again. It is a package of its
// own, below calendar, because an outbox and its worker have rules of their own and know of an
// appointment only when it begins.
package reminders

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// A Topic is what a reminder is about.
type Topic string

// The topics.
const (
	OfAppointment Topic = "appointment"
	OfHomework    Topic = "homework" // only for partners who asked for it
)

// A State is what became of a reminder.
type State string

// The states of a reminder.
const (
	Waiting State = "waiting"
	Sending State = "sending" // it is being handed over: from here on it may have been sent
	Sent    State = "sent"
	Unknown State = "unknown" // whether it was sent cannot be known
	Failed  State = "failed"  // refused for good, or not taken in time
	Dropped State = "dropped" // canceled, or not allowed
)

// defaultHours is how long before an appointment partners are reminded, unless the owner
// chose otherwise. homeworkBefore is how long before that they are told of homework.
const (
	defaultHours   = 24
	mostHours      = 120 // further on, the day of the week alone would not say which day
	homeworkBefore = 24 * time.Hour
)

// An Appointment is what Plan has to know of one.
type Appointment struct {
	ID, PracticeID, CoupleID string
	With                     couples.Side // "" for both partners
	StartsAt                 time.Time
	Zone                     string // the clock that it is kept by, such as America/New_York
}

// Plan writes the reminders of an appointment, within the transaction that plans it or moves
// it to another time. Reminders of a time that it had before are dropped. It writes the same
// rows whatever the partners allow: that is asked when a message is sent. What would be due
// already is not written, for who agreed on an appointment just now knows of it.
func Plan(ctx context.Context, tx *database.DB, a Appointment, now time.Time) error {
	if err := drop(ctx, tx, a.PracticeID, a.ID, a.StartsAt, a.Zone, now); err != nil {
		return err
	}
	settings, err := settingsOf(ctx, tx, a.PracticeID)
	if err != nil {
		return err
	}
	var partners []string
	err = tx.Select(ctx, &partners, `
		SELECT id FROM partners
		WHERE practice_id = ? AND couple_id = ? AND (side = ? OR ? = '')
		ORDER BY side`, a.PracticeID, a.CoupleID, a.With, a.With)
	if err != nil {
		return fmt.Errorf("reminders of appointment %s: %w", a.ID, err)
	}
	before := time.Duration(settings.Hours) * time.Hour
	for _, partner := range partners {
		for topic, due := range map[Topic]time.Time{
			OfAppointment: a.StartsAt.Add(-before), OfHomework: a.StartsAt.Add(-before - homeworkBefore),
		} {
			if err := insert(ctx, tx, a, partner, topic, due, now); err != nil {
				return fmt.Errorf("reminders of appointment %s: %w", a.ID, err)
			}
		}
	}
	return nil
}

// insert writes one reminder, unless there is one of the same time already.
func insert(ctx context.Context, tx *database.DB, a Appointment, partner string, topic Topic,
	due, now time.Time,
) error {
	if !due.After(now) {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO reminders (id, practice_id, couple_id, partner_id, appointment_id, topic, starts_at, zone, state,
		  canceled, attempts, try_at, lease_id, lease_until)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, FALSE, 0, ?, '', ?)
		ON CONFLICT DO NOTHING`, rand.Text(), a.PracticeID, a.CoupleID, partner, a.ID, topic, a.StartsAt, a.Zone, Waiting,
		due, now)
	return err
}

// Drop takes back the reminders of an appointment that were not sent, within the transaction
// that cancels it. One that is being handed over at this moment is not tried again.
func Drop(ctx context.Context, tx *database.DB, practice, appointment string, now time.Time) error {
	return drop(ctx, tx, practice, appointment, time.Time{}, "", now)
}

// drop takes back all but those of one time by one clock.
func drop(ctx context.Context, tx *database.DB, practice, appointment string, kept time.Time, zone string,
	now time.Time,
) error {
	_, err := tx.Exec(ctx, `
		UPDATE reminders
		SET state = CASE WHEN state = 'waiting' THEN 'dropped' ELSE state END,
		  settled_at = CASE WHEN state = 'waiting' THEN ? ELSE settled_at END, canceled = TRUE
		WHERE practice_id = ? AND appointment_id = ? AND state IN ('waiting', 'sending')
		  AND (starts_at <> ? OR zone <> ?)`, now, practice, appointment, kept, zone)
	if err != nil {
		return fmt.Errorf("drop reminders of appointment %s: %w", appointment, err)
	}
	return nil
}

// Settings are what a practice chose.
type Settings struct {
	Hours int `db:"hours"` // before an appointment
}

// settingsOf returns the settings of a practice.
func settingsOf(ctx context.Context, db *database.DB, practice string) (Settings, error) {
	s := Settings{Hours: defaultHours}
	err := db.Get(ctx, &s, `SELECT hours FROM reminder_settings WHERE practice_id = ?`, practice)
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	if err != nil {
		return s, fmt.Errorf("reminder settings: %w", err)
	}
	return s, nil
}

// Settings returns the settings of a practice.
func (st *Store) Settings(ctx context.Context, practice string) (Settings, error) {
	return settingsOf(ctx, st.db, practice)
}

// SaveSettings stores what the owner chose, for appointments that are planned from then on.
func (st *Store) SaveSettings(ctx context.Context, practice string, s Settings) error {
	if s.Hours < 1 || s.Hours > mostHours {
		return fault.Fields{"hours": i18n.Plain("Enter a number of hours from 1 to %d.", mostHours)}
	}
	event := audit.Event{Practice: practice, Action: audit.SettingChanged, Object: "reminders", ID: practice}
	_, err := audit.Exec(ctx, st.db, event, `
		INSERT INTO reminder_settings (practice_id, hours) VALUES (?, ?)
		ON CONFLICT (practice_id) DO UPDATE SET hours = excluded.hours`, practice, s.Hours)
	if err != nil {
		return fmt.Errorf("reminder settings: %w", err)
	}
	return nil
}
