package couples

import (
	"context"
	"fmt"
	"time"

	"mend/internal/database"
)

const coupleColumns = `id, practice_id, counselor_id, record_no, form_key, created_at`

// Find returns a couple of the counselor's caseload, with its partners,
// breaches and goals. For any other counselor it is fault.NotFound.
func (st *Store) Find(ctx context.Context, practice, counselor, id string) (Couple, error) {
	return find(ctx, st.db, `
		SELECT `+coupleColumns+`
		FROM couples
		WHERE practice_id = ? AND counselor_id = ? AND id = ?`, practice, counselor, id)
}

// FindForPartner returns the couple of a partner, as the partner may know it:
// without goals, which are the counselor's words.
func (st *Store) FindForPartner(ctx context.Context, practice, partner string) (Couple, Partner, error) {
	c, err := find(ctx, st.db, `
		SELECT c.id, c.practice_id, c.counselor_id, c.record_no, c.form_key, c.created_at
		FROM couples c
		JOIN partners p ON p.couple_id = c.id
		WHERE c.practice_id = ? AND p.id = ?`, practice, partner)
	if err != nil {
		return c, Partner{}, err
	}
	c.Goals = nil
	if c.Partners[1].ID == partner {
		return c, c.Partners[1], nil
	}
	return c, c.Partners[0], nil
}

// FindByPartner returns the couple of the counselor's caseload that a partner
// belongs to, and the partner.
func (st *Store) FindByPartner(ctx context.Context, practice, counselor, partner string) (Couple, Partner, error) {
	c, err := find(ctx, st.db, `
		SELECT c.id, c.practice_id, c.counselor_id, c.record_no, c.form_key, c.created_at
		FROM couples c
		JOIN partners p ON p.couple_id = c.id
		WHERE c.practice_id = ? AND c.counselor_id = ? AND p.id = ?`, practice, counselor, partner)
	if err != nil {
		return c, Partner{}, err
	}
	if c.Partners[1].ID == partner {
		return c, c.Partners[1], nil
	}
	return c, c.Partners[0], nil
}

// part is a partner or a breach, so that one query brings both.
type part struct {
	What      string `db:"what"`
	ID        string `db:"id"`
	Position  int    `db:"position"`
	Side      Side   `db:"side"`
	Text      string `db:"text"`
	AddressAs string `db:"address_as"`
	More      string `db:"more"`
}

func find(ctx context.Context, db *database.DB, query string, args ...any) (Couple, error) {
	var c Couple
	if err := db.Get(ctx, &c, query, args...); err != nil {
		return c, fmt.Errorf("couple: %w", err)
	}
	var parts []part
	err := db.Select(ctx, &parts, `
		SELECT 'partner' AS what, id, 0 AS position, side, name AS text, address_as, reach AS more
		FROM partners WHERE practice_id = ? AND couple_id = ?
		UNION ALL
		SELECT 'breach', id, position, broke, name, '', kinds
		FROM breaches WHERE practice_id = ? AND couple_id = ?
		ORDER BY what, position, side`,
		c.PracticeID, c.ID, c.PracticeID, c.ID)
	if err != nil {
		return c, fmt.Errorf("couple %s: %w", c.ID, err)
	}
	for _, p := range parts {
		c.take(p)
	}
	err = db.Select(ctx, &c.Goals, `
		SELECT id, text, created_at, retired_at
		FROM goals
		WHERE practice_id = ? AND couple_id = ?
		ORDER BY created_at, id`, c.PracticeID, c.ID)
	return c, err
}

// take puts p where it belongs in c.
func (c *Couple) take(p part) {
	switch {
	case p.What == "breach":
		c.Breaches = append(c.Breaches, Breach{
			ID: p.ID, PracticeID: c.PracticeID, CoupleID: c.ID, Position: p.Position,
			Name: p.Text, Broke: p.Side, KindList: p.More,
		})
	default:
		i := 0
		if p.Side == B {
			i = 1
		}
		c.Partners[i] = Partner{p.ID, c.PracticeID, c.ID, p.Side, p.Text, p.AddressAs, p.More}
	}
}

// A Listed couple is a line of the caseload.
type Listed struct {
	ID        string    `db:"id"`
	RecordNo  string    `db:"record_no"`
	AName     string    `db:"a_name"`
	BName     string    `db:"b_name"`
	CreatedAt time.Time `db:"created_at"`
}

// Caseload returns the counselor's couples in which either partner's name
// contains the words of search, newest first.
func (st *Store) Caseload(ctx context.Context, practice, counselor, search string) ([]Listed, error) {
	var list []Listed
	err := st.db.Select(ctx, &list, `
		SELECT c.id, c.record_no, a.name AS a_name, b.name AS b_name, c.created_at
		FROM couples c
		JOIN partners a ON a.couple_id = c.id AND a.side = 'A'
		JOIN partners b ON b.couple_id = c.id AND b.side = 'B'
		WHERE c.practice_id = ? AND c.counselor_id = ?
		ORDER BY c.created_at DESC, c.id`, practice, counselor)
	if err != nil {
		return nil, fmt.Errorf("caseload: %w", err)
	}
	return matching(list, search), nil
}
