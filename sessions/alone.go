package sessions

import (
	"context"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fields"
)

// AloneWith is what the record of a session has from the beginning where one partner came and
// the other did not. Its note says so.
func AloneWith(present couples.Side) map[string]string {
	return map[string]string{
		"attendance." + string(present): "present", "attendance." + string(present.Other()): "absent",
	}
}

// firstKind is the kind of time that a session begins with: with one partner alone it is that
// partner's, so that what is said is kept as the privacy policy says of time alone.
func (st *Store) firstKind(ctx context.Context, tx *database.DB, s Session) (Kind, error) {
	chart, err := st.chart(ctx, tx, s)
	if err != nil {
		return "", err
	}
	saved, err := fields.All(ctx, tx, chart)
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
