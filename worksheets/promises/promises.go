// Package promises keeps what the partners of a couple promise each other, and how each
// saw it go day by day. It is a package of its own because nothing of worksheets rests
// on it.
package promises

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/vault"
	"mend/worksheets"
)

// A Store keeps promises.
type Store struct {
	db        *database.DB
	vault     *vault.Vault
	catalogue *worksheets.Catalogue
}

// NewStore returns the promises in db. How often one can come up is in the catalogue.
func NewStore(db *database.DB, v *vault.Vault, catalogue *worksheets.Catalogue) *Store {
	return &Store{db, v, catalogue}
}

// A Promise is one partner's small, observable commitment. Like every joint
// page it is with the counselor first; it counts once both have said yes.
type Promise struct {
	ID         string       `db:"id"`
	PracticeID string       `db:"practice_id"`
	CoupleID   string       `db:"couple_id"`
	Maker      couples.Side `db:"maker"`
	ProposedBy couples.Side `db:"proposed_by"` // "" for the counselor
	AnswerA    string       `db:"answer_a"`    // "yes", "talk" or "": the counselor's and A's own to know
	AnswerB    string       `db:"answer_b"`
	OpenedAt   *time.Time   `db:"opened_at"` // since when both see it
	CountsAt   *time.Time   `db:"counts_at"` // since when both have said yes
	EndedAt    *time.Time   `db:"ended_at"`

	Words Words  `db:"-"`
	Marks []Mark `db:"-"` // newest first
}

// Words are what a promise says.
type Words struct {
	What  string `json:"what"`
	Often string `json:"often"`  // one of OftenOptions
	IfNot string `json:"if_not"` // what its maker does who sees that it cannot be kept
}

// validate faults what, often and if_not.
func (w *Words) validate(often []worksheets.Option) error {
	bad := fault.Fields{}
	w.What, w.IfNot = strings.TrimSpace(w.What), strings.TrimSpace(w.IfNot)
	bad.Length("what", w.What, 1, 280)
	bad.Length("if_not", w.IfNot, 0, 280)
	if !slices.ContainsFunc(often, func(o worksheets.Option) bool { return o.Value == w.Often }) {
		bad["often"] = "error.promise_often"
	}
	return bad.Err()
}

// Answer returns what the partner on side answered to the promise.
func (p Promise) Answer(side couples.Side) string {
	if side == couples.B {
		return p.AnswerB
	}
	return p.AnswerA
}

// Counts tells whether the promise is kept track of now.
func (p Promise) Counts() bool { return p.CountsAt != nil && p.EndedAt == nil }

// words are sealed as a joint page's, or until both see them as a page of who
// proposed them.
func (p Promise) item() vault.Item {
	item := vault.Item{Couple: p.CoupleID, Material: vault.JointPage, State: vault.Active, ID: p.ID}
	if p.OpenedAt == nil {
		item.Material, item.State, item.Of = vault.PrivatePage, vault.Sent, vault.Side(p.ProposedBy)
	}
	return item
}

func (st *Store) seal(ctx context.Context, db *database.DB, reader vault.Actor, p Promise) ([]byte, error) {
	box, err := st.vault.Open(ctx, db, reader, p.item())
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(p.Words)
	if err != nil {
		return nil, err
	}
	row := box.Row("promises", p.ID)
	return row.Seal("words", string(text)), row.Err()
}

// A Proposal is a promise as somebody proposes it.
type Proposal struct {
	Maker   couples.Side
	Words   Words
	InRoom  bool // the counselor writes down what both have agreed to just now
	FormKey string
}

