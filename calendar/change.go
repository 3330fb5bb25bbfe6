package calendar

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// Attach names the session that is planned for an appointment. It returns
// fault.Conflict where another session is planned for it, and fault.Locked where
// the appointment is no longer planned.
func Attach(ctx context.Context, tx *database.DB, practice, appointment, session string) error {
	if _, err := tx.Exec(ctx, `UPDATE appointments SET session_id = NULL WHERE practice_id = ? AND session_id = ?
		AND state IN ('cancelled', 'late cancelled', 'missed', 'moved')`, practice, session); err != nil {
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

// Hold marks the appointment of a session that begins. It returns fault.Locked
// where the appointment was cancelled or moved meanwhile.
func Hold(ctx context.Context, tx *database.DB, practice, session string, now time.Time) error {
	n, err := tx.Exec(ctx, `
		UPDATE appointments SET state = 'held', changed_at = ?, revision = revision + 1
		WHERE practice_id = ? AND session_id = ? AND state = 'planned'`, now, practice, session)
	if err == nil && n == 0 {
		err = fault.Locked
	}
	if err != nil {
		return fmt.Errorf("hold appointment of session %s: %w", session, err)
	}
	return nil
}

// OfSession returns the appointment that a session is planned for, or took place in.
func (st *Store) OfSession(
	ctx context.Context,
	tx *database.DB,
	reader vault.Actor,
	session string,
) (Appointment, error) {
	var a Appointment
	err := tx.Get(ctx, &a, `SELECT `+columns+` FROM appointments a WHERE a.practice_id = ? AND a.session_id = ?`,
		reader.Practice(), session)
	if err != nil {
		return a, fmt.Errorf("appointment of session %s: %w", session, err)
	}
	a.Reader = reader
	return a, st.unseal(ctx, tx, &a)
}

// FindIn returns an appointment of a couple within a transaction, as a reader of the couple.
func (st *Store) FindIn(ctx context.Context, tx *database.DB, reader vault.Actor, couple, id string) (Appointment,
	error,
) {
	var a Appointment
	err := tx.Get(
		ctx,
		&a,
		`SELECT `+columns+` FROM appointments a WHERE a.practice_id = ? AND a.couple_id = ? AND a.id = ?`,
		reader.Practice(),
		couple,
		id,
	)
	if err != nil {
		return a, fmt.Errorf("appointment %s: %w", id, err)
	}
	a.Reader = reader
	return a, st.unseal(ctx, tx, &a)
}

// MoveIn has another appointment take the place of a, at another time or place,
// and returns it. A change of the place alone is a move as well: the couple agreed
// on both. It returns fault.Conflict if a was changed since it was read, and
// fault.Locked if it is no longer planned. The same key a second time changes nothing.
func (st *Store) MoveIn(ctx context.Context, tx *database.DB, a Appointment, to Slot, key string,
	now time.Time,
) (Appointment, error) {
	if err := to.Validate(); err != nil {
		return a, err
	}
	if err := st.leave(ctx, tx, a, Moved, nil, now); err != nil {
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
	return next, audit.Record(ctx, tx, a.event(audit.Changed, "moved"))
}

// Who may have cancelled, or not come.
const (
	ByA        = "A"
	ByB        = "B"
	ByBoth     = "both"
	ByPractice = "practice"
)

// CancelIn cancels a: who says who cancelled, for staff alone. Whether that was
// late follows from the practice's hours; the practice itself is never late.
func (st *Store) CancelIn(ctx context.Context, tx *database.DB, a Appointment, who string, now time.Time) error {
	if who != ByA && who != ByB && who != ByBoth && who != ByPractice {
		return fault.Fields{"who": "Choose who canceled."}
	}
	settings, err := settingsOf(ctx, tx, a.PracticeID)
	if err != nil {
		return err
	}
	state := Cancelled
	if who != ByPractice && settings.IsLate(a.StartsAt, now) {
		state = LateCancelled
	}
	if err := st.leaveFor(ctx, tx, a, state, who, now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a.event(audit.Changed, "cancelled"))
}

// MissIn records that nobody came, or that one partner did not. An appointment
// is missed when its time has begun, not before.
func (st *Store) MissIn(ctx context.Context, tx *database.DB, a Appointment, who string, now time.Time) error {
	if who != ByA && who != ByB && who != ByBoth {
		return fault.Fields{"who": "Choose who did not come."}
	}
	if now.Before(a.StartsAt) {
		return fault.Fields{"who": "This appointment has not begun. Cancel it instead."}
	}
	if err := st.leaveFor(ctx, tx, a, Missed, who, now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a.event(audit.Changed, "missed"))
}

func (st *Store) leaveFor(ctx context.Context, tx *database.DB, a Appointment, to State, who string,
	now time.Time,
) error {
	absent, err := st.sealAbsent(ctx, tx, a, who)
	if err != nil {
		return err
	}
	if err := st.leave(ctx, tx, a, to, absent, now); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE cancellation_requests SET answered_at = ?
		WHERE practice_id = ? AND appointment_id = ? AND answered_at IS NULL`, now, a.PracticeID, a.ID)
	return err
}

// leave takes a planned appointment to a state that it does not come back from.
func (st *Store) leave(ctx context.Context, tx *database.DB, a Appointment, to State, absent []byte,
	now time.Time,
) error {
	n, err := tx.Exec(ctx, `
		UPDATE appointments
		SET state = ?, absent = ?, changed_at = ?, sequence = sequence + 1, revision = revision + 1
		WHERE practice_id = ? AND id = ? AND revision = ? AND state = 'planned'`,
		to, absent, now, a.PracticeID, a.ID, a.Revision)
	if err == nil && n == 0 {
		err = notChanged(ctx, tx, a)
	}
	if err != nil {
		return fmt.Errorf("appointment %s: %w", a.ID, err)
	}
	return nil
}

// notChanged tells an appointment that was changed meanwhile from one that is over.
func notChanged(ctx context.Context, tx *database.DB, a Appointment) error {
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
