package couples

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// Find returns a couple of the counselor's caseload, with its partners,
// breaches and goals. For any other counselor it is fault.NotFound.
func (st *Store) Find(ctx context.Context, practice, counselor, id string) (Couple, error) {
	as := func(c Couple) vault.Actor { return vault.ForCounselor(practice, counselor, c.ID) }
	return st.find(ctx, practice, as, `
		SELECT id, record_no, counselor_id, form_key
		FROM couples
		WHERE practice_id = ? AND counselor_id = ? AND id = ? AND erased_at IS NULL`, practice, counselor, id)
}

// FindForPartner returns the couple of a partner, as the partner may know it:
// without goals, which are the counselor's words, and without how to reach the
// other partner. The vault's policy keeps both.
func (st *Store) FindForPartner(ctx context.Context, practice, partner string) (Couple, Partner, error) {
	as := func(c Couple) vault.Actor {
		return vault.ForPartner(practice, partner, c.ID, vault.Side(c.member(partner).Side))
	}
	c, err := st.find(ctx, practice, as, `
		SELECT c.id, c.record_no, c.counselor_id, c.form_key
		FROM couples c
		JOIN partners p ON p.couple_id = c.id
		WHERE c.practice_id = ? AND p.id = ? AND c.erased_at IS NULL AND p.erased_at IS NULL`, practice, partner)
	return c, c.member(partner), err
}

// FindByPartner returns the couple of the counselor's caseload that a partner
// belongs to, and the partner. Where what was theirs was erased, there is none.
func (st *Store) FindByPartner(ctx context.Context, practice, counselor, partner string) (Couple, Partner, error) {
	as := func(c Couple) vault.Actor { return vault.ForCounselor(practice, counselor, c.ID) }
	c, err := st.find(ctx, practice, as, `
		SELECT c.id, c.record_no, c.counselor_id, c.form_key
		FROM couples c
		JOIN partners p ON p.couple_id = c.id
		WHERE c.practice_id = ? AND c.counselor_id = ? AND p.id = ? AND c.erased_at IS NULL AND p.erased_at IS NULL`,
		practice, counselor, partner)
	return c, c.member(partner), err
}

// member returns the partner with id.
func (c Couple) member(id string) Partner {
	if c.Partners[1].ID == id {
		return c.Partners[1]
	}
	return c.Partners[0]
}

// part is a row of a couple and of what belongs to it, so that one query
// brings it all. One, Two and Three are sealed.
type part struct {
	What     string `db:"what"`
	ID       string `db:"id"`
	Position int    `db:"position"`
	Side     Side   `db:"side"`
	Text     string `db:"text"`
	Second   string `db:"second"`
	Third    string `db:"third"`
	One      []byte `db:"one"`
	Two      []byte `db:"two"`
	Three    []byte `db:"three"`
}