// Propose stores a promise. A partner's own goes to the counselor first; what
// the counselor writes is open to both at once, and counts at once if both
// agreed to it in a session. The same form key a second time changes nothing.
func (st *Store) Propose(ctx context.Context, c couples.Couple, pr Proposal, now time.Time) error {
	mine := couples.Side(c.Reader.Side())
	if pr.Maker != couples.A && pr.Maker != couples.B || mine != "" && pr.Maker != mine {
		return fault.Fields{"maker": "Choose whose promise it is."}
	}
	if err := pr.Words.validate(st.catalogue.OftenOptions(i18n.English)); err != nil {
		return err
	}
	p := Promise{
		ID: rand.Text(), PracticeID: c.PracticeID, CoupleID: c.ID, Maker: pr.Maker,
		ProposedBy: mine, Words: pr.Words,
	}
	switch {
	case mine == couples.A:
		p.AnswerA = "yes"
	case mine == couples.B:
		p.AnswerB = "yes"
	default:
		if err := couples.MayGoOn(ctx, st.db, st.vault, c.PracticeID, c.ID); err != nil {
			return err
		}
		p.OpenedAt = &now
		if pr.InRoom {
			p.AnswerA, p.AnswerB, p.CountsAt = "yes", "yes", &now
		}
	}
	sealed, err := st.seal(ctx, st.db, c.Reader, p)
	if err != nil {
		return err
	}
	_, err = audit.Exec(ctx, st.db, p.event(audit.Created, ""), `
		INSERT INTO promises (id, practice_id, couple_id, maker, proposed_by, words, answer_a, answer_b, form_key,
		  created_at, opened_at, counts_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, c.PracticeID, c.ID, p.Maker, p.ProposedBy, sealed, p.AnswerA, p.AnswerB, pr.FormKey,
		now, p.OpenedAt, p.CountsAt)
	if errors.Is(err, fault.Conflict) {
		return nil // pressed twice
	}
	if err != nil {
		return fmt.Errorf("propose to couple %s: %w", c.ID, err)
	}
	return nil
}

// Any tells whether the reader of c, a partner, has a list of
// promises: once one is open to both or the tracker is, or with an own proposal.
func (st *Store) Any(ctx context.Context, c couples.Couple) (bool, error) {
	known, args := knownPromises(c)
	var n int
	err := st.db.Get(ctx, &n, `
		SELECT (SELECT COUNT(*) FROM (`+known+`) known)
		     + (SELECT COUNT(*) FROM assignments
		  WHERE practice_id = ? AND couple_id = ? AND worksheet = ? AND active_at IS NOT NULL AND withdrawn_at IS NULL)`,
		append(args, c.PracticeID, c.ID, worksheets.PromiseTracker)...)
	return n > 0, err
}

// knownPromises is a query for the ids of the promises that the reader of c knows of: a
// partner those that are open to both, and the own. It looks at no other: how many the
// other has proposed alone must not show, not even in how long a page takes.
func knownPromises(c couples.Couple) (query string, args []any) {
	mine := c.Reader.Side()
	if mine == "" {
		return `SELECT id FROM promises WHERE practice_id = ? AND proposed_by IN ('', 'A', 'B') AND couple_id = ?`,
			[]any{c.PracticeID, c.ID}
	}
	return `
		SELECT id FROM promises WHERE practice_id = ? AND couple_id = ? AND opened_at IS NOT NULL
		UNION
		SELECT id FROM promises WHERE practice_id = ? AND couple_id = ? AND proposed_by = ?`,
		[]any{c.PracticeID, c.ID, c.PracticeID, c.ID, string(mine)}
}

// event is what the log says of something done to the promise.
func (p Promise) event(action audit.Action, reason string) audit.Event {
	return audit.Event{
		Practice: p.PracticeID, Couple: p.CoupleID, Action: action, Object: "promise",
		ID: p.ID, Reason: reason,
	}
}

// Open lets both see a promise that one proposed.
func (st *Store) Open(ctx context.Context, c couples.Couple, id string, now time.Time) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
	}
	if err := couples.MayGoOn(ctx, st.db, st.vault, c.PracticeID, c.ID); err != nil {
		return err
	}
	p, err := st.find(ctx, c, id)
	if err != nil || p.OpenedAt != nil || p.EndedAt != nil {
		return err
	}
	p.OpenedAt = &now
	sealed, err := st.seal(ctx, st.db, c.Reader, p)
	if err != nil {
		return err
	}
	_, err = audit.Exec(ctx, st.db, p.event(audit.Changed, "opened to both"), `
		UPDATE promises SET words = ?, opened_at = ?
		WHERE practice_id = ? AND id = ? AND opened_at IS NULL AND ended_at IS NULL`, sealed, now, c.PracticeID, id)
	return err
}

// Answer notes what a partner says to a promise that both see: yes, or
// that they would like to talk it over with the counselor first. It counts once
// both have said yes.
func (st *Store) Answer(ctx context.Context, c couples.Couple, id, answer string, now time.Time) error {
	column, ok := map[vault.Side]string{"A": "answer_a", "B": "answer_b"}[c.Reader.Side()]
	if !ok || answer != "yes" && answer != "talk" {
		return fault.Malformed
	}
	p, err := st.find(ctx, c, id)
	if err != nil || p.OpenedAt == nil || p.CountsAt != nil || p.EndedAt != nil {
		return err
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		event := p.event(audit.Changed, "answered")
		event.Side = string(c.Reader.Side())
		_, err := audit.Exec(ctx, tx, event,
			`UPDATE promises SET `+column+` = ? WHERE practice_id = ? AND id = ? AND counts_at IS NULL`,
			answer, c.PracticeID, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE promises SET counts_at = ?
			WHERE practice_id = ? AND id = ? AND counts_at IS NULL AND answer_a = 'yes' AND answer_b = 'yes'`,
			now, c.PracticeID, id)
		return err
	})
}

