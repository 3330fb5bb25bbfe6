package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/calendar/reminders"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A State is the state of an appointment.
type State string

// The states of an appointment.
const (
	Planned      State = "planned"
	Held         State = "held"
	Canceled     State = "canceled"
	LateCanceled State = "late canceled"
	Missed       State = "missed"
	Moved        State = "moved" // replaced by another appointment
)

// A Slot is the time and place of an appointment.
type Slot struct {
	StartsAt    time.Time `db:"starts_at"`
	Zone        string    `db:"zone"` // such as "America/New_York"; "" for the practice's
	Minutes     int       `db:"minutes"`
	Place       string    `db:"place"` // office, video or phone
	PlaceDetail string    `db:"-"`     // a room, a link or a number, visible to both partners
}

// Ends returns when the slot ends.
func (s Slot) Ends() time.Time { return s.StartsAt.Add(time.Duration(s.Minutes) * time.Minute) }

// Location returns the zone of s, or UTC if it is unknown.
func (s Slot) Location() *time.Location {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Local returns when s begins, in its own zone.
func (s Slot) Local() time.Time { return s.StartsAt.In(s.Location()) }

// Validate returns what is wrong with s, by form field.
func (s Slot) Validate() error {
	bad := fault.Fields{}
	if s.StartsAt.IsZero() {
		bad["date"] = "Enter the date and time."
	}
	if s.Minutes < 5 || s.Minutes > 480 {
		bad["minutes"] = "Enter the length in minutes (5 to 480)."
	}
	if s.Place != "office" && s.Place != "video" && s.Place != "phone" {
		bad["place"] = "Choose a location."
	}
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
		bad["zone"] = "Choose a time zone from the list."
	}
	bad.Length("place_detail", s.PlaceDetail, 0, 200)
	return bad.Err()
}

// An Appointment is a slot booked with a couple.
type Appointment struct {
	Slot
	ID          string    `db:"id"`
	PracticeID  string    `db:"practice_id"`
	CoupleID    string    `db:"couple_id"`
	CounselorID string    `db:"counselor_id"`
	SeriesID    *string   `db:"series_id"`
	SessionID   *string   `db:"session_id"`
	State       State     `db:"state"`
	Absent      string    `db:"-"` // who canceled or did not come; for staff only
	MovedTo     *string   `db:"moved_to"`
	UID         string    `db:"uid"`
	Sequence    int       `db:"sequence"`
	Revision    int       `db:"revision"`
	FormKey     string    `db:"form_key"`
	ChangedAt   time.Time `db:"changed_at"`

	SealedDetail []byte `db:"place_detail"`
	SealedAbsent []byte `db:"absent"`

	// Reader is on whose behalf the appointment is read.
	Reader vault.Actor `db:"-"`
}

// Session returns the id of the session planned for the appointment, or "".
func (a Appointment) Session() string {
	if a.SessionID == nil {
		return ""
	}
	return *a.SessionID
}

// Series returns the id of the appointment's series, or "".
func (a Appointment) Series() string {
	if a.SeriesID == nil {
		return ""
	}
	return *a.SeriesID
}

// event returns the audit event for an action on a.
func (a Appointment) event(action audit.Action, reason string) audit.Event {
	return audit.Event{
		Practice: a.PracticeID, Couple: a.CoupleID, Action: action, Object: "appointment", ID: a.ID, Reason: reason,
	}
}

// reminded returns a for use by package reminders. The id stays the same when a is moved.
func (a Appointment) reminded() reminders.Appointment {
	return reminders.Appointment{
		ID: a.UID, PracticeID: a.PracticeID, CoupleID: a.CoupleID, StartsAt: a.StartsAt, Zone: a.Zone,
	}
}

const columns = `a.id, a.practice_id, a.couple_id, a.counselor_id, a.series_id, a.session_id, a.starts_at, a.zone,
	a.minutes, a.place, a.place_detail, a.state, a.absent, a.moved_to, a.uid, a.sequence, a.revision, a.form_key,
	a.changed_at`

