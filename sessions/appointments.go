package sessions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/calendar"
	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
)

// slot returns the planned time and place of s.
func (s Session) slot() calendar.Slot {
	return calendar.Slot{
		StartsAt: s.StartsAt, Zone: s.Zone, Minutes: s.Minutes, Place: s.Place, PlaceDetail: s.PlaceDetail,
	}
}

// attachAppointment attaches a new session to its appointment: the one it names, moved if the plan
// has another time, or a newly booked one.
func (st *Store) attachAppointment(ctx context.Context, tx *database.DB, s *Session, now time.Time) error {
	a := calendar.Appointment{
		PracticeID: s.PracticeID, CoupleID: s.CoupleID, CounselorID: s.CounselorID, Slot: s.slot(),
		FormKey: s.FormKey, Reader: s.Reader,
	}
	if s.AppointmentID == "" {
		if err := st.calendar.BookIn(ctx, tx, &a, now); err != nil {
			return err
		}
		s.AppointmentID = a.ID
		return calendar.AttachSession(ctx, tx, s.PracticeID, a.ID, s.ID)
	}
	a, err := st.calendar.FindIn(ctx, tx, s.Reader, s.CoupleID, s.AppointmentID)
	if err != nil {
		return err
	}
	if !sameSlot(a.Slot, s.slot()) {
		if a, err = st.calendar.MoveIn(ctx, tx, a, s.slot(), s.FormKey, now); err != nil {
			return err
		}
		s.AppointmentID = a.ID
	}
	return calendar.AttachSession(ctx, tx, s.PracticeID, a.ID, s.ID)
}

// moveWithPlan moves the appointment of s to the time and place of its plan.
func (st *Store) moveWithPlan(ctx context.Context, tx *database.DB, s Session, key string, now time.Time) error {
	a, err := st.calendar.OfSession(ctx, tx, s.Reader, s.ID)
	if err != nil || sameSlot(a.Slot, s.slot()) {
		return err
	}
	_, err = st.calendar.MoveIn(ctx, tx, a, s.slot(), key, now)
	return err
}

// sameSlot compares everything but the zone: the same moment is the same appointment.
func sameSlot(a, b calendar.Slot) bool {
	return a.StartsAt.Equal(b.StartsAt) && a.Minutes == b.Minutes && a.Place == b.Place &&
		a.PlaceDetail == b.PlaceDetail
}

// MoveAppointment moves an appointment and its planned session and, if later is set, all later ones
// of its series. It returns the appointment that replaces a, or the errors of
// calendar.Store.MoveIn. Repeating a key changes nothing.
func (st *Store) MoveAppointment(ctx context.Context, a calendar.Appointment, to calendar.Slot, later bool, key string,
	now time.Time,
) (calendar.Appointment, error) {
	var moved []calendar.Appointment
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) (err error) {
		if later {
			moved, err = st.calendar.MoveLaterIn(ctx, tx, a, to, key, now)
		} else {
			moved = make([]calendar.Appointment, 1)
			moved[0], err = st.calendar.MoveIn(ctx, tx, a, to, key, now)
		}
		for _, m := range moved {
			if err == nil && m.Session() != "" {
				err = moveSession(ctx, tx, m, now)
			}
		}
		return err
	})
	if err != nil || len(moved) == 0 {
		return a, err
	}
	return moved[0], nil
}

// moveSession moves the planned session of a to a's time and place. Until the session begins, the
// place detail is stored only with the appointment, which the front desk may move too.
func moveSession(ctx context.Context, tx *database.DB, a calendar.Appointment, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE sessions
		SET starts_at = ?, minutes = ?, place = ?, revision = revision + 1, touched_at = ?
		WHERE practice_id = ? AND id = ? AND state = 'planned'`,
		a.StartsAt, a.Minutes, a.Place, now, a.PracticeID, a.Session())
	return err
}

// AppointmentOf returns the appointment for which s is planned.
func (st *Store) AppointmentOf(ctx context.Context, s Session) (calendar.Appointment, error) {
	return st.appointmentOf(ctx, st.db, s)
}

// appointmentOf is AppointmentOf within a transaction. An appointment created by migration for an
// older session, and not moved since, takes its place detail from the session.
func (st *Store) appointmentOf(ctx context.Context, tx *database.DB, s Session) (calendar.Appointment, error) {
	a, err := st.calendar.OfSession(ctx, tx, s.Reader, s.ID)
	if err == nil && a.Sequence == 0 && a.PlaceDetail == "" {
		a.PlaceDetail = s.PlaceDetail
	}
	return a, err
}

// keepPlace stores the place of a session that begins, for its note.
func (st *Store) keepPlace(ctx context.Context, tx *database.DB, s Session) error {
	a, err := st.appointmentOf(ctx, tx, s)
	if err != nil || a.PlaceDetail == s.PlaceDetail {
		return err
	}
	s.PlaceDetail = a.PlaceDetail
	place, err := st.sealPlace(ctx, tx, s)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE sessions SET place_detail = ? WHERE practice_id = ? AND id = ?`,
		place, s.PracticeID, s.ID)
	return err
}

// CancelAppointment cancels an appointment and, if later is set, all later ones of its series. The
// planned session is kept for Reuse. It returns the errors of calendar.Store.CancelIn.
func (st *Store) CancelAppointment(ctx context.Context, a calendar.Appointment, who string, later bool,
	now time.Time,
) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if later {
			_, err := st.calendar.CancelLaterIn(ctx, tx, a, who, now)
			return err
		}
		return st.calendar.CancelIn(ctx, tx, a, who, now)
	})
}

// MissAppointment records that one or both partners missed an appointment.
func (st *Store) MissAppointment(ctx context.Context, a calendar.Appointment, who string, now time.Time) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		return st.calendar.MissIn(ctx, tx, a, who, now)
	})
}

// Unused returns the newest planned session of a couple whose appointment did not take place, or
// fault.NotFound.
func (st *Store) Unused(ctx context.Context, c couples.Couple) (Session, error) {
	var s Session
	err := st.db.Get(ctx, &s, `
		SELECT `+sessionColumns+`
		FROM sessions s
		JOIN appointments a ON a.session_id = s.id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.state = 'planned'
		  AND a.state IN ('canceled', 'late canceled', 'missed')
		ORDER BY s.starts_at DESC, s.id
		LIMIT 1`, c.PracticeID, c.ID)
	if err == nil {
		s.Reader = c.Reader
		err = st.unseal(ctx, st.db, &s)
	}
	return s, err
}

// Reuse moves the planned session of an appointment that did not take place to another appointment
// of the couple. It returns fault.Locked if that already has a session.
func (st *Store) Reuse(ctx context.Context, s Session, appointment string, now time.Time) error {
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if s.State != Planned {
			return fault.Locked
		}
		a, err := st.calendar.FindIn(ctx, tx, s.Reader, s.CoupleID, appointment)
		if err != nil {
			return err
		}
		if err := calendar.AttachSession(ctx, tx, s.PracticeID, a.ID, s.ID); err != nil {
			return err
		}
		a.SessionID = &s.ID
		return moveSession(ctx, tx, a, now)
	})
	if errors.Is(err, fault.Conflict) { // it still belongs to another appointment
		err = fault.Locked
	}
	if err != nil {
		return fmt.Errorf("reuse the plan of session %s: %w", s.ID, err)
	}
	return nil
}