// End takes a promise off the list. What was marked stays.
func (st *Store) End(ctx context.Context, c couples.Couple, id string, now time.Time) error {
	p, err := st.find(ctx, c, id)
	if err != nil {
		return err
	}
	if mine := couples.Side(c.Reader.Side()); mine != "" && mine != p.Maker {
		return fault.NotFound
	}
	_, err = audit.Exec(ctx, st.db, p.event(audit.Changed, "ended"),
		`UPDATE promises SET ended_at = ? WHERE practice_id = ? AND id = ? AND ended_at IS NULL`, now, c.PracticeID, id)
	return err
}

const promiseColumns = `p.id, p.practice_id, p.couple_id, p.maker, p.proposed_by, p.answer_a, p.answer_b,
	p.opened_at, p.counts_at, p.ended_at`

// mayRead is which promises the reader of c knows of: a partner those that are
// open to both, and the own.
const mayRead = ` AND (? = '' OR p.opened_at IS NOT NULL OR p.proposed_by = ?)`

// find returns one promise, without its marks.
func (st *Store) find(ctx context.Context, c couples.Couple, id string) (Promise, error) {
	var r promiseRow
	mine := string(c.Reader.Side())
	err := st.db.Get(ctx, &r,
		`SELECT `+promiseColumns+`, p.words FROM promises p WHERE p.practice_id = ? AND p.couple_id = ? AND p.id = ?`+mayRead,
		c.PracticeID, c.ID, id, mine, mine)
	if err != nil {
		return Promise{}, fmt.Errorf("promise %s: %w", id, err)
	}
	return st.openRow(ctx, c, r)
}

type promiseRow struct {
	Promise
	Sealed []byte `db:"words"`
}

// openRow opens what a promise says. Of the answers a partner knows the own.
func (st *Store) openRow(ctx context.Context, c couples.Couple, r promiseRow) (Promise, error) {
	p := r.Promise
	box, err := st.vault.Open(ctx, st.db, c.Reader, p.item())
	if err != nil {
		return p, fmt.Errorf("promise %s: %w", p.ID, err)
	}
	row := box.Row("promises", p.ID)
	text := row.Read("words", r.Sealed)
	if row.Err() != nil {
		return p, row.Err()
	}
	switch c.Reader.Side() {
	case "A":
		p.AnswerB = ""
	case "B":
		p.AnswerA = ""
	}
	return p, json.Unmarshal([]byte(text), &p.Words)
}
