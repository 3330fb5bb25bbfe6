package sessions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"mend/calendar"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A State is the state of a session.
type State string

// The states of a session, in order.
const (
	Planned State = "planned"
	Running State = "running"
	Ended   State = "ended"
)

// A Session is a counseling session with a couple.
type Session struct {
	ID            string     `db:"id"`
	PracticeID    string     `db:"practice_id"`
	CoupleID      string     `db:"couple_id"`
	CounselorID   string     `db:"counselor_id"`
	StartsAt      time.Time  `db:"starts_at"` // as planned
	Minutes       int        `db:"minutes"`   // as planned
	Place         string     `db:"place"`     // office, video or phone
	PlaceDetail   string     `db:"-"`
	SealedPlace   []byte     `db:"place_detail"` // PlaceDetail, encrypted
	Step          string     `db:"step"`
	BreachID      *string    `db:"breach_id"`
	State         State      `db:"state"`
	StartedAt     *time.Time `db:"started_at"`
	EndedAt       *time.Time `db:"ended_at"`
	Corrected     bool       `db:"corrected"` // the times were entered, not measured
	AMinutes      int        `db:"a_minutes"`
	BMinutes      int        `db:"b_minutes"`
	PausedMinutes int        `db:"paused_minutes"`
	FormKey       string     `db:"form_key"`
	Revision      int        `db:"revision"`
	Signed        bool       `db:"signed"`

	// AppointmentID and Zone are used to plan a session: its appointment ("" to book one) and its
	// time zone ("" for the practice's).
	AppointmentID string `db:"-"`
	Zone          string `db:"-"`

	// Reader is on whose behalf the session is read.
	Reader vault.Actor `db:"-"`
}

// Breach returns the id of the breach worked on, or "".
func (s Session) Breach() string {
	if s.BreachID == nil {
		return ""
	}
	return *s.BreachID
}

// When returns when the session was held, or is to be.
func (s Session) When() time.Time {
	if s.StartedAt != nil {
		return *s.StartedAt
	}
	return s.StartsAt
}

// Modality returns the place as a note words it.
func (s Session) Modality() string {
	if s.Place == "office" {
		return "in-person"
	}
	return s.Place
}

func (st *Store) validate(s Session) error {
	bad := fault.Fields{}
	if slot, ok := errors.AsType[fault.Fields](s.slot().Validate()); ok {
		bad = slot
	}
	if _, ok := st.method.Step(s.Step); !ok {
		bad["step"] = "Choose a step."
	}
	return bad.Err()
}

// A Store stores sessions, step states and notes.
type Store struct {
	db     *database.DB
	vault  *vault.Vault
	method *Method

	calendar *calendar.Store
}

// NewStore returns a store of the sessions in db, encrypted by v and using method.
func NewStore(db *database.DB, v *vault.Vault, method *Method) *Store {
	return &Store{db, v, method, calendar.NewStore(db, v)}
}

// Method returns the method.
func (st *Store) Method() *Method { return st.method }

const sessionColumns = `s.id, s.practice_id, s.couple_id, s.counselor_id, s.starts_at, s.minutes, s.place,
	s.place_detail,
	s.step, s.breach_id, s.state, s.started_at, s.ended_at, s.corrected, s.a_minutes, s.b_minutes, s.paused_minutes,
	s.form_key, s.revision, s.signed`

// Find returns a session of a couple in the counselor's caseload.
func (st *Store) Find(ctx context.Context, practice, counselor, id string) (Session, error) {
	var s Session
	err := st.db.Get(ctx, &s, `
		SELECT `+sessionColumns+`
		FROM sessions s
		JOIN couples c ON c.id = s.couple_id
		WHERE s.practice_id = ? AND c.counselor_id = ? AND s.id = ? AND c.erased_at IS NULL`, practice, counselor, id)
	if err == nil {
		s.Reader = vault.ForCounselor(practice, counselor, s.CoupleID)
		err = st.unseal(ctx, st.db, &s)
	}
	if err != nil {
		return s, fmt.Errorf("session %s: %w", id, err)
	}
	return s, nil
}

