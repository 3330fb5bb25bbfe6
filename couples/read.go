package couples

import (
	"context"
	"errors"
	"fmt"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// rows are the stored rows of a couple.
type rows struct {
	couple     coupleRow
	partners   []partnerRow
	breaches   []breachRow
	goals      []goalRow
	policies   []policyRow
	signatures []signatureRow
}

type coupleRow struct {
	ID          string `db:"id"`
	RecordNo    string `db:"record_no"`
	CounselorID string `db:"counselor_id"`
	FormKey     string `db:"form_key"`
}

type breachRow struct {
	ID       string `db:"id"`
	Position int    `db:"position"`
	Name     []byte `db:"name"`
	Broke    []byte `db:"broke"`
	Kinds    []byte `db:"kinds"`
}

type goalRow struct {
	ID        string     `db:"id"`
	Text      []byte     `db:"text"`
	RetiredAt *time.Time `db:"retired_at"`
}

type policyRow struct {
	ID      string `db:"id"`
	Version int    `db:"version"`
	Variant string `db:"variant"`
}

type signatureRow struct {
	Policy  string `db:"policy_id"`
	Side    Side   `db:"side"`
	Wording string `db:"wording"`
}

// find returns the couple that query selects. as returns the actor who reads it, once its ids are
// known.
func (st *Store) find(ctx context.Context, practice string, as func(Couple) vault.Actor, query string,
	args ...any,
) (Couple, error) {
	var r rows
	err := st.db.Snapshot(ctx, func(ctx context.Context, tx *database.DB) error {
		return r.read(ctx, tx, practice, query, args...)
	})
	if err != nil {
		return Couple{PracticeID: practice}, fmt.Errorf("couple: %w", err)
	}
	c := r.withoutSealed(practice)
	if err := st.checkMAC(ctx, practice, rowmac.Couple, c.ID); err != nil {
		return Couple{}, err
	}
	good, err := rowmac.IsValid(ctx, st.db, st.vault, practice, rowmac.Policies, c.ID)
	if err != nil {
		return Couple{}, err
	}
	if !good {
		r.policies, r.signatures = nil, nil // as if nothing had been chosen or signed
	}
	c.Reader = as(c)
	c.addPolicies(r.policies, r.signatures)
	err = errors.Join(st.openPartners(ctx, &c, r.partners), st.openBreaches(ctx, &c, r.breaches),
		st.openGoals(ctx, &c, r.goals))
	if err != nil {
		return c, fmt.Errorf("couple %s: %w", c.ID, err)
	}
	return c, nil
}

// read reads the rows of the couple that query selects.
func (r *rows) read(ctx context.Context, tx *database.DB, practice, query string, args ...any) error {
	if err := tx.Get(ctx, &r.couple, query, args...); err != nil {
		return err
	}
	return errors.Join(
		r.readPartners(ctx, tx, practice),
		tx.Select(ctx, &r.breaches, `
			SELECT id, position, name, broke, kinds
			FROM breaches
			WHERE practice_id = ? AND couple_id = ?
			ORDER BY position, id`, practice, r.couple.ID),
		tx.Select(ctx, &r.goals, `
			SELECT id, text, retired_at
			FROM goals
			WHERE practice_id = ? AND couple_id = ?
			ORDER BY position, id`, practice, r.couple.ID),
		tx.Select(ctx, &r.policies, `
			SELECT id, version, variant
			FROM privacy_policies
			WHERE practice_id = ? AND couple_id = ?
			ORDER BY version, id`, practice, r.couple.ID),
		tx.Select(ctx, &r.signatures, `
			SELECT n.policy_id, p.side, n.wording
			FROM policy_signatures n
			JOIN partners p ON p.id = n.partner_id
			WHERE p.practice_id = ? AND p.couple_id = ?
			ORDER BY p.side`, practice, r.couple.ID))
}

// withoutSealed returns the couple without its encrypted data.
func (r *rows) withoutSealed(practice string) Couple {
	c := Couple{
		ID: r.couple.ID, PracticeID: practice, RecordNo: r.couple.RecordNo, CounselorID: r.couple.CounselorID,
		FormKey: r.couple.FormKey,
	}
	for _, p := range r.partners {
		*c.at(p.side) = Partner{ID: p.id, PracticeID: practice, CoupleID: c.ID, Side: p.side, Erased: p.erased}
	}
	return c
}

func (c *Couple) at(side Side) *Partner {
	if side == B {
		return &c.Partners[1]
	}
	return &c.Partners[0]
}

// openBreaches decrypts the breaches of trust.
func (st *Store) openBreaches(ctx context.Context, c *Couple, rows []breachRow) error {
	item := vault.Item{Couple: c.ID, Material: vault.Breach, State: vault.Kept}
	for _, r := range rows {
		err := st.open(ctx, *c, item, "breaches", r.ID, func(row *vault.Row) {
			c.Breaches = append(c.Breaches, Breach{
				ID: r.ID, PracticeID: c.PracticeID, CoupleID: c.ID, Position: r.Position,
				Name: row.Read("name", r.Name), Broke: Side(row.Read("broke", r.Broke)), KindList: row.Read("kinds", r.Kinds),
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// openGoals decrypts the goals, which are the counselor's.
func (st *Store) openGoals(ctx context.Context, c *Couple, rows []goalRow) error {
	item := vault.Item{Couple: c.ID, Material: vault.JointRecord, State: vault.Kept}
	for _, r := range rows {
		err := st.open(ctx, *c, item, "goals", r.ID, func(row *vault.Row) {
			c.Goals = append(c.Goals, Goal{r.ID, row.Read("text", r.Text), r.RetiredAt != nil})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// addPolicies adds policies and signatures to c. A partner does not get the other partner's signatures.
func (c *Couple) addPolicies(policies []policyRow, signatures []signatureRow) {
	for _, p := range policies {
		variant, _ := variantOf(p.Variant)
		c.Policies = append(c.Policies, Policy{ID: p.ID, Version: p.Version, Variant: variant})
	}
	mine := Side(c.Reader.Side())
	for _, n := range signatures {
		if mine != "" && mine != n.Side {
			continue
		}
		for i := range c.Policies {
			policy := &c.Policies[i]
			switch {
			case policy.ID == n.Policy && n.Side == A:
				policy.InA = Wording(n.Wording)
			case policy.ID == n.Policy:
				policy.InB = Wording(n.Wording)
			}
		}
	}
}

// open decrypts a row with read. If the reader of c may not read it, it is skipped.
func (st *Store) open(ctx context.Context, c Couple, item vault.Item, table, id string, read func(*vault.Row)) error {
	box, err := st.vault.Open(ctx, st.db, c.Reader, item)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	row := box.Row(table, id)
	read(row)
	return row.Err()
}
