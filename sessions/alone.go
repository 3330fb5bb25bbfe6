package sessions

import (
	"context"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fields"
)

// AloneWith returns the initial attendance fields of a session to which only one partner came, for
// the note.
func AloneWith(present couples.Side) map[string]string {
	return map[string]string{
		"attendance." + string(present): "present", "attendance." + string(present.Other()): "absent",
	}
}

// firstKind returns the kind of time with which a session begins. With one partner absent it is
// individual time, so that what is said falls under the privacy policy for it.
func (st *Store) firstKind(ctx context.Context, tx *database.DB, s Session) (Kind, error) {
	fieldSet, err := st.recordFieldSet(ctx, tx, s)
	if err != nil {
		return "", err
	}
	saved, err := fields.All(ctx, tx, fieldSet)
	if err != nil {
		return "", err
	}
	a, b := saved["attendance.A"].Value == "absent", saved["attendance.B"].Value == "absent"
	switch {
	case a && !b:
		return AloneB, nil
	case b && !a:
		return AloneA, nil
	}
	return Joint, nil
}
