package accounts

import (
	"context"
	"errors"

	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// LanguageOf returns a partner's language, or "" without a sign-in.
func (st *Store) LanguageOf(ctx context.Context, practice, partner string) (tag string, err error) {
	err = st.db.Get(ctx, &tag, `SELECT language FROM sign_ins WHERE practice_id = ? AND partner_id = ?`, practice, partner)
	if errors.Is(err, fault.NotFound) {
		err = nil
	}
	return tag, err
}

// LanguageOfBoth returns the language that both partners chose, or "" if they chose different ones
// or one of them has no sign-in.
func (st *Store) LanguageOfBoth(ctx context.Context, practice, a, b string) (tag string, err error) {
	var chosen []string
	err = st.db.Select(ctx, &chosen, `SELECT language FROM sign_ins WHERE practice_id = ? AND partner_id IN (?, ?)`,
		practice, a, b)
	if err == nil && len(chosen) == 2 && chosen[0] == chosen[1] {
		tag = chosen[0]
	}
	return tag, err
}

// SetLanguage stores the language of the signed-in partner. Nobody else is told.
func (st *Store) SetLanguage(ctx context.Context, l Login, tag string) error {
	if l.IsCounselor() || !i18n.IsOffered(tag) {
		return fault.Malformed
	}
	event := audit.Event{Practice: l.PracticeID, Action: audit.SettingChanged, Object: "sign-in", ID: l.signInID}
	_, err := audit.Exec(ctx, st.db, event, `UPDATE sign_ins SET language = ? WHERE practice_id = ? AND id = ?`, tag,
		l.PracticeID, l.signInID)
	return err
}
