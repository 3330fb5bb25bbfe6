// Package reminders sends partners reminders of their appointments. Messages are in an outbox,
// which Plan and Drop write in the transaction that plans, moves or cancels an appointment. A
// Worker sends each message at most once, whatever fails: if it is unknown whether a message
// arrived, it is not sent again. It is a separate package, below calendar, because the outbox and
// its worker have their own rules and need only the start of an appointment.
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

// A Topic is the subject of a reminder.
type Topic string

// The topics.
const (
	OfAppointment Topic = "appointment"
	OfHomework    Topic = "homework" // only for partners who asked for it
)

// A State is the state of a reminder.
type State string

// The states of a reminder.
const (
	Waiting State = "waiting"
	Sending State = "sending" // being sent: from here on it may have been sent
	Sent    State = "sent"
	Unknown State = "unknown" // unknown whether it was sent
	Failed  State = "failed"  // refused for good, or not accepted in time
	Dropped State = "dropped" // canceled, or not allowed
)

// defaultHours is how many hours before an appointment partners are reminded, unless the owner
// chose otherwise. homeworkBefore is how much earlier the homework reminder is sent.
const (
	defaultHours   = 24
	mostHours      = 120 // with more, the day of the week alone would be ambiguous
	homeworkBefore = 24 * time.Hour
)

// An Appointment holds what Plan needs of an appointment.
type Appointment struct {
	ID, PracticeID, CoupleID string
	With                     couples.Side // "" for both partners
	StartsAt                 time.Time
	Zone                     string // the time zone of its clock time, such as America/New_York
}

// Plan writes the reminders of an appointment, within the transaction that plans it or moves it,
// and drops those of its previous time. It writes the same rows whatever the partners allow, which
// is checked when a message is sent. Reminders that would already be due are not written: whoever
// just agreed on the appointment knows of it.
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

// insert writes one reminder unless there already is one for the same time.
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

// Drop drops the unsent reminders of an appointment, within the transaction that cancels it. One
// that is being sent at that moment is not retried.
func Drop(ctx context.Context, tx *database.DB, practice, appointment string, now time.Time) error {
	return drop(ctx, tx, practice, appointment, time.Time{}, "", now)
}

// drop drops all reminders of an appointment except those for the time kept in zone.
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

// Settings are a practice's settings for reminders.
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

// SaveSettings stores the owner's settings, for appointments planned from then on.
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
