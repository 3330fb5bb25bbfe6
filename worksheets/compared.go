package worksheets

import (
	"context"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fields"
)

// readWithCompared returns the pages of an assignment, and also the pages that its worksheet's flags
// compare them with.
func (st *Store) readWithCompared(ctx context.Context, c couples.Couple, a Assignment) ([]SentPage, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM assignments s
		JOIN answers a ON a.assignment_id = s.id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.id = ? AND s.withdrawn_at IS NULL AND p.erased_at IS NULL
		ORDER BY side`, c.PracticeID, c.ID, a.ID)
	if err != nil {
		return nil, fmt.Errorf("pages of assignment %s: %w", a.ID, err)
	}
	pages, err := st.pages(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	ctx = audit.Comparing(ctx)
	if slices.ContainsFunc(pages, func(p Page) bool { return p.Worksheet.compares() }) {
		return st.sameWorksheet(ctx, c, a.Worksheet, a.Portal, a.CreatedAt)
	}
	return st.Answered(ctx, c, pages)
}

// hasEarlier reports whether the author of a page sent the same worksheet before. It returns false
// for the individual file, where the kind of form is sealed.
func (st *Store) hasEarlier(ctx context.Context, r SentPage) (bool, error) {
	if r.IsJoint() || !r.Portal || !r.Sent() {
		return false, nil
	}
	var n int
	err := st.db.Get(ctx, &n, `
		SELECT count(*)
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		WHERE a.partner_id = ? AND a.state = 'sent' AND a.sent_at < ? AND s.practice_id = ? AND s.couple_id = ?
		  AND s.worksheet = ? AND s.audience <> 'joint' AND s.withdrawn_at IS NULL`,
		r.PartnerID, *r.SentAt, r.Page.PracticeID, r.Page.CoupleID, r.Assignment.Worksheet)
	return n > 0, err
}

// comparedWith limits how many pages of a worksheet are read beside one. It is more than the flags
// need.
const comparedWith = 24

// sameWorksheet returns a couple's pages of one worksheet, newest first, with the contents of those
// that were sent: the newest pages, and the newest among those created up to until.
func (st *Store) sameWorksheet(ctx context.Context, c couples.Couple, worksheet string, portal bool,
	until time.Time,
) ([]SentPage, error) {
	stored := worksheet
	if !portal {
		stored = "" // the kind of form is sealed
	}
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		WITH near AS (
			SELECT id FROM (SELECT id FROM assignments WHERE couple_id = ? AND worksheet = ? ORDER BY created_at DESC
			  LIMIT ?) newest
			UNION
			SELECT id FROM (SELECT id FROM assignments WHERE couple_id = ? AND worksheet = ? AND created_at <= ?
			  ORDER BY created_at DESC LIMIT ?) earlier)
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM near n
		CROSS JOIN assignments s
		CROSS JOIN answers a
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.id = n.id AND a.assignment_id = s.id AND s.practice_id = ? AND s.couple_id = ? AND s.withdrawn_at IS NULL
		  AND p.erased_at IS NULL
		ORDER BY s.created_at DESC, s.audience, s.id, side`,
		c.ID, stored, comparedWith, c.ID, stored, until, comparedWith, c.PracticeID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("pages of %s: %w", worksheet, err)
	}
	pages, err := st.pages(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	pages = slices.DeleteFunc(pages, func(p Page) bool { return p.Assignment.Worksheet != worksheet })
	return st.Answered(ctx, c, pages)
}

// Answered returns pages with the contents of those that were sent.
func (st *Store) Answered(ctx context.Context, c couples.Couple, pages []Page) ([]SentPage, error) {
	written, err := st.written(ctx, c, pages)
	if err != nil {
		return nil, err
	}
	readings := make([]SentPage, len(pages))
	for i, p := range pages {
		role := p.Assignment.Role(c, p.Side)
		values, err := decode(p.Worksheet, fields.Values(written[p.Answer.ID]))
		if err != nil {
			return nil, err
		}
		readings[i] = SentPage{Page: p, Partner: c.Partner(p.Side), Role: role, Values: p.Worksheet.Keep(role, values)}
		if p.IsJoint() {
			readings[i].Partner = couples.Partner{Name: c.Names(), AddressAs: c.Names()}
		}
	}
	return readings, nil
}

// written returns the fields of the sent pages among pages, by answer. Drafts belong to their
// author and are not read.
func (st *Store) written(ctx context.Context, c couples.Couple,
	pages []Page,
) (map[string]map[string]fields.Field, error) {
	var places []fields.FieldSet
	for _, p := range pages {
		if !p.Readable() {
			continue
		}
		place, err := st.fieldSet(ctx, st.db, c.Reader, p)
		if err != nil {
			return nil, err
		}
		places = append(places, place)
	}
	return fields.Many(ctx, st.db, places)
}

// otherAnswers returns the values that the other partner sent last, or nil.
func otherAnswers(all []SentPage, r SentPage) map[string]Value {
	if r.Audience == ToJoint {
		return nil
	}
	for _, o := range all {
		if o.Sent() && o.Side != r.Side {
			return o.Values
		}
	}
	return nil
}

// earlierAnswers returns the values that the same partner sent before, newest first.
func earlierAnswers(all []SentPage, r SentPage) []map[string]Value {
	if r.Audience == ToJoint {
		return nil
	}
	var before []map[string]Value
	for _, o := range all {
		if o.Sent() && o.Side == r.Side && o.SentAt.Before(*r.SentAt) {
			before = append(before, o.Values)
		}
	}
	return before
}
