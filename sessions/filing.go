package sessions

import (
	"context"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/vault"
)

// A Filing is where a note is filed, and as whom it is read. It never changes.
type Filing struct {
	PracticeID string       `db:"practice_id"`
	CoupleID   string       `db:"couple_id"`
	Side       couples.Side `db:"side"` // in whose individual file; "" is the joint record
	Reader     vault.Actor  `db:"-"`
}

// Filing is where the note of s is filed: in the joint record.
func (s Session) Filing() Filing {
	return Filing{PracticeID: s.PracticeID, CoupleID: s.CoupleID, Reader: s.Reader}
}

// item is what is opened to read a note in a state.
func (f Filing) item(state vault.State) vault.Item {
	if f.Side == "" {
		return vault.Item{Couple: f.CoupleID, Material: vault.Note, State: state}
	}
	return vault.Item{Couple: f.CoupleID, Material: vault.IndividualFile, State: state, Of: vault.Side(f.Side)}
}

// noteBox opens what is sealed of a note that is filed at f.
func (st *Store) noteBox(ctx context.Context, db *database.DB, f Filing, state vault.State) (vault.Box, error) {
	return st.vault.Open(ctx, db, f.Reader, f.item(state))
}

// event is what the log says of something done to the note with an id. What is in an
// individual file is called so: a partner is shown none of it.
func (f Filing) event(action audit.Action, object, id, reason string) audit.Event {
	if f.Side != "" && object == "note" {
		object = "individual file"
	}
	return audit.Event{
		Practice: f.PracticeID, Couple: f.CoupleID, Side: string(f.Side), Action: action, Object: object,
		ID: id, Reason: reason,
	}
}
