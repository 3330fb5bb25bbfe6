package worksheets

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/vault"
	"mend/sessions"
)

// An Audience identifies who fills in an assignment.
type Audience string

// The audiences. ToEach is used only in requests: it creates one assignment for A and one for B.
const (
	ToA     Audience = "A"
	ToB     Audience = "B"
	ToJoint Audience = "joint"
	ToEach  Audience = "each"
)

// An Assignment is a worksheet assigned to one or both partners.
type Assignment struct {
	ID          string     `db:"id"`
	PracticeID  string     `db:"practice_id"`
	CoupleID    string     `db:"couple_id"`
	SessionID   *string    `db:"session_id"`
	BreachID    *string    `db:"breach_id"`
	Worksheet   string     `db:"worksheet"`  // "" in the database for a counselor's form, which it would reveal
	Definition  string     `db:"definition"` // the hash of the wording that was assigned
	Form        []byte     `db:"form"`       // for a counselor's form: worksheet and hash, sealed
	Audience    Audience   `db:"audience"`
	Portal      bool       `db:"portal"` // whether partners can see it at all
	CreatedAt   time.Time  `db:"created_at"`
	WithdrawnAt *time.Time `db:"withdrawn_at"`
	ActiveAt    *time.Time `db:"active_at"` // joint page: since when both may write in it
	ClosedAt    *time.Time `db:"closed_at"` // joint page: since when no longer
	OpensAt     *time.Time `db:"opens_at"`  // when partners see it; nil while it is waiting
	AfterID     *string    `db:"after_id"`  // the page it waits for; nil if it waits for the counselor
	ForSession  bool       `db:"for_session"`
	ReadBy      *string    `db:"read_by"` // the day by which the counselor reads the answers
}

const assignmentColumns = `s.id, s.practice_id, s.couple_id, s.session_id, s.breach_id, s.worksheet,
	s.definition, s.form, s.audience, s.portal, s.created_at, s.withdrawn_at, s.active_at, s.closed_at, s.opens_at,
	s.after_id, s.for_session, s.read_by`

// A Store keeps assignments and answers.
type Store struct {
	db        *database.DB
	vault     *vault.Vault
	catalogue *Catalogue
	older     sync.Map    // hash -> Definition: wordings no longer in the catalogue
	stored    atomic.Bool // whether the current wordings are in the database
}

// NewStore returns a store of worksheets in db, with texts sealed by v and wordings from catalogue.
func NewStore(db *database.DB, v *vault.Vault, catalogue *Catalogue) *Store {
	return &Store{db: db, vault: v, catalogue: catalogue}
}

// Catalogue returns the worksheets that can be assigned.
func (st *Store) Catalogue() *Catalogue { return st.catalogue }

// definition returns the wording with hash, as it was assigned.
func (st *Store) definition(ctx context.Context, worksheet, hash string) (Definition, error) {
	return st.wording(ctx, st.db, worksheet, hash)
}

func (st *Store) wording(ctx context.Context, db *database.DB, worksheet, hash string) (Definition, error) {
	if d, ok := st.catalogue.Find(worksheet); ok && d.Hash == hash {
		return d, nil
	}
	if d, ok := st.older.Load(hash); ok {
		return d.(Definition), nil
	}
	var source string
	if err := db.Get(ctx, &source, `SELECT source FROM definitions WHERE hash = ?`, hash); err != nil {
		return Definition{}, fmt.Errorf("wording %.8s of %s: %w", hash, worksheet, err)
	}
	return st.read(hash, source)
}

// read decodes a stored wording and caches it.
func (st *Store) read(hash, source string) (Definition, error) {
	if d, ok := st.older.Load(hash); ok {
		return d.(Definition), nil
	}
	d, err := decodeStored([]byte(source))
	if err != nil {
		return d, fmt.Errorf("wording %.8s: %w", hash, err)
	}
	st.older.Store(hash, d)
	return d, nil
}

