package couples

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"mend/internal/vault"
)

// Find returns a couple in the counselor's caseload, with its partners, breaches and goals. For any
// other counselor it returns fault.NotFound.
func (st *Store) Find(ctx context.Context, practice, counselor, id string) (Couple, error) {
	as := func(c Couple) vault.Actor { return vault.ForCounselor(practice, counselor, c.ID) }
	return st.find(ctx, practice, as, `
		SELECT id, record_no, counselor_id, form_key
		FROM couples
		WHERE practice_id = ? AND counselor_id = ? AND id = ? AND erased_at IS NULL`, practice, counselor, id)
}

// FindForPartner returns a partner's couple as the partner may see it: without goals, which are the
// counselor's, and without the other partner's contact data. The vault's policy withholds both.
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

// FindByPartner returns the partner with an id and their couple in the counselor's caseload, or
// fault.NotFound if that partner's data was erased.
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

// A Listed is a couple in a list.
type Listed struct {
	ID          string
	RecordNo    string
	CounselorID string
	AName       string
	BName       string
	CreatedAt   time.Time
}

// Names returns the partners' names, such as "Robin and Sasha".
func (l Listed) Names() string { return l.AName + " and " + l.BName }

// ListedAtOnce is the number of couples on a page of a list, so that a list is as fast with a
// thousand couples as with twenty.
const ListedAtOnce = 20

// onePage limits a query to one couple more than a page. The limit is part of the text: as a
// parameter, PostgreSQL would plan for a tenth of all couples.
var onePage = fmt.Sprintf(` ORDER BY c.created_at DESC, c.id DESC LIMIT %d`, ListedAtOnce+1)

// A Search selects couples of a list: with words, those whose names or record number contain all of
// them; without, a page of the list, following the couple After.
type Search struct {
	Words string
	After string // id of a couple, "" for the first page
	Only  string // "open" or "closed"; "" for both
}

// A Listing is a list of couples, newest first.
type Listing struct {
	Couples []Listed
	After   string // After for the next page, "" if there is none
}

// Caseload returns the counselor's couples.
func (st *Store) Caseload(ctx context.Context, practice, counselor string, search Search) (Listing, error) {
	as := func(couple string) vault.Actor { return vault.ForCounselor(practice, counselor, couple) }
	const closed = `EXISTS (SELECT 1 FROM closings z WHERE z.couple_id = c.id AND z.reopened_at IS NULL)`
	only := map[string]string{"open": " AND NOT " + closed, "closed": " AND " + closed}[search.Only]
	return st.listing(ctx, as, search,
		`couples c WHERE c.practice_id = ? AND c.counselor_id = ? AND c.erased_at IS NULL`+only, practice, counselor)
}

// listing returns couples c from the SQL fragment from. Names are encrypted, so a search decrypts
// all of them.
func (st *Store) listing(ctx context.Context, as func(couple string) vault.Actor, search Search, from string,
	args ...any,
) (Listing, error) {
	if strings.TrimSpace(search.Words) != "" {
		list, err := st.listed(ctx, as, from, args...)
		return Listing{Couples: filterListed(list, search.Words)}, err
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

// listed returns all couples c from the SQL fragment from, newest first. as returns the actor that
// reads a couple's names.
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
