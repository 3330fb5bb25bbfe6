// Package couples manages the people in care: couples, their two partners, the breaches of trust
// and the goals of the treatment plan. A couple is visible only to its own counselor; for any other
// it does not exist.
package couples

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Side distinguishes the partners of a couple in code. It does not say who hurt whom; that
// belongs to a breach.
type Side string

// The two sides.
const (
	A Side = "A"
	B Side = "B"
)

// Other returns the other side.
func (s Side) Other() Side {
	if s == A {
		return B
	}
	return A
}

// A Couple is the unit of care.
type Couple struct {
	ID          string    `db:"id"`
	PracticeID  string    `db:"practice_id"`
	CounselorID string    `db:"counselor_id"`
	RecordNo    string    `db:"record_no"`
	FormKey     string    `db:"form_key"`
	CreatedAt   time.Time `db:"created_at"` // used by Create; not set by Find
	Since       time.Time `db:"-"`          // an imported couple's first contact, by which lists are sorted
	Partners    [2]Partner
	Breaches    []Breach
	Goals       []Goal
	Policies    []Policy // versions of the couple's privacy policy, the current one last

	// Reader is on whose behalf the couple is read.
	Reader vault.Actor `db:"-"`
}

// A Breach is a breach of trust.
type Breach struct {
	ID         string    `db:"id"`
	PracticeID string    `db:"practice_id"`
	CoupleID   string    `db:"couple_id"`
	Position   int       `db:"position"`
	Name       string    `db:"name"`
	Broke      Side      `db:"broke"` // who broke trust; the other was hurt
	KindList   string    `db:"kinds"` // values of KindsOfBreach, separated by spaces
	CreatedAt  time.Time `db:"created_at"`
}

// Kinds returns the kinds of the breach.
func (b Breach) Kinds() []string { return strings.Fields(b.KindList) }

// Hurt returns the side that was hurt.
func (b Breach) Hurt() Side { return b.Broke.Other() }

// A Goal is a goal of the treatment plan.
type Goal struct {
	ID      string
	Text    string
	Retired bool // removed from the plan; notes that mention it keep it
}

// Partner returns the partner on side.
func (c Couple) Partner(side Side) Partner {
	if side == B {
		return c.Partners[1]
	}
	return c.Partners[0]
}

// Names returns the partners' preferred names, such as "Robin and Sasha".
func (c Couple) Names() string {
	return c.Partners[0].AddressAs + " and " + c.Partners[1].AddressAs
}

// Breach returns the breach with id or, if there is none, the first one.
func (c Couple) Breach(id string) Breach {
	for _, b := range c.Breaches {
		if b.ID == id {
			return b
		}
	}
	if len(c.Breaches) > 0 {
		return c.Breaches[0]
	}
	return Breach{}
}

// OpenGoals returns the goals that are not retired.
func (c Couple) OpenGoals() []Goal {
	return slices.DeleteFunc(slices.Clone(c.Goals), func(g Goal) bool { return g.Retired })
}

// Validate returns what is wrong with c, by form field: a_name, b_name, and so on, and
// breach.0.name and so on. kinds are the known kinds of breach.
func (c Couple) Validate(kinds []string) error {
	bad := c.PartnerFaults()
	if len(c.Breaches) == 0 {
		bad["breach.0.name"] = "Enter at least one breach of trust, in words both partners can accept."
	}
	for i, b := range c.Breaches {
		b.validate(bad, fmt.Sprintf("breach.%d.", i), kinds)
	}
	return bad.Err()
}

// PartnerFaults returns what is wrong with the partners of c, by form field.
func (c Couple) PartnerFaults() fault.Fields {
	bad := fault.Fields{}
	for i, p := range c.Partners {
		p.validate(bad, strings.ToLower(string([]Side{A, B}[i]))+"_")
	}
	return bad
}

func (b Breach) validate(bad fault.Fields, prefix string, kinds []string) {
	bad.Length(prefix+"name", b.Name, 1, 120)
	if b.Broke != A && b.Broke != B {
		bad[prefix+"broke"] = "Choose who broke trust in this one."
	}
	if len(b.Kinds()) == 0 {
		bad[prefix+"kinds"] = "Choose at least one type."
	}
	for _, kind := range b.Kinds() {
		if !slices.Contains(kinds, kind) {
			bad[prefix+"kinds"] = "error.choose_from_list"
		}
	}
}

// A Store stores couples.
type Store struct {
	db    *database.DB
	vault *vault.Vault
	kinds []string
}

// NewStore returns a store of the couples in db, encrypted by v. kinds are the kinds of breach in
// the worksheet catalogue.
func NewStore(db *database.DB, v *vault.Vault, kinds []string) *Store { return &Store{db, v, kinds} }

// Create stores a new couple with its partners and breaches. A repeated form key changes nothing
// and sets the id of c to that of the first.
func (st *Store) Create(ctx context.Context, c *Couple) error {
	if err := c.Validate(st.kinds); err != nil {
		return err
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error { return st.add(ctx, tx, c) })
	if errors.Is(err, fault.Conflict) {
		return st.repeated(ctx, c)
	}
	if err != nil {
		return fmt.Errorf("create couple: %w", err)
	}
	return nil
}