// find returns the couple that query, a fixed text, selects. as tells who
// reads it, once its ids are known.
func (st *Store) find(ctx context.Context, practice string, as func(Couple) vault.Actor, query string,
	args ...any,
) (Couple, error) {
	c := Couple{PracticeID: practice}
	var parts []part
	err := st.db.Select(ctx, &parts, `
		WITH c AS (`+query+`)
		SELECT 'couple' AS what, id, 0 AS position, '' AS side, record_no AS text, counselor_id AS second, form_key AS third,
		       CAST(NULL AS BYTEA) AS one, CAST(NULL AS BYTEA) AS two, CAST(NULL AS BYTEA) AS three
		FROM c
		UNION ALL
		SELECT 'breach', b.id, b.position, '', '', '', '', b.name, b.broke, b.kinds
		FROM breaches b JOIN c ON c.id = b.couple_id
		UNION ALL
		SELECT 'goal', g.id, g.position, '', '', CASE WHEN g.retired_at IS NULL THEN '' ELSE 'retired' END, '', g.text, NULL,
		  NULL
		FROM goals g JOIN c ON c.id = g.couple_id
		UNION ALL
		SELECT 'policy', y.id, y.version, '', y.variant, '', '', NULL, NULL, NULL
		FROM privacy_policies y JOIN c ON c.id = y.couple_id
		UNION ALL
		SELECT 'signature', n.policy_id, 0, p.side, n.wording, '', '', NULL, NULL, NULL
		FROM policy_signatures n JOIN partners p ON p.id = n.partner_id JOIN c ON c.id = p.couple_id
		ORDER BY what, position, side, id`, args...)
	if err != nil {
		return c, fmt.Errorf("couple: %w", err)
	}
	if len(parts) == 0 {
		return c, fmt.Errorf("couple: %w", fault.NotFound)
	}
	for _, p := range parts {
		if p.What == "couple" {
			c.ID, c.RecordNo, c.CounselorID, c.FormKey = p.ID, p.Text, p.Second, p.Third
		}
	}
	sealed, err := st.placePartners(ctx, &c)
	if err != nil {
		return Couple{}, fmt.Errorf("partners of couple %s: %w", c.ID, err)
	}
	if err := st.vouched(ctx, practice, rowmac.Couple, c.ID); err != nil {
		return Couple{}, err
	}
	policies, err := rowmac.IsGood(ctx, st.db, st.vault, practice, rowmac.Policies, c.ID)
	if err != nil {
		return Couple{}, err
	}
	c.Reader = as(c)
	for side, values := range sealed {
		if err := st.openPartner(ctx, c, c.at(side), values); err != nil {
			return c, fmt.Errorf("couple %s: %w", c.ID, err)
		}
	}
	for _, p := range parts {
		if !policies && (p.What == "policy" || p.What == "signature") {
			continue // it is treated as if nothing had been chosen or signed
		}
		if err := st.take(ctx, &c, p); err != nil {
			return c, fmt.Errorf("couple %s: %w", c.ID, err)
		}
	}
	return c, nil
}

func (c *Couple) at(side Side) *Partner {
	if side == B {
		return &c.Partners[1]
	}
	return &c.Partners[0]
}

// take opens what p holds for the reader of c.
func (st *Store) take(ctx context.Context, c *Couple, p part) error {
	switch p.What {
	case "policy":
		variant, _ := variantOf(p.Text)
		c.Policies = append(c.Policies, Policy{ID: p.ID, Version: p.Position, Variant: variant})
	case "signature":
		c.sign(p)
	case "breach":
		return st.open(ctx, *c, vault.Item{Couple: c.ID, Material: vault.Breach, State: vault.Kept}, "breaches",
			p.ID, func(row *vault.Row) {
				c.Breaches = append(c.Breaches, Breach{
					ID: p.ID, PracticeID: c.PracticeID, CoupleID: c.ID, Position: p.Position,
					Name: row.Read("name", p.One), Broke: Side(row.Read("broke", p.Two)), KindList: row.Read("kinds", p.Three),
				})
			})
	case "goal":
		return st.open(ctx, *c, vault.Item{Couple: c.ID, Material: vault.Chart, State: vault.Kept}, "goals",
			p.ID, func(row *vault.Row) {
				c.Goals = append(c.Goals, Goal{p.ID, row.Read("text", p.One), p.Second != ""})
			})
	}
	return nil
}

// sign notes a signature, unless it is the other partner's: whether they have
// signed is not for me to know.
func (c *Couple) sign(p part) {
	if mine := Side(c.Reader.Side()); mine != "" && mine != p.Side {
		return
	}
	for i := range c.Policies {
		policy := &c.Policies[i]
		switch {
		case policy.ID == p.ID && p.Side == A:
			policy.InA = Wording(p.Text)
		case policy.ID == p.ID:
			policy.InB = Wording(p.Text)
		}
	}
}

// open lets read take a row that the reader of c may open. What the policy
// keeps from them is simply not part of the couple.
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

// A Listed couple is a line of the caseload.
type Listed struct {
	ID          string
	RecordNo    string
	CounselorID string
	AName       string
	BName       string
	CreatedAt   time.Time
}

// ListedAtOnce is how many couples a page of a list has: a list takes as long
// with a thousand couples as with twenty.
const ListedAtOnce = 20

// onePage ends a statement after one couple more than a page has. The number is
// in the text: PostgreSQL would plan for a tenth of all couples.
var onePage = fmt.Sprintf(` ORDER BY c.created_at DESC, c.id DESC LIMIT %d`, ListedAtOnce+1)

