// Package promises stores what the partners of a couple promise each other and how each of them
// marked it day by day. It is a separate package because nothing in worksheets depends on it.
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

// A Store stores promises.
type Store struct {
	db        *database.DB
	vault     *vault.Vault
	catalogue *worksheets.Catalogue
}

// NewStore returns a store of the promises in db. The frequencies of promises come from catalogue.
func NewStore(db *database.DB, v *vault.Vault, catalogue *worksheets.Catalogue) *Store {
	return &Store{db, v, catalogue}
}

// A Promise is one partner's small, observable commitment. Like every joint page, the counselor
// reviews it first; it counts once both partners have agreed.
type Promise struct {
	ID         string       `db:"id"`
	PracticeID string       `db:"practice_id"`
	CoupleID   string       `db:"couple_id"`
	Maker      couples.Side `db:"maker"`
	ProposedBy couples.Side `db:"proposed_by"` // "" for the counselor
	AnswerA    string       `db:"answer_a"`    // "yes", "talk" or ""; only the counselor and A may see it
	AnswerB    string       `db:"answer_b"`
	OpenedAt   *time.Time   `db:"opened_at"` // since when both can see it
	CountsAt   *time.Time   `db:"counts_at"` // since when both have agreed
	EndedAt    *time.Time   `db:"ended_at"`

	Words Words  `db:"-"`
	Marks []Mark `db:"-"` // newest first
}

// Words is the text of a promise.
type Words struct {
	What  string `json:"what"`
	Often string `json:"often"`  // one of OftenOptions
	IfNot string `json:"if_not"` // what the maker will do if it cannot be kept
}

// validate trims and checks the words.
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

// Answer returns the answer of the partner on side.
func (p Promise) Answer(side couples.Side) string {
	if side == couples.B {
		return p.AnswerB
	}
	return p.AnswerA
}

// Counts reports whether the promise is being tracked now.
func (p Promise) Counts() bool { return p.CountsAt != nil && p.EndedAt == nil }

// item returns the vault item of the words: that of a joint page or, until both partners can see
// the promise, of a private page of whoever proposed it.
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

// A Proposal is a promise as it is proposed.
type Proposal struct {
	Maker   couples.Side
	Words   Words
	InRoom  bool // the counselor records what both partners have just agreed to
	FormKey string
}

