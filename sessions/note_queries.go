package sessions

import (
	"context"
	"errors"

	"mend/internal/fault"
	"mend/internal/fields"
)

// PlannedInNote returns the plan for the next session from the note of s, as the counselor wrote
// it, or "".
func (st *Store) PlannedInNote(ctx context.Context, s Session) (string, error) {
	n, err := st.FindNote(ctx, s)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	p, err := st.noteFieldSet(ctx, st.db, s.Filing(), n)
	if err != nil {
		return "", err
	}
	saved, err := fields.Some(ctx, st.db, p, []string{"plan_text"})
	return saved["plan_text"].Value, err
}

// MentionsRisk reports whether the unsigned note of an ended session mentions risk.
func (st *Store) MentionsRisk(ctx context.Context, s Session) (bool, error) {
	n, err := st.FindNote(ctx, s)
	if err != nil {
		return false, err
	}
	fieldSet, err := st.noteFieldSet(ctx, st.db, s.Filing(), n)
	if err != nil {
		return false, err
	}
	saved, err := fields.All(ctx, st.db, fieldSet)
	return saved["risk.routine"].Value != "" || saved["risk_text"].Value != "", err
}
