package sessions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/calendar"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
)

// A Kind is a kind of time in a session.
type Kind string

// The kinds of time: both together, one partner alone with the counselor, or a pause, during which
// no time counts.
const (
	Joint  Kind = "joint"
	AloneA Kind = "A"
	AloneB Kind = "B"
	Pause  Kind = "pause"
)

// An Interval is a part of a session spent in one kind of time.
type Interval struct {
	Kind    Kind       `db:"kind"`
	BeganAt time.Time  `db:"began_at"`
	EndedAt *time.Time `db:"ended_at"`
}

// Times holds how the time of a session was spent.
type Times struct {
	Now                 Kind // the current kind; "" if the session is not running
	Joint, A, B, Paused time.Duration
	Pauses              int
}

// Total returns the working time, without pauses.
func (t Times) Total() time.Duration { return t.Joint + t.A + t.B }

// Individual returns the time with one partner alone.
func (t Times) Individual() time.Duration { return t.A + t.B }

// Sum adds up intervals as of now.
func Sum(stretches []Interval, now time.Time) Times {
	var t Times
	for _, s := range stretches {
		end := now
		if s.EndedAt != nil {
			end = *s.EndedAt
		} else {
			t.Now = s.Kind
		}
		spent := max(end.Sub(s.BeganAt), 0)
		switch s.Kind {
		case Joint:
			t.Joint += spent
		case AloneA:
			t.A += spent
		case AloneB:
			t.B += spent
		case Pause:
			t.Paused += spent
			t.Pauses++
		}
	}
	return t
}

// Times returns how the time of s was spent so far: as entered if it was corrected, as measured
// otherwise.
func (st *Store) Times(ctx context.Context, s Session, now time.Time) (Times, error) {
	return times(ctx, st.db, s, now)
}

func times(ctx context.Context, db *database.DB, s Session, now time.Time) (Times, error) {
	var list []Interval
	err := db.Select(ctx, &list, `
		SELECT kind, began_at, ended_at
		FROM session_intervals
		WHERE practice_id = ? AND session_id = ?
		ORDER BY began_at, id`, s.PracticeID, s.ID)
	if err != nil {
		return Times{}, fmt.Errorf("times of session %s: %w", s.ID, err)
	}
	return s.corrected(Sum(list, now)), nil
}

// corrected returns the times entered for s or, if there are none, the measured times t.
func (s Session) corrected(t Times) Times {
	if s.Corrected && s.StartedAt != nil && s.EndedAt != nil {
		t.A, t.B = time.Duration(s.AMinutes)*time.Minute, time.Duration(s.BMinutes)*time.Minute
		t.Paused = time.Duration(s.PausedMinutes) * time.Minute
		t.Joint = s.EndedAt.Sub(*s.StartedAt) - t.A - t.B - t.Paused
	}
	return t
}

// Start begins a planned session, with joint time or, if only one partner came, with individual
// time. A running session is left unchanged. It returns fault.Conflict if another session of the
// couple is running, and fault.Locked if this one has ended.
func (st *Store) Start(ctx context.Context, s Session, now time.Time) error {
	if s.State == Running {
		return nil
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := couples.CheckHold(ctx, tx, st.vault, s.PracticeID, s.CoupleID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `
			UPDATE sessions SET state = 'running', started_at = ?, touched_at = ?, revision = revision + 1
			WHERE practice_id = ? AND id = ? AND state = 'planned'`, now, now, s.PracticeID, s.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return st.alreadyRunning(ctx, tx, s)
		}
		if err := st.markHeld(ctx, tx, s, now); err != nil {
			return err
		}
		kind, err := st.firstKind(ctx, tx, s)
		if err != nil {
			return err
		}
		if err := beginInterval(ctx, tx, s, kind, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.event(audit.Changed, "session", "started"))
	})
	if err != nil {
		return fmt.Errorf("start session %s: %w", s.ID, err)
	}
	return nil
}

// markHeld marks the appointment of a planned session as held, keeps its place for the note and
// begins work on its step. It returns fault.Locked if the appointment did not take place.
func (st *Store) markHeld(ctx context.Context, tx *database.DB, s Session, now time.Time) error {
	if err := calendar.MarkHeld(ctx, tx, s.PracticeID, s.ID, now); err != nil {
		return err
	}
	if err := st.keepPlace(ctx, tx, s); err != nil {
		return err
	}
	return st.workStep(ctx, tx, s, now)
}

// Presenting reports whether a session of the counselor is running, and since when. Both partners
// can then see the screen.
func (st *Store) Presenting(ctx context.Context, practice,
	counselor string,
) (since time.Time, running bool, err error) {
	err = st.db.Get(ctx, &since, `
		SELECT s.started_at
		FROM sessions s
		CROSS JOIN couples c
		WHERE s.practice_id = ? AND s.counselor_id = ? AND s.state = 'running' AND c.id = s.couple_id
		  AND c.counselor_id = s.counselor_id AND c.erased_at IS NULL
		ORDER BY s.started_at DESC
		LIMIT 1`, practice, counselor)
	if errors.Is(err, fault.NotFound) {
		return since, false, nil
	}
	return since, err == nil, err
}

// alreadyRunning returns nil if the session is running, as after a double click, and fault.Locked
// if it has ended.
func (st *Store) alreadyRunning(ctx context.Context, tx *database.DB, s Session) error {
	var state State
	err := tx.Get(ctx, &state, `SELECT state FROM sessions WHERE practice_id = ? AND id = ?`, s.PracticeID, s.ID)
	if err == nil && state != Running {
		err = fault.Locked
	}
	return err
}