// Propose stores a promise. A partner's proposal goes to the counselor first; the counselor's is
// visible to both at once, and counts at once if both agreed to it in a session. Repeating a form
// key changes nothing.
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
		p.OpenedAt = &now
		if pr.InRoom {
			p.AnswerA, p.AnswerB, p.CountsAt = "yes", "yes", &now
		}
	}
	sealed, err := st.seal(ctx, st.db, c.Reader, p)
	if err != nil {
		return err
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		err := couples.GuardSharing(ctx, tx, c.PracticeID, c.ID)
		if err == nil && p.OpenedAt != nil {
			err = couples.GuardJointWork(ctx, tx, st.vault, c.PracticeID, c.ID)
		}
		if err != nil {
			return err
		}
		_, err = audit.Exec(ctx, tx, p.event(audit.Created, ""), `
			INSERT INTO promises (id, practice_id, couple_id, maker, proposed_by, words, answer_a, answer_b, form_key,
			  created_at, opened_at, counts_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			p.ID, c.PracticeID, c.ID, p.Maker, p.ProposedBy, sealed, p.AnswerA, p.AnswerB, pr.FormKey,
			now, p.OpenedAt, p.CountsAt)
		return err
	})
	if errors.Is(err, fault.Conflict) && !errors.Is(err, couples.ErrHeld) {
		return nil // submitted twice
	}
	if err != nil {
		return fmt.Errorf("propose to couple %s: %w", c.ID, err)
	}
	return nil
}

// Any reports whether the reader of c, a partner, has a list of promises: a promise or the tracker
// is open to both, or they have proposed one.
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

// separating is the condition that the partners of promise p are separating. Neither reads the
// other's promises then.
const separating = `EXISTS (SELECT 1 FROM closings z
	WHERE z.practice_id = p.practice_id AND z.couple_id = p.couple_id AND z.ending = 'separating'
	  AND z.reopened_at IS NULL)`

// knownPromises returns a query for the ids of the promises that the reader of c may see; for a
// partner, those open to both and their own. It touches no other rows, so that not even the
// response time reveals how many the other partner has proposed.
func knownPromises(c couples.Couple) (query string, args []any) {
	mine := c.Reader.Side()
	if mine == "" {
		return `SELECT id FROM promises WHERE practice_id = ? AND proposed_by IN ('', 'A', 'B') AND couple_id = ?`,
			[]any{c.PracticeID, c.ID}
	}
	return `
		SELECT id FROM promises p WHERE practice_id = ? AND couple_id = ? AND opened_at IS NOT NULL
		  AND (maker = ? OR NOT ` + separating + `)
		UNION
		SELECT id FROM promises WHERE practice_id = ? AND couple_id = ? AND proposed_by = ?`,
		[]any{c.PracticeID, c.ID, string(mine), c.PracticeID, c.ID, string(mine)}
}

// Closed reports whether the list of promises is closed because the partners are separating.
func (st *Store) Closed(ctx context.Context, c couples.Couple) (bool, error) {
	err := couples.MayShare(ctx, st.db, c.PracticeID, c.ID)
	if errors.Is(err, couples.ErrSeparating) {
		return true, nil
	}
	return false, err
}

// event returns the audit event for an action on the promise.
func (p Promise) event(action audit.Action, reason string) audit.Event {
	return audit.Event{
		Practice: p.PracticeID, Couple: p.CoupleID, Action: action, Object: "promise",
		ID: p.ID, Reason: reason,
	}
}

// Open makes a partner's proposal visible to both.
func (st *Store) Open(ctx context.Context, c couples.Couple, id string, now time.Time) error {
	if c.Reader.Side() != "" {
		return fault.NotFound
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
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := couples.GuardRelease(ctx, tx, st.vault, c.PracticeID, c.ID); err != nil {
			return err
		}
		_, err := audit.Exec(ctx, tx, p.event(audit.Changed, "opened to both"), `
			UPDATE promises SET words = ?, opened_at = ?
			WHERE practice_id = ? AND id = ? AND opened_at IS NULL AND ended_at IS NULL`, sealed, now, c.PracticeID, id)
		return err
	})
}

// Answer stores a partner's answer to a promise that both can see: yes, or that they would like to
// discuss it with the counselor first. The promise counts once both answered yes.
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
		if err := couples.GuardSharing(ctx, tx, c.PracticeID, c.ID); err != nil {
			return err
		}
		event := p.event(audit.Changed, "answered")
		event.Side = string(c.Reader.Side())
		_, err := audit.Exec(ctx, tx, event,
			`UPDATE promises SET `+column+` = ? WHERE practice_id = ? AND id = ? AND counts_at IS NULL AND ended_at IS NULL`,
			answer, c.PracticeID, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE promises SET counts_at = ?
			WHERE practice_id = ? AND id = ? AND counts_at IS NULL AND ended_at IS NULL
			  AND answer_a = 'yes' AND answer_b = 'yes'`,
			now, c.PracticeID, id)
		return err
	})
}

// End removes a promise from the list. Its marks stay.
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

// mayRead is the condition for promises that the reader of c may see: for a partner, those open to
// both and their own.
const mayRead = ` AND (? = '' OR p.opened_at IS NOT NULL AND (p.maker = ? OR NOT ` + separating + `)
	OR p.proposed_by = ?)`

// find returns a promise without its marks.
func (st *Store) find(ctx context.Context, c couples.Couple, id string) (Promise, error) {
	var r promiseRow
	mine := string(c.Reader.Side())
	err := st.db.Get(ctx, &r,
		`SELECT `+promiseColumns+`, p.words FROM promises p WHERE p.practice_id = ? AND p.couple_id = ? AND p.id = ?`+mayRead,
		c.PracticeID, c.ID, id, mine, mine, mine)
	if err != nil {
		return Promise{}, fmt.Errorf("promise %s: %w", id, err)
	}
	return st.openRow(ctx, c, r)
}

type promiseRow struct {
	Promise
	Sealed []byte `db:"words"`
}

// openRow decrypts a promise's words. A partner gets only their own answer.
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
