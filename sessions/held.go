package sessions

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
)

// A HeldSession is a session that took place, with its times.
type HeldSession struct {
	Session
	Times Times
}

// Alone returns the partner with whom the whole session was held, or "" if both attended.
func (t Times) Alone() couples.Side {
	switch {
	case t.Joint == 0 && t.A > 0 && t.B == 0:
		return couples.A
	case t.Joint == 0 && t.B > 0 && t.A == 0:
		return couples.B
	}
	return ""
}

// Held returns the ended sessions of a couple that began within a period, oldest first.
func (st *Store) Held(ctx context.Context, c couples.Couple, from, until time.Time) ([]HeldSession, error) {
	var list []Session
	err := st.db.Select(ctx, &list, `
		SELECT `+sessionColumns+`
		FROM sessions s
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.state = 'ended' AND s.started_at >= ? AND s.started_at < ?
		ORDER BY s.started_at, s.id`, c.PracticeID, c.ID, from, until)
	if err != nil {
		return nil, fmt.Errorf("sessions of couple %s: %w", c.ID, err)
	}
	var intervals []struct {
		SessionID string `db:"session_id"`
		Interval
	}
	err = st.db.Select(ctx, &intervals, `
		SELECT i.session_id, i.kind, i.began_at, i.ended_at
		FROM session_intervals i
		JOIN sessions s ON s.id = i.session_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.state = 'ended' AND s.started_at >= ? AND s.started_at < ?
		ORDER BY i.began_at, i.id`, c.PracticeID, c.ID, from, until)
	if err != nil {
		return nil, fmt.Errorf("times of couple %s: %w", c.ID, err)
	}
	of := map[string][]Interval{}
	for _, i := range intervals {
		of[i.SessionID] = append(of[i.SessionID], i.Interval)
	}
	held := make([]HeldSession, len(list))
	for i, s := range list {
		held[i] = HeldSession{s, s.corrected(Sum(of[s.ID], until))}
	}
	return held, nil
}

// With returns the time spent with one partner, together and alone.
func (t Times) With(side couples.Side) time.Duration {
	if side == couples.A {
		return t.Joint + t.A
	}
	return t.Joint + t.B
}
