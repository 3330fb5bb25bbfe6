package accounts

import (
	"context"

	"mend/internal/audit"
	"mend/internal/fault"
	"mend/words"
)

// SetLanguage stores in which language Mend speaks to the partner who is signed
// in. It is nobody else's to know.
func (st *Store) SetLanguage(ctx context.Context, l Login, tag string) error {
	if l.IsCounselor() || !words.IsOffered(tag) {
		return fault.Malformed
	}
	event := audit.Event{Practice: l.PracticeID, Action: audit.SettingChanged, Object: "sign-in", ID: l.signInID}
	_, err := audit.Exec(ctx, st.db, event, `UPDATE sign_ins SET language = ? WHERE practice_id = ? AND id = ?`, tag, l.PracticeID, l.signInID)
	return err
}