// A Store stores appointments.
type Store struct {
	db    *database.DB
	vault *vault.Vault
}

// NewStore returns a store of the appointments in db, encrypted by v.
func NewStore(db *database.DB, v *vault.Vault) *Store { return &Store{db, v} }

// Find returns an appointment of a couple in the counselor's caseload.
func (st *Store) Find(ctx context.Context, practice, counselor, id string) (Appointment, error) {
	var a Appointment
	err := st.db.Get(ctx, &a, `
		SELECT `+columns+`
		FROM appointments a
		JOIN couples c ON c.id = a.couple_id
		WHERE a.practice_id = ? AND c.counselor_id = ? AND a.id = ? AND c.erased_at IS NULL`, practice, counselor, id)
	if err != nil {
		return a, fmt.Errorf("appointment %s: %w", id, err)
	}
	a.Reader = vault.ForCounselor(practice, counselor, a.CoupleID)
	return a, st.unseal(ctx, st.db, &a)
}

// FindForDesk returns an appointment of the practice for its front desk.
func (st *Store) FindForDesk(ctx context.Context, practice, person, id string) (Appointment, error) {
	var a Appointment
	err := st.db.Get(ctx, &a, `
		SELECT `+columns+`
		FROM appointments a
		JOIN couples c ON c.id = a.couple_id
		JOIN counselors d ON d.practice_id = c.practice_id AND d.id = ? AND d.role = 'front desk' AND d.disabled_at IS NULL
		WHERE a.practice_id = ? AND a.id = ? AND c.erased_at IS NULL`, person, practice, id)
	if err != nil {
		return a, fmt.Errorf("appointment %s: %w", id, err)
	}
	a.Reader = vault.ForDesk(practice, person)
	return a, st.unseal(ctx, st.db, &a)
}

// Book stores a new appointment. A repeated form key changes nothing and sets the id of a to that
// of the first.
func (st *Store) Book(ctx context.Context, a *Appointment, now time.Time) error {
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return st.BookIn(ctx, tx, a, now) })
	if errors.Is(err, fault.Conflict) {
		return st.db.Get(ctx, &a.ID, `SELECT id FROM appointments WHERE practice_id = ? AND form_key = ?`,
			a.PracticeID, a.FormKey)
	}
	return err
}

// BookIn is Book within a transaction; for a repeated form key it returns fault.Conflict.
func (st *Store) BookIn(ctx context.Context, tx *database.DB, a *Appointment, now time.Time) error {
	if err := a.Validate(); err != nil {
		return err
	}
	if err := couples.GuardOpen(ctx, tx, a.PracticeID, a.CoupleID); err != nil {
		return err
	}
	a.ID, a.State, a.Sequence = rand.Text(), Planned, 0
	a.UID = a.ID
	if err := st.insert(ctx, tx, a, now); err != nil {
		return fmt.Errorf("book appointment: %w", err)
	}
	if err := reminders.Plan(ctx, tx, a.reminded(), now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, a.event(audit.Created, ""))
}

func (st *Store) insert(ctx context.Context, tx *database.DB, a *Appointment, now time.Time) error {
	detail, err := st.sealDetail(ctx, tx, *a)
	if err != nil {
		return err
	}
	a.Revision, a.ChangedAt = 1, now
	if a.Zone == "" {
		if err := tx.Get(ctx, &a.Zone, `SELECT time_zone FROM practices WHERE id = ?`, a.PracticeID); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO appointments (id, practice_id, couple_id, counselor_id, series_id, session_id, starts_at, zone, minutes,
		  place, place_detail, state, uid, sequence, revision, form_key, changed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.PracticeID, a.CoupleID, a.CounselorID, a.SeriesID, a.SessionID, a.StartsAt, a.Zone, a.Minutes, a.Place,
		detail, a.State, a.UID, a.Sequence, a.Revision, a.FormKey, a.ChangedAt)
	return err
}
