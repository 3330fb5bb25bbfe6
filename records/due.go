package records

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// Settings are a practice's settings for record requests.
type Settings struct {
	AnswerDays int `db:"answer_days"` // days within which a request has to be answered
}

// The time to answer a request: 30 days, unless the practice sets another number (45 CFR
// 164.524(b)(2): a partner's own request within 30 days).
const (
	defaultAnswerDays = 30
	mostAnswerDays    = 90
)

// Settings returns the settings of a practice.
func (st *Store) Settings(ctx context.Context, practice string) (Settings, error) {
	s := Settings{AnswerDays: defaultAnswerDays}
	err := st.db.Get(ctx, &s, `SELECT answer_days FROM record_settings WHERE practice_id = ?`, practice)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return s, fmt.Errorf("record settings: %w", err)
	}
	return s, nil
}

// SaveSettings stores the owner's settings, for requests entered from then on.
func (st *Store) SaveSettings(ctx context.Context, practice string, s Settings) error {
	if s.AnswerDays < 1 || s.AnswerDays > mostAnswerDays {
		return fault.Fields{"days": i18n.Plain("Enter a number of days from 1 to %d.", mostAnswerDays)}
	}
	event := audit.Event{Practice: practice, Action: audit.SettingChanged, Object: "record requests", ID: practice}
	_, err := audit.Exec(ctx, st.db, event, `
		INSERT INTO record_settings (practice_id, answer_days) VALUES (?, ?)
		ON CONFLICT (practice_id) DO UPDATE SET answer_days = excluded.answer_days`, practice, s.AnswerDays)
	if err != nil {
		return fmt.Errorf("record settings: %w", err)
	}
	return nil
}

// A Due is a request that has to be answered soon, without who asked. PartnerID is for the link to
// it.
type Due struct {
	ID        string    `db:"id"`
	PartnerID string    `db:"partner_id"`
	CoupleID  string    `db:"couple_id"`
	RecordNo  string    `db:"record_no"`
	On        time.Time `db:"due_on"` // midnight UTC of that day
	Names     string    `db:"-"`      // of the couple, such as "Robin and Sasha"
}

// dueAtOnce limits the list. More requests appear as these are answered.
const dueAtOnce = 5

// Due returns the open requests about a counselor's couples that have to be answered by a day, the
// most urgent first.
func (st *Store) Due(ctx context.Context, practice, counselor string, by time.Time) ([]Due, error) {
	var list []Due
	err := st.db.Select(ctx, &list, fmt.Sprintf(`
		SELECT r.id, r.partner_id, r.couple_id, c.record_no, r.due_on
		FROM record_requests r
		JOIN couples c ON c.id = r.couple_id
		WHERE r.practice_id = ? AND r.answered_at IS NULL AND r.due_on <= ? AND c.counselor_id = ? AND c.erased_at IS NULL
		ORDER BY r.due_on, r.id
		LIMIT %d`, dueAtOnce), practice, by, counselor)
	if err != nil {
		return nil, fmt.Errorf("requests due: %w", err)
	}
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = d.CoupleID
	}
	names, err := couples.NamesOf(ctx, st.vault, st.db, practice, counselor, ids)
	if err != nil {
		return nil, fmt.Errorf("requests due: %w", err)
	}
	for i, d := range list {
		list[i].Names = names[d.CoupleID]
	}
	return list, nil
}
