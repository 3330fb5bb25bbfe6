package sessions

import (
	"context"
	"errors"
	"fmt"

	"mend/couples"
	"mend/internal/fault"
)

// FindIn returns a session of a couple for somebody other than its counselor, read on behalf of the
// couple's reader. The place detail is left out if that reader may not read it.
func (st *Store) FindIn(ctx context.Context, c couples.Couple, id string) (Session, error) {
	var s Session
	err := st.db.Get(ctx, &s, `
		SELECT `+sessionColumns+`
		FROM sessions s
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.id = ?`, c.PracticeID, c.ID, id)
	if err == nil {
		s.Reader = c.Reader
		err = st.unseal(ctx, st.db, &s)
	}
	if err != nil && !(s.ID != "" && errors.Is(err, fault.NotFound)) {
		return s, fmt.Errorf("session %s: %w", id, err)
	}
	return s, nil
}