// A Search says which couples of a list are wanted: those in which either
// partner's name, or the record number, contains the words, all of them; with no
// words a page of the list, the one behind the couple After.
type Search struct {
	Words string
	After string // id of a couple, "" for the first page
}

// A Listing is couples, newest first.
type Listing struct {
	Couples []Listed
	After   string // what the next page comes after, "" where there is none
}

// Caseload returns couples of the counselor's.
func (st *Store) Caseload(ctx context.Context, practice, counselor string, search Search) (Listing, error) {
	as := func(couple string) vault.Actor { return vault.ForCounselor(practice, counselor, couple) }
	return st.listing(ctx, as, search, `couples c WHERE c.practice_id = ? AND c.counselor_id = ? AND c.erased_at IS NULL`,
		practice, counselor)
}

// listing returns the couples c of those that from, a fixed text, joins. Names are
// sealed: to find one, all are read.
func (st *Store) listing(ctx context.Context, as func(couple string) vault.Actor, search Search, from string,
	args ...any,
) (Listing, error) {
	if strings.TrimSpace(search.Words) != "" {
		list, err := st.listed(ctx, as, from, args...)
		return Listing{Couples: matching(list, search.Words)}, err
	}
	if search.After != "" {
		from += ` AND (c.created_at, c.id) < (SELECT l.created_at, l.id FROM couples l
			WHERE l.practice_id = c.practice_id AND l.id = ?)`
		args = append(args, search.After)
	}
	list, err := st.listed(ctx, as, from+onePage, args...)
	if len(list) <= ListedAtOnce {
		return Listing{Couples: list}, err
	}
	list = list[:ListedAtOnce]
	return Listing{list, list[ListedAtOnce-1].ID}, err
}

// HasAny tells whether the counselor has any couple.
func (st *Store) HasAny(ctx context.Context, practice, counselor string) (bool, error) {
	var n int
	err := st.db.Get(ctx, &n, `
		SELECT CASE WHEN EXISTS (SELECT 1 FROM couples
		  WHERE practice_id = ? AND counselor_id = ? AND erased_at IS NULL) THEN 1 ELSE 0 END AS n`, practice, counselor)
	if err != nil {
		return false, fmt.Errorf("any couple: %w", err)
	}
	return n == 1, nil
}

// listed returns the couples c that from, a fixed text, joins, newest first.
// as tells who reads the names of each.
func (st *Store) listed(ctx context.Context, as func(couple string) vault.Actor, from string,
	args ...any,
) ([]Listed, error) {
	var rows []struct {
		ID          string    `db:"id"`
		RecordNo    string    `db:"record_no"`
		CounselorID string    `db:"counselor_id"`
		A           string    `db:"a_id"`
		B           string    `db:"b_id"`
		AName       []byte    `db:"a_name"`
		BName       []byte    `db:"b_name"`
		CreatedAt   time.Time `db:"created_at"`
	}
	err := st.db.Select(ctx, &rows, `
		WITH listed AS (SELECT c.id, c.record_no, c.counselor_id, c.created_at FROM `+from+`)
		SELECT l.id, l.record_no, l.counselor_id, a.id AS a_id, a.name AS a_name, b.id AS b_id, b.name AS b_name, l.created_at
		FROM listed l
		CROSS JOIN partners a
		CROSS JOIN partners b
		WHERE a.couple_id = l.id AND a.side = 'A' AND b.couple_id = l.id AND b.side = 'B'
		ORDER BY l.created_at DESC, l.id DESC`, args...)
	if err != nil {
		return nil, fmt.Errorf("couples: %w", err)
	}
	list := make([]Listed, len(rows))
	for i, r := range rows {
		box, err := st.vault.Open(ctx, st.db, as(r.ID), nameOf(Partner{CoupleID: r.ID}))
		if err != nil {
			return nil, fmt.Errorf("couples: %w", err)
		}
		a, b := box.Row("partners", r.A), box.Row("partners", r.B)
		list[i] = Listed{r.ID, r.RecordNo, r.CounselorID, a.Read("name", r.AName), b.Read("name", r.BName), r.CreatedAt}
		if err := errors.Join(a.Err(), b.Err()); err != nil {
			return nil, fmt.Errorf("couples: %w", err)
		}
	}
	return list, nil
}