// add stores a new couple within a transaction.
func (st *Store) add(ctx context.Context, tx *database.DB, c *Couple) error {
	c.ID = rand.Text()
	c.Reader = vault.ForCounselor(c.PracticeID, c.CounselorID, c.ID)
	if err := giveRecordNo(ctx, tx, c); err != nil {
		return err
	}
	if err := st.insert(ctx, tx, c); err != nil {
		return err
	}
	return audit.Record(ctx, tx, c.event(audit.Created, "couple", c.ID))
}

// repeated sets the id of c to that of the couple stored by an earlier submission of the same form.
// If there is none, another couple took the record number meanwhile, and it returns fault.Busy.
func (st *Store) repeated(ctx context.Context, c *Couple) error {
	err := st.db.Get(ctx, &c.ID, `SELECT id FROM couples WHERE practice_id = ? AND form_key = ?`, c.PracticeID, c.FormKey)
	if errors.Is(err, fault.NotFound) {
		return fault.Busy
	}
	return err
}

// giveRecordNo assigns the practice's next free record number, C-0001 and up, unless c has one. The
// practice's row stays locked until the couple is stored.
func giveRecordNo(ctx context.Context, tx *database.DB, c *Couple) error {
	if _, err := tx.Exec(ctx, `UPDATE practices SET name = name WHERE id = ?`, c.PracticeID); err != nil {
		return err
	}
	var n int
	if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM couples WHERE practice_id = ?`, c.PracticeID); err != nil {
		return err
	}
	for c.RecordNo == "" {
		n++ // an imported couple may have taken a number ahead of the count
		next := fmt.Sprintf("C-%04d", n)
		taken, err := RecordNoTaken(ctx, tx, c.PracticeID, next)
		if err != nil {
			return err
		}
		if !taken {
			c.RecordNo = next
		}
	}
	return nil
}

// RecordNoTaken reports whether a couple of the practice has a record number.
func RecordNoTaken(ctx context.Context, db *database.DB, practice, number string) (bool, error) {
	var n int
	err := db.Get(ctx, &n, `SELECT COUNT(*) FROM couples WHERE practice_id = ? AND record_no = ?`, practice, number)
	return n > 0, err
}

func (st *Store) insert(ctx context.Context, tx *database.DB, c *Couple) error {
	since := c.CreatedAt
	if !c.Since.IsZero() {
		since = c.Since
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO couples (id, practice_id, counselor_id, record_no, form_key, created_at, served_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, c.ID, c.PracticeID, c.CounselorID, c.RecordNo, c.FormKey, since, c.CreatedAt)
	if err != nil {
		return err
	}
	if err := st.vault.CreateCouple(ctx, tx, c.PracticeID, c.ID, c.CreatedAt); err != nil {
		return err
	}
	for i := range c.Partners {
		p := &c.Partners[i]
		p.ID, p.PracticeID, p.CoupleID, p.Side = rand.Text(), c.PracticeID, c.ID, []Side{A, B}[i]
		if err := st.insertPartner(ctx, tx, c.Reader, *p); err != nil {
			return err
		}
	}
	variant := cmp.Or(c.Policy().Variant.ID, DefaultVariant)
	if _, ok := variantOf(variant); !ok {
		return fault.Fields{"policy": "Choose a policy."}
	}
	if err := insertPolicy(ctx, tx, *c, variant, 1, c.CreatedAt); err != nil {
		return err
	}
	for i := range c.Breaches {
		b := &c.Breaches[i]
		b.PracticeID, b.CoupleID, b.Position, b.CreatedAt = c.PracticeID, c.ID, i, c.CreatedAt
		if err := st.insertBreach(ctx, tx, c.Reader, b); err != nil {
			return err
		}
	}
	for _, k := range []rowmac.Kind{
		rowmac.Couple, rowmac.Policies, rowmac.Holds, rowmac.SafeContacts, rowmac.Consents, rowmac.Requests,
		rowmac.TreatmentPlan,
	} {
		if err := rowmac.Stamp(ctx, tx, st.vault, c.PracticeID, k, c.ID); err != nil {
			return err
		}
	}
	return nil
}

func (st *Store) insertBreach(ctx context.Context, tx *database.DB, reader vault.Actor, b *Breach) error {
	b.ID = rand.Text()
	box, err := st.vault.Open(ctx, tx, reader, vault.Item{Couple: b.CoupleID, Material: vault.Breach, State: vault.Kept})
	if err != nil {
		return err
	}
	row := box.Row("breaches", b.ID)
	name, broke, kinds := row.Seal("name", b.Name), row.Seal("broke", string(b.Broke)), row.Seal("kinds", b.KindList)
	if err := row.Err(); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO breaches (id, practice_id, couple_id, position, name, broke, kinds, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, b.ID, b.PracticeID, b.CoupleID, b.Position, name, broke, kinds, b.CreatedAt)
	return err
}
