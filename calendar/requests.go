package calendar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/vault"
)

// AskToCancel records a partner's request to cancel an appointment. Repeating it changes nothing.
// It returns fault.NotFound unless the appointment is planned and in the future.
func (st *Store) AskToCancel(ctx context.Context, c couples.Couple, p couples.Partner, id string, now time.Time) error {
	var found string
	err := st.db.Get(ctx, &found, `
		SELECT id FROM appointments
		WHERE practice_id = ? AND couple_id = ? AND id = ? AND state = 'planned' AND starts_at > ?`,
		c.PracticeID, c.ID, id, now)
	if err != nil {
		return err
	}
	asked := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: string(p.Side), Action: audit.Sent,
		Object: "cancellation request", ID: id,
	}
	_, err = audit.Exec(ctx, st.db, asked, `
		INSERT INTO cancellation_requests (appointment_id, partner_id, practice_id, asked_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (appointment_id, partner_id) DO NOTHING`, id, p.ID, c.PracticeID, now)
	return err
}

// Asked reports whether a partner asked to cancel an appointment.
func (st *Store) Asked(ctx context.Context, p couples.Partner, id string) (bool, error) {
	var at time.Time
	err := st.db.Get(ctx, &at, `SELECT asked_at FROM cancellation_requests
		WHERE practice_id = ? AND appointment_id = ? AND partner_id = ?`, p.PracticeID, id, p.ID)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// A Request is a partner's request to cancel an appointment.
type Request struct {
	AppointmentID string    `db:"appointment_id"`
	CoupleID      string    `db:"couple_id"`
	PartnerID     string    `db:"partner_id"`
	RecordNo      string    `db:"record_no"`
	Side          string    `db:"side"`
	StartsAt      time.Time `db:"starts_at"`
	Name          string    `db:"-"`
	SealedName    []byte    `db:"address_as"`
}

// Requests returns a counselor's unanswered requests, soonest appointment first.
func (st *Store) Requests(ctx context.Context, practice, counselor string) ([]Request, error) {
	var list []Request
	err := st.db.Select(ctx, &list, `
		SELECT r.appointment_id, a.couple_id, r.partner_id, c.record_no, p.side, a.starts_at, p.address_as
		FROM cancellation_requests r
		JOIN appointments a ON a.id = r.appointment_id
		JOIN couples c ON c.id = a.couple_id
		JOIN partners p ON p.id = r.partner_id
		WHERE r.practice_id = ? AND r.answered_at IS NULL AND c.counselor_id = ? AND c.erased_at IS NULL
		  AND a.state = 'planned'
		ORDER BY a.starts_at, r.asked_at
		LIMIT 50`, practice, counselor)
	for i, r := range list {
		reader := vault.ForCounselor(practice, counselor, r.CoupleID)
		name, problem := couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.PartnerID, r.SealedName)
		list[i].Name = name
		err = errors.Join(err, problem)
	}
	if err != nil {
		return nil, fmt.Errorf("requests to cancel: %w", err)
	}
	return list, nil
}
