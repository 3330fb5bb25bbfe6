package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/calendar/reminders"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// AttachSession sets the session planned for an appointment. It returns fault.Locked if the appointment
// has another session or is not planned any more, and fault.Conflict if the session still belongs
// to another appointment.
func AttachSession(ctx context.Context, tx *database.DB, practice, appointment, session string) error {
	if _, err := tx.Exec(ctx, `UPDATE appointments SET session_id = NULL WHERE practice_id = ? AND session_id = ?
		AND state IN ('canceled', 'late canceled', 'missed', 'moved')`, practice, session); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		UPDATE appointments SET session_id = ?
		WHERE practice_id = ? AND id = ? AND state = 'planned' AND session_id IS NULL`, session, practice, appointment)
	if err == nil && n == 0 {
		err = fault.Locked
	}
	if err != nil {
		return fmt.Errorf("plan for appointment %s: %w", appointment, err)
	}
	return nil
}

// MarkHeld marks the appointment of a session that begins as held. It returns fault.Locked if the
// appointment was canceled or moved meanwhile.
func MarkHeld(ctx context.Context, tx *database.DB, practice, session string, now time.Time) error {
	var uid string
	err := tx.Get(ctx, &uid, `
		UPDATE appointments SET state = 'held', changed_at = ?, revision = revision + 1
		WHERE practice_id = ? AND session_id = ? AND state = 'planned'
		RETURNING uid`, now, practice, session)
	if errors.Is(err, fault.NotFound) {
		err = fault.Locked
	}
	if err != nil {
		return fmt.Errorf("hold appointment of session %s: %w", session, err)
	}
	return reminders.Drop(ctx, tx, practice, uid, now)
}

// OfSession returns the appointment of a session.
func (st *Store) OfSession(ctx context.Context, tx *database.DB, reader vault.Actor, session string) (
	Appointment, error,
) {
	var a Appointment
	err := tx.Get(ctx, &a, `SELECT `+columns+` FROM appointments a WHERE a.practice_id = ? AND a.session_id = ?`,
		reader.Practice(), session)
	if err != nil {
		return a, fmt.Errorf("appointment of session %s: %w", session, err)
	}
	a.Reader = reader
	return a, st.unseal(ctx, tx, &a)
}

// FindIn returns an appointment of a couple within a transaction, on behalf of reader.
func (st *Store) FindIn(ctx context.Context, tx *database.DB, reader vault.Actor, couple, id string) (
	Appointment, error,
) {
	var a Appointment
	err := tx.Get(ctx, &a, `
		SELECT `+columns+`
		FROM appointments a
		WHERE a.practice_id = ? AND a.couple_id = ? AND a.id = ?`, reader.Practice(), couple, id)
	if err != nil {
		return a, fmt.Errorf("appointment %s: %w", id, err)
	}
	a.Reader = reader
	return a, st.unseal(ctx, tx, &a)
}

// MoveIn replaces a by an appointment at another time or place and returns it. Changing only the
// place is a move too: the couple agreed on both. It returns fault.Conflict if a was changed since
// it was read, and fault.Locked if it is not planned any more. Repeating a key changes nothing.
func (st *Store) MoveIn(ctx context.Context, tx *database.DB, a Appointment, to Slot, key string,
	now time.Time,
) (Appointment, error) {
	if err := to.Validate(); err != nil {
		return a, err
	}
	if err := st.setState(ctx, tx, a, Moved, nil, now); errors.Is(err, fault.Locked) {
		return st.movedBy(ctx, tx, a, key)
	} else if err != nil {
		return a, err
	}
	next := a
	next.Slot, next.ID, next.State, next.FormKey, next.MovedTo = to, rand.Text(), Planned, key, nil
	next.Sequence++
	if next.Zone == "" {
		next.Zone = a.Zone
	}
	if _, err := tx.Exec(ctx, `UPDATE appointments SET session_id = NULL WHERE practice_id = ? AND id = ?`,
		a.PracticeID, a.ID); err != nil {
		return a, err
	}
	if err := st.insert(ctx, tx, &next, now); err != nil {
		return a, fmt.Errorf("move appointment %s: %w", a.ID, err)
	}
	if _, err := tx.Exec(ctx, `UPDATE appointments SET moved_to = ? WHERE practice_id = ? AND id = ?`,
		next.ID, a.PracticeID, a.ID); err != nil {
		return a, err
	}
	if err := reminders.Plan(ctx, tx, next.reminded(), now); err != nil {
		return a, err
	}
	return next, audit.Record(ctx, tx, a.event(audit.Changed, "moved"))
}

// movedBy returns the appointment that replaced a through the form with key, or fault.Locked, since
// a is not planned any more.
func (st *Store) movedBy(ctx context.Context, tx *database.DB, a Appointment, key string) (Appointment, error) {
	var id string
	err := tx.Get(ctx, &id, `SELECT id FROM appointments WHERE practice_id = ? AND uid = ? AND form_key = ?`,
		a.PracticeID, a.UID, key)
	if errors.Is(err, fault.NotFound) {
		err = fault.Locked
	}
	if err != nil {
		return a, fmt.Errorf("move appointment %s: %w", a.ID, err)
	}
	return st.FindIn(ctx, tx, a.Reader, a.CoupleID, id)
}

// Who canceled or did not come.
const (
	ByA        = "A"
	ByB        = "B"
	ByBoth     = "both"
	ByPractice = "practice"
)

// CancelIn cancels a. who canceled is for staff only. Whether the cancellation is late depends on
// the practice's late hours; the practice's own never is. Repeating it with the same who changes
// nothing.
func (st *Store) CancelIn(ctx context.Context, tx *database.DB, a Appointment, who string, now time.Time) error {
	if who != ByA && who != ByB && who != ByBoth && who != ByPractice {
		return fault.Fields{"who": "Choose who canceled."}
	}
	if (a.State == Canceled || a.State == LateCanceled) && a.Absent == who {
		return nil
	}
	settings, err := settingsOf(ctx, tx, a.PracticeID)
	if err != nil {
		return err
	}
	state := Canceled
	if who != ByPractice && settings.IsLate(a.StartsAt, now) {
		state = LateCanceled
	}
	if err := st.recordAbsence(ctx, tx, a, state, who, now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a.event(audit.Changed, "canceled"))
}

// MissIn records that one or both partners did not come. It is not possible before the
// appointment's start.
func (st *Store) MissIn(ctx context.Context, tx *database.DB, a Appointment, who string, now time.Time) error {
	if who != ByA && who != ByB && who != ByBoth {
		return fault.Fields{"who": "Choose who didn’t come."}
	}
	if a.State == Missed && a.Absent == who {
		return nil
	}
	if now.Before(a.StartsAt) {
		return fault.Fields{"who": "This appointment hasn’t started yet. Cancel it instead."}
	}
	if err := st.recordAbsence(ctx, tx, a, Missed, who, now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a.event(audit.Changed, "missed"))
}

func (st *Store) recordAbsence(ctx context.Context, tx *database.DB, a Appointment, to State, who string,
	now time.Time,
) error {
	absent, err := st.sealAbsent(ctx, tx, a, who)
	if err != nil {
		return err
	}
	if err := st.setState(ctx, tx, a, to, absent, now); err != nil {
		return err
	}
	return reminders.Drop(ctx, tx, a.PracticeID, a.UID, now)
}

// setState moves a planned appointment to a final state and answers open requests to cancel it.
func (st *Store) setState(ctx context.Context, tx *database.DB, a Appointment, to State, absent []byte,
	now time.Time,
) error {
	n, err := tx.Exec(ctx, `
		UPDATE appointments
		SET state = ?, absent = ?, changed_at = ?, sequence = sequence + 1, revision = revision + 1
		WHERE practice_id = ? AND id = ? AND revision = ? AND state = 'planned'`,
		to, absent, now, a.PracticeID, a.ID, a.Revision)
	if err == nil && n == 0 {
		err = staleOrOver(ctx, tx, a)
	}
	if err != nil {
		return fmt.Errorf("appointment %s: %w", a.ID, err)
	}
	_, err = tx.Exec(ctx, `UPDATE cancellation_requests SET answered_at = ?
		WHERE practice_id = ? AND appointment_id = ? AND answered_at IS NULL`, now, a.PracticeID, a.ID)
	return err
}

// staleOrOver returns fault.Locked if the appointment is not planned any more, and fault.Conflict
// if it was changed meanwhile.
func staleOrOver(ctx context.Context, tx *database.DB, a Appointment) error {
	var state State
	err := tx.Get(ctx, &state, `SELECT state FROM appointments WHERE practice_id = ? AND id = ?`, a.PracticeID, a.ID)
	if err != nil {
		return err
	}
	if state != Planned {
		return fault.Locked
	}
	return fault.Conflict
}