func beginInterval(ctx context.Context, tx *database.DB, s Session, kind Kind, now time.Time) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO session_intervals (id, practice_id, session_id, kind, began_at)
		VALUES (?, ?, ?, ?, ?)`, rand.Text(), s.PracticeID, s.ID, kind, now)
	return err
}

// Turn ends the current interval and begins one of kind. If that kind is already current, nothing
// changes.
func (st *Store) Turn(ctx context.Context, s Session, kind Kind, now time.Time) error {
	if kind != Joint && kind != AloneA && kind != AloneB && kind != Pause {
		return fault.Malformed
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.guardRunning(ctx, tx, s, now); err != nil {
			return err
		}
		var open Kind
		err := tx.Get(ctx, &open, `
			SELECT kind FROM session_intervals WHERE practice_id = ? AND session_id = ? AND ended_at IS NULL`,
			s.PracticeID, s.ID)
		if err == nil && open == kind {
			return nil
		}
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if err := endInterval(ctx, tx, s, now); err != nil {
			return err
		}
		return beginInterval(ctx, tx, s, kind, now)
	})
}

func endInterval(ctx context.Context, tx *database.DB, s Session, now time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE session_intervals SET ended_at = ?
		WHERE practice_id = ? AND session_id = ? AND ended_at IS NULL`, now, s.PracticeID, s.ID)
	return err
}

// guardRunning locks the session's row and returns fault.Locked unless the session is running.
func (st *Store) guardRunning(ctx context.Context, tx *database.DB, s Session, now time.Time) error {
	n, err := tx.Exec(ctx, `
		UPDATE sessions SET touched_at = ?
		WHERE practice_id = ? AND id = ? AND state = 'running'`, now, s.PracticeID, s.ID)
	if err == nil && n == 0 {
		err = fault.Locked
	}
	return err
}

// End ends a running session and creates its draft note. If the session has ended already, nothing
// changes.
func (st *Store) End(ctx context.Context, s Session, now time.Time) error {
	if s.State == Ended {
		return nil
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		n, err := tx.Exec(ctx, `
			UPDATE sessions SET state = 'ended', ended_at = ?, touched_at = ?, revision = revision + 1
			WHERE practice_id = ? AND id = ? AND state = 'running'`, now, now, s.PracticeID, s.ID)
		if err != nil || n == 0 {
			return err
		}
		if err := endInterval(ctx, tx, s, now); err != nil {
			return err
		}
		if err := st.blankScreen(ctx, tx, s); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, s.event(audit.Changed, "session", "ended")); err != nil {
			return err
		}
		if err := couples.RecordService(ctx, tx, st.vault, s.PracticeID, s.CoupleID, now); err != nil {
			return err
		}
		return insertNote(ctx, tx, s, now)
	})
	if err != nil {
		return fmt.Errorf("end session %s: %w", s.ID, err)
	}
	return nil
}

// A Correction holds the times of a session as the counselor enters them.
type Correction struct {
	StartedAt, EndedAt  time.Time
	AMinutes, BMinutes  int
	PausedMinutes, Base int // Base is the revision being corrected
}

func (c Correction) validate(now time.Time) error {
	bad := fault.Fields{}
	length := c.EndedAt.Sub(c.StartedAt)
	switch {
	case c.StartedAt.IsZero() || c.EndedAt.IsZero():
		bad["stop"] = "Enter both times."
	case length <= 0:
		bad["stop"] = "The end time is before the start time."
	case length > 12*time.Hour:
		bad["stop"] = "That is more than twelve hours. Please check the times."
	case c.EndedAt.After(now.Add(time.Minute)):
		bad["stop"] = "That time is in the future."
	}
	apart, whole := []int{c.AMinutes, c.BMinutes, c.PausedMinutes}, int(length/time.Minute)
	add := apart[0] + apart[1] + apart[2]
	if len(bad) == 0 && (slices.Min(apart) < 0 || slices.Max(apart) > whole || add > whole) {
		bad["a_minutes"] = "The individual and paused minutes add up to more than the whole session."
	}
	return bad.Err()
}

// Correct stores entered times for an ended session, or for a planned one that was held without
// Mend, which ends it. It returns fault.Locked if the note is signed, or if the appointment was
// canceled or missed.
func (st *Store) Correct(ctx context.Context, s Session, c Correction, now time.Time) error {
	if err := c.validate(now); err != nil {
		return err
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := st.guardUnsigned(ctx, tx, s, now); err != nil {
			return err
		}
		var was State
		err := tx.Get(ctx, &was, `SELECT state FROM sessions WHERE practice_id = ? AND id = ?`, s.PracticeID, s.ID)
		if err == nil && was == Planned {
			err = st.markHeld(ctx, tx, s, now)
		}
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `
			UPDATE sessions
			SET state = 'ended', started_at = ?, ended_at = ?, a_minutes = ?, b_minutes = ?, paused_minutes = ?,
			    corrected = TRUE, revision = revision + 1, touched_at = ?
			WHERE practice_id = ? AND id = ? AND revision = ? AND state IN ('planned', 'ended') AND NOT signed`,
			c.StartedAt, c.EndedAt, c.AMinutes, c.BMinutes, c.PausedMinutes, now, s.PracticeID, s.ID, c.Base)
		if err == nil && n == 0 {
			err = fault.Conflict
		}
		if err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, s.event(audit.Changed, "session", "times corrected")); err != nil {
			return err
		}
		if err := couples.RecordService(ctx, tx, st.vault, s.PracticeID, s.CoupleID, c.EndedAt); err != nil {
			return err
		}
		return insertNote(ctx, tx, s, now)
	})
	if err != nil {
		return fmt.Errorf("correct session %s: %w", s.ID, err)
	}
	return nil
}
