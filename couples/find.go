package couples

import (
	"context"
	"fmt"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
)

// Find returns a couple of the counselor's caseload, with its partners,
// breaches and goals. For any other counselor it is fault.NotFound.
func (st *Store) Find(ctx context.Context, practice, counselor, id string) (Couple, error) {
	return find(ctx, st.db, practice, `
		SELECT id, record_no, counselor_id, form_key
		FROM couples
		WHERE practice_id = ? AND counselor_id = ? AND id = ?`, practice, counselor, id)
}

// FindForPartner returns the couple of a partner, as the partner may know it:
// without goals, which are the counselor's words, and without how to reach the
// other partner.
func (st *Store) FindForPartner(ctx context.Context, practice, partner string) (Couple, Partner, error) {
	c, err := find(ctx, st.db, practice, `
		SELECT c.id, c.record_no, c.counselor_id, c.form_key
		FROM couples c
		JOIN partners p ON p.couple_id = c.id
		WHERE c.practice_id = ? AND p.id = ?`, practice, partner)
	c.Goals = nil
	me := c.member(partner)
	for i := range c.Partners {
		if c.Partners[i].ID != partner {
			c.Partners[i].Reach = ""
		}
	}
	return c, me, err
}

// FindByPartner returns the couple of the counselor's caseload that a partner
// belongs to, and the partner.
func (st *Store) FindByPartner(ctx context.Context, practice, counselor, partner string) (Couple, Partner, error) {
	c, err := find(ctx, st.db, practice, `
		SELECT c.id, c.record_no, c.counselor_id, c.form_key
		FROM couples c
		JOIN partners p ON p.couple_id = c.id
		WHERE c.practice_id = ? AND c.counselor_id = ? AND p.id = ?`, practice, counselor, partner)
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
// brings it all.
type part struct {
	What     string `db:"what"`
	ID       string `db:"id"`
	Position int    `db:"position"`
	Side     Side   `db:"side"`
	Text     string `db:"text"`
	Second   string `db:"second"`
	Third    string `db:"third"`
}

// find returns the couple that query, a fixed text, selects.
func find(ctx context.Context, db *database.DB, practice, query string, args ...any) (Couple, error) {
	c := Couple{PracticeID: practice}
	var parts []part
	err := db.Select(ctx, &parts, `
		WITH c AS (`+query+`)
		SELECT 'couple' AS what, id, 0 AS position, '' AS side, record_no AS text, counselor_id AS second, form_key AS third
		FROM c
		UNION ALL
		SELECT 'partner', p.id, 0, p.side, p.name, p.address_as, p.reach
		FROM partners p JOIN c ON c.id = p.couple_id
		UNION ALL
		SELECT 'breach', b.id, b.position, b.broke, b.name, b.kinds, ''
		FROM breaches b JOIN c ON c.id = b.couple_id
		UNION ALL
		SELECT 'goal', g.id, g.position, '', g.text, CASE WHEN g.retired_at IS NULL THEN '' ELSE 'retired' END, ''
		FROM goals g JOIN c ON c.id = g.couple_id
		ORDER BY what, position, side, id`, args...)
	if err != nil {
		return c, fmt.Errorf("couple: %w", err)
	}
	if len(parts) == 0 {
		return c, fmt.Errorf("couple: %w", fault.NotFound)
	}
	for _, p := range parts {
		c.take(p)
	}
	for i := range c.Breaches {
		c.Breaches[i].CoupleID = c.ID
	}
	return c, nil
}

// take puts p where it belongs in c.
func (c *Couple) take(p part) {
	switch p.What {
	case "couple":
		c.ID, c.RecordNo, c.CounselorID, c.FormKey = p.ID, p.Text, p.Second, p.Third
	case "breach":
		c.Breaches = append(c.Breaches, Breach{ID: p.ID, PracticeID: c.PracticeID, Position: p.Position, Name: p.Text, Broke: p.Side, KindList: p.Second})
	case "goal":
		c.Goals = append(c.Goals, Goal{p.ID, p.Text, p.Second != ""})
	case "partner":
		i := 0
		if p.Side == B {
			i = 1
		}
		c.Partners[i] = Partner{p.ID, c.PracticeID, c.ID, p.Side, p.Text, p.Second, p.Third}
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