// keepWordings stores the current wordings once, so that answers can be shown with them. It stores
// all of them: storing only those in use would reveal which worksheets were assigned.
func (st *Store) keepWordings(ctx context.Context, tx *database.DB, now time.Time) error {
	if st.stored.Load() {
		return nil
	}
	for _, d := range st.catalogue.All() {
		_, err := tx.Exec(ctx, `
			INSERT INTO definitions (hash, worksheet, source, created_at)
			VALUES (?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, d.Hash, d.ID, string(d.Source), now)
		if err != nil {
			return err
		}
	}
	return nil
}

// An AssignRequest describes a worksheet to assign and to whom.
type AssignRequest struct {
	Worksheet string
	To        Audience
	Breach    string // "" for none
	Session   string // the session in which it is assigned, "" for none
	Anyway    bool   // assign even if a recommended prerequisite is missing
	ReadBy    string // the day by which the answers will be read, "" if none can be urgent
	Delivery
	FormKey string
}

// Give assigns a worksheet to one partner, to each partner as separate copies, or to both jointly,
// as its definition allows. Repeating a form key changes nothing. The caller has checked through
// the couples store that the couple is the counselor's.
func (st *Store) Give(ctx context.Context, c couples.Couple, g AssignRequest, now time.Time) error {
	d, err := st.Find(ctx, c.PracticeID, g.Worksheet)
	if errors.Is(err, fault.NotFound) {
		return fault.Fields{"worksheet": "Choose a worksheet from the library."}
	}
	if err != nil {
		return err
	}
	if g.Breach != "" && c.Breach(g.Breach).ID != g.Breach {
		return fault.NotFound
	}
	audiences, err := audiences(d, c, g)
	if err != nil {
		return err
	}
	if err := st.mayOpen(ctx, c, d, g.Anyway); err != nil {
		return err
	}
	if err := g.Delivery.check(d, now); err != nil {
		return err
	}
	if err := g.checkReadBy(d, now); err != nil {
		return err
	}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if d.Portal {
			if err := couples.GuardOpen(ctx, tx, c.PracticeID, c.ID); err != nil {
				return err
			}
		}
		if err := st.keepWordings(ctx, tx, now); err != nil {
			return err
		}
		for _, to := range audiences {
			if _, err := st.give(ctx, tx, c, d, to, g, now); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, fault.Conflict) {
		return nil // submitted twice: assigned once
	}
	if err != nil {
		return fmt.Errorf("give %s to couple %s: %w", d.ID, c.ID, err)
	}
	st.stored.Store(true)
	return nil
}

// UsualAudience returns who fills in d where the breach leaves one choice, each partner for a
// worksheet that each fills in, and "" otherwise.
func (d Definition) UsualAudience(breach couples.Breach) Audience {
	switch {
	case d.FilledBy == Joint:
		return ToJoint
	case d.FilledBy == ByHurt && breach.ID != "":
		return Audience(breach.Hurt())
	case d.FilledBy == ByBroke && breach.ID != "":
		return Audience(breach.Broke)
	case d.FilledBy == Each:
		return ToEach
	}
	return ""
}

// audiences returns who receives d, or why the requested audience cannot.
func audiences(d Definition, c couples.Couple, g AssignRequest) ([]Audience, error) {
	for _, p := range c.Partners {
		if p.Erased && g.To != Audience(p.Side.Other()) {
			return nil, fault.Fields{"to": i18n.Message("What was " + p.AddressAs +
				"’s private material was deleted. No more worksheets can be assigned there.")}
		}
	}
	if d.Portal && len(c.Breaches) == 0 {
		return nil, couples.ErrNoBreach
	}
	breach := c.Breach(g.Breach)
	switch d.FilledBy {
	case Joint:
		if g.To != ToJoint {
			return nil, fault.Fields{"to": "Both partners fill out this worksheet together."}
		}
		return []Audience{ToJoint}, nil
	case ByHurt:
		if g.To != Audience(breach.Hurt()) {
			return nil, fault.Fields{"to": "This worksheet is for the partner who was hurt. Select that partner."}
		}
	case ByBroke:
		if g.To != Audience(breach.Broke) {
			return nil, fault.Fields{"to": "This worksheet is for the partner who broke trust. Select that partner."}
		}
	}
	switch g.To {
	case ToA, ToB:
		return []Audience{g.To}, nil
	case ToEach:
		return []Audience{ToA, ToB}, nil
	}
	return nil, fault.Fields{"to": "Choose who fills out this worksheet."}
}

// give stores one assignment and its empty answers, and returns its id.
func (st *Store) give(ctx context.Context, tx *database.DB, c couples.Couple, d Definition,
	to Audience, g AssignRequest,
	now time.Time,
) (id string, err error) {
	if err := d.checkPartnerPage("worksheet"); err != nil {
		return "", err
	}
	id = rand.Text()
	worksheet, hash := d.ID, d.Hash
	var form []byte
	if !d.Portal {
		if form, err = st.sealForm(ctx, tx, c, couples.Side(to), id, d); err != nil {
			return "", err
		}
		worksheet, hash = "", ""
	}
	opens, after, err := st.opening(ctx, tx, c, to, g.Delivery, now)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO assignments (id, practice_id, couple_id, session_id, breach_id, worksheet, definition, form, audience,
		  portal, created_at, form_key, opens_at, after_id, for_session, read_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, c.PracticeID, c.ID, orNull(g.Session), orNull(g.Breach), worksheet, hash, form, to, d.Portal, now, g.FormKey,
		opens, after, g.ForSession, orNull(g.ReadBy))
	if err != nil {
		return "", err
	}
	err = audit.Record(ctx, tx,
		audit.Event{
			Practice: c.PracticeID, Couple: c.ID, Side: sideOf(to), Action: audit.Created,
			Object: "assignment", ID: id,
		})
	if err != nil {
		return "", err
	}
	var of []*string
	if to == ToJoint {
		of = append(of, nil)
	}
	for _, p := range c.Partners {
		if to == ToJoint || to == Audience(p.Side) {
			of = append(of, &p.ID)
		}
	}
	for _, partner := range of {
		_, err := tx.Exec(ctx, `
			INSERT INTO answers (id, practice_id, counselor_id, assignment_id, partner_id, state, touched_at)
			SELECT ?, c.practice_id, c.counselor_id, ?, ?, 'open', ?
			FROM couples c
			WHERE c.practice_id = ? AND c.id = ?`, rand.Text(), id, partner, now, c.PracticeID, c.ID)
		if err != nil {
			return "", err
		}
	}
	return id, nil
}

// sideOf returns the partner that an audience means, or "" for both.
func sideOf(to Audience) string {
	if to == ToJoint {
		return ""
	}
	return string(to)
}

func orNull(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

// Role returns the role of the partner on side in a's breach, or RoleBoth if the page belongs to no
// breach and the couple has several.
func (a Assignment) Role(c couples.Couple, side couples.Side) sessions.Role {
	if side == "" {
		return sessions.RoleBoth
	}
	if a.BreachID == nil && len(c.Breaches) > 1 {
		return sessions.RoleBoth
	}
	breach := c.Breach("")
	if a.BreachID != nil {
		breach = c.Breach(*a.BreachID)
	}
	if breach.Broke == side {
		return sessions.RoleBroke
	}
	return sessions.RoleHurt
}
