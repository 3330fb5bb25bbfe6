package sessions

import (
	"context"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
)

// resumeFor is how long after its end a session can be resumed: it was ended by mistake, or went on.
const resumeFor = time.Hour

// CanResume reports whether s ended a short time ago and can go on. A signed session and one whose
// times were entered cannot.
func (s Session) CanResume(now time.Time) bool {
	return s.State == Ended && !s.Signed && !s.Corrected && s.EndedAt != nil && now.Sub(*s.EndedAt) < resumeFor
}

// Resume continues a session that ended within the last hour, with the kind of time that was last.
// The time between does not count. It returns fault.Locked if the session cannot be resumed.
func (st *Store) Resume(ctx context.Context, s Session, now time.Time) error {
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := couples.CheckHold(ctx, tx, st.vault, s.PracticeID, s.CoupleID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `
			UPDATE sessions SET state = 'running', ended_at = NULL, touched_at = ?, revision = revision + 1
			WHERE practice_id = ? AND id = ? AND state = 'ended' AND NOT signed AND NOT corrected AND ended_at > ?`,
			now, s.PracticeID, s.ID, now.Add(-resumeFor))
		if err != nil {
			return err
		}
		if n == 0 {
			return st.alreadyRunning(ctx, tx, s)
		}
		var last Kind
		err = tx.Get(ctx, &last, `
			SELECT kind FROM session_intervals
			WHERE practice_id = ? AND session_id = ?
			ORDER BY began_at DESC, id
			LIMIT 1`, s.PracticeID, s.ID)
		if err != nil {
			return err
		}
		if err := beginInterval(ctx, tx, s, last, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.event(audit.Changed, "session", "resumed"))
	})
	if err != nil {
		return fmt.Errorf("resume session %s: %w", s.ID, err)
	}
	return nil
}