// A Listed session is a session with the state of its note: "", "draft" or
// "signed".
type Listed struct {
	Session
	Note   string `db:"note"`
	AName  string `db:"-"`
	BName  string `db:"-"`
	Addend int    `db:"addenda"`

	RecordNo string `db:"record_no"` // the couple's; set by Day
}

// ForCouple returns the sessions of a couple, newest first, without those planned for appointments
// that did not take place.
func (st *Store) ForCouple(ctx context.Context, c couples.Couple) ([]Listed, error) {
	var list []Listed
	err := st.db.Select(ctx, &list, `
		SELECT `+sessionColumns+`,
		       CASE WHEN n.id IS NULL THEN '' WHEN n.signed_at IS NULL THEN 'draft' ELSE 'signed' END AS note,
		       (SELECT COUNT(*) FROM addenda a WHERE a.note_id = n.id) AS addenda
		FROM sessions s
		LEFT JOIN notes n ON n.session_id = s.id
		LEFT JOIN appointments p ON p.session_id = s.id
		WHERE s.practice_id = ? AND s.couple_id = ? AND (s.state <> 'planned' OR p.state = 'planned')
		ORDER BY s.starts_at DESC, s.id`, c.PracticeID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("sessions of couple %s: %w", c.ID, err)
	}
	return list, nil
}

// Day returns the counselor's sessions that start between two times, those that are running, and
// those whose note is unsigned.
func (st *Store) Day(ctx context.Context, practice, counselor string, from, until time.Time) ([]Listed, error) {
	var rows []dayRow
	err := st.db.Select(ctx, &rows, `
		WITH listed AS (
			SELECT id FROM sessions WHERE practice_id = ? AND counselor_id = ? AND starts_at >= ? AND starts_at < ?
			UNION
			SELECT id FROM sessions WHERE practice_id = ? AND counselor_id = ? AND NOT signed AND state <> 'planned')
		SELECT `+sessionColumns+`, a.id AS a_id, a.address_as AS a_name, b.id AS b_id, b.address_as AS b_name, c.record_no,
		       0 AS addenda,
		       CASE WHEN n.id IS NULL THEN '' WHEN n.signed_at IS NULL THEN 'draft' ELSE 'signed' END AS note
		FROM listed l
		CROSS JOIN sessions s
		CROSS JOIN couples c
		CROSS JOIN partners a
		CROSS JOIN partners b
		LEFT JOIN notes n ON n.session_id = s.id
		WHERE s.id = l.id AND c.id = s.couple_id AND a.couple_id = c.id AND a.side = 'A' AND b.couple_id = c.id
		  AND b.side = 'B'
		  AND s.practice_id = ? AND c.counselor_id = ? AND c.erased_at IS NULL
		  AND ((s.starts_at >= ? AND s.starts_at < ?) OR s.state = 'running' OR (n.id IS NOT NULL AND n.signed_at IS NULL))
		ORDER BY s.starts_at, s.id`, practice, counselor, from, until, practice, counselor, practice, counselor, from, until)
	if err != nil {
		return nil, fmt.Errorf("day: %w", err)
	}
	list := make([]Listed, len(rows))
	for i, r := range rows {
		list[i] = r.Listed
		if list[i].AName, list[i].BName, err = st.names(ctx, practice, counselor, r); err != nil {
			return nil, fmt.Errorf("day: %w", err)
		}
	}
	return list, nil
}

// dayRow is a Listed session with encrypted names.
type dayRow struct {
	Listed
	A       string `db:"a_id"`
	B       string `db:"b_id"`
	SealedA []byte `db:"a_name"`
	SealedB []byte `db:"b_name"`
}

