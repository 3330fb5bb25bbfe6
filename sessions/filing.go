package sessions

import (
	"context"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/vault"
)

// A Filing is where a note is filed and on whose behalf it is read. Where it is filed never
// changes.
type Filing struct {
	PracticeID string       `db:"practice_id"`
	CoupleID   string       `db:"couple_id"`
	Side       couples.Side `db:"side"` // whose individual file it is in; "" for the joint record
	Reader     vault.Actor  `db:"-"`
}

// Filing returns the filing of the note of s, in the joint record.
func (s Session) Filing() Filing {
	return Filing{PracticeID: s.PracticeID, CoupleID: s.CoupleID, Reader: s.Reader}
}

// item returns the vault item of a note in a state.
func (f Filing) item(state vault.State) vault.Item {
	if f.Side == "" {
		return vault.Item{Couple: f.CoupleID, Material: vault.Note, State: state}
	}
	return vault.Item{Couple: f.CoupleID, Material: vault.IndividualFile, State: state, Of: vault.Side(f.Side)}
}

// noteBox opens the vault box of a note filed at f.
func (st *Store) noteBox(ctx context.Context, db *database.DB, f Filing, state vault.State) (vault.Box, error) {
	return st.vault.Open(ctx, db, f.Reader, f.item(state))
}

// event returns the audit event for an action on a note. A note in an individual file is logged as
// the file, so that no note is shown to the partner.
func (f Filing) event(action audit.Action, object, id, reason string) audit.Event {
	if f.Side != "" && object == "note" {
		object = "individual file"
	}
	return audit.Event{
		Practice: f.PracticeID, Couple: f.CoupleID, Side: string(f.Side), Action: action, Object: object,
		ID: id, Reason: reason,
	}
}