func (st *Store) names(ctx context.Context, practice, counselor string, r dayRow) (a, b string, err error) {
	reader := vault.ForCounselor(practice, counselor, r.CoupleID)
	if a, err = couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.A, r.SealedA); err != nil {
		return "", "", err
	}
	b, err = couples.AddressOf(ctx, st.vault, st.db, reader, r.CoupleID, r.B, r.SealedB)
	return a, b, err
}

// Plan stores a new session. A repeated form key changes nothing and sets the id of s to that of
// the first. values are the planned activities and the homework to review, as fields.
func (st *Store) Plan(ctx context.Context, s *Session, values map[string]string, now time.Time) error {
	if err := st.validate(*s); err != nil {
		return err
	}
	if err := st.checkFields(*s, values); err != nil {
		return err
	}
	s.ID, s.State, s.Revision = rand.Text(), Planned, 1
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := couples.NeedsBreach(ctx, tx, s.PracticeID, s.CoupleID); err != nil {
			return err
		}
		if err := couples.GuardOpen(ctx, tx, s.PracticeID, s.CoupleID); err != nil {
			return err
		}
		place, err := st.sealPlace(ctx, tx, *s)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO sessions (id, practice_id, couple_id, counselor_id, starts_at, minutes, place, place_detail, step,
			  breach_id, state, form_key, revision, touched_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			s.ID, s.PracticeID, s.CoupleID, s.CounselorID, s.StartsAt, s.Minutes, s.Place, place, s.Step, s.BreachID, s.State,
			s.FormKey, s.Revision, now)
		if err != nil {
			return err
		}
		if err := st.attachAppointment(ctx, tx, s, now); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, s.event(audit.Created, "session", "")); err != nil {
			return err
		}
		return st.replaceRecord(ctx, tx, *s, s.FormKey, now, values)
	})
	if errors.Is(err, fault.Conflict) {
		return st.db.Get(ctx, &s.ID, `SELECT id FROM sessions WHERE practice_id = ? AND form_key = ?`,
			s.PracticeID, s.FormKey)
	}
	if err != nil {
		return fmt.Errorf("plan session: %w", err)
	}
	return nil
}

// Replan stores changes to a planned session. It returns fault.Conflict if the session was changed
// since it was read, and fault.Locked if it has begun.
func (st *Store) Replan(ctx context.Context, s *Session, values map[string]string, key string, now time.Time) error {
	if err := st.validate(*s); err != nil {
		return err
	}
	if err := st.checkFields(*s, values); err != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		place, err := st.sealPlace(ctx, tx, *s)
		if err != nil {
			return fmt.Errorf("replan session %s: %w", s.ID, err)
		}
		n, err := tx.Exec(ctx, `
			UPDATE sessions
			SET starts_at = ?, minutes = ?, place = ?, place_detail = ?, step = ?, breach_id = ?, revision = revision + 1,
			  touched_at = ?
			WHERE practice_id = ? AND id = ? AND revision = ? AND state = 'planned'`,
			s.StartsAt, s.Minutes, s.Place, place, s.Step, s.BreachID, now, s.PracticeID, s.ID, s.Revision)
		if err == nil && n == 0 {
			err = notReplanned(ctx, tx, s)
		}
		if err != nil {
			return fmt.Errorf("replan session %s: %w", s.ID, err)
		}
		if err := st.moveWithPlan(ctx, tx, *s, key, now); err != nil {
			return fmt.Errorf("replan session %s: %w", s.ID, err)
		}
		return st.replaceRecord(ctx, tx, *s, key, now, values)
	})
}

// notReplanned returns fault.Locked if the session has begun, and fault.Conflict if it was changed
// meanwhile.
func notReplanned(ctx context.Context, tx *database.DB, s *Session) error {
	var state State
	err := tx.Get(ctx, &state, `SELECT state FROM sessions WHERE practice_id = ? AND id = ?`, s.PracticeID, s.ID)
	if err != nil {
		return err
	}
	if state != Planned {
		return fault.Locked
	}
	return fault.Conflict
}
