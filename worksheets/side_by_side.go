package worksheets

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// SideBySide returns each partner's newest released page of a worksheet, as the other may read it,
// for viewing together in a session. It returns fault.NotFound unless both have one.
func (st *Store) SideBySide(ctx context.Context, c couples.Couple, worksheet string) (both [2]SentPage, err error) {
	pages, err := st.releasedPages(ctx, c, worksheet)
	if err != nil {
		return both, err
	}
	for i, page := range pages {
		if both[i], err = st.asReleased(ctx, c, page); err != nil {
			return both, err
		}
	}
	return both, nil
}

// HasSideBySide reports whether each partner has a released page of a worksheet.
func (st *Store) HasSideBySide(ctx context.Context, c couples.Couple, worksheet string) (bool, error) {
	_, err := st.releasedPages(ctx, c, worksheet)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// releasedPages finds each partner's newest released page of a worksheet, without its contents.
func (st *Store) releasedPages(ctx context.Context, c couples.Couple, worksheet string) (both [2]Page, err error) {
	var rows []pageRow
	err = st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.worksheet = ? AND s.portal AND s.withdrawn_at IS NULL
		  AND p.erased_at IS NULL AND `+released+`
		ORDER BY a.sent_at DESC, a.id`, c.PracticeID, c.ID, worksheet)
	if err != nil {
		return both, fmt.Errorf("side by side: %w", err)
	}
	pages, err := st.pages(ctx, c, rows)
	if err == nil {
		pages, err = st.withValidMAC(ctx, c.PracticeID, pages)
	}
	if err != nil {
		return both, err
	}
	for i, partner := range c.Partners {
		page, ok := find(pages, func(p Page) bool { return p.Side == partner.Side })
		if !ok {
			return both, fmt.Errorf("side by side: %w", fault.NotFound)
		}
		both[i] = page
	}
	return both, nil
}

// StillReleased reports whether the other partner can still read each of these answers: none was
// taken back, withdrawn or erased.
func (st *Store) StillReleased(ctx context.Context, practice string, answers []string) (bool, error) {
	good, err := rowmac.Valid(ctx, st.db, st.vault, practice, rowmac.Answer, answers...)
	if err != nil {
		return false, err
	}
	for _, id := range answers {
		var n int
		err := st.db.Get(ctx, &n, `
			SELECT COUNT(*)
			FROM answers a
			JOIN assignments s ON s.id = a.assignment_id
			LEFT JOIN partners p ON p.id = a.partner_id
			WHERE s.practice_id = ? AND a.id = ? AND s.withdrawn_at IS NULL AND p.erased_at IS NULL AND `+released, practice, id)
		if err != nil || n == 0 || !good[id] {
			return false, err
		}
	}
	return true, nil
}

// asReleased reads the part of a released page that the other partner may read. Not even the sealed
// text of fields for the counselor alone is read.
func (st *Store) asReleased(ctx context.Context, c couples.Couple, p Page) (SentPage, error) {
	box, err := st.vault.Open(ctx, st.db, c.Reader,
		vault.Item{Couple: c.ID, Material: p.material(), State: vault.Released, Of: vault.Side(p.Side), ID: p.Answer.ID})
	if err != nil {
		return SentPage{}, err
	}
	var names []string
	for _, f := range p.Worksheet.PartnerFields() {
		names = append(names, f.ID)
	}
	saved, err := fields.Some(ctx, st.db,
		fields.FieldSet{Vault: st.vault, Practice: p.PracticeID, Owner: p.Answer.ID, Box: box}, names)
	if err != nil {
		return SentPage{}, err
	}
	values, err := decode(p.Worksheet, fields.Values(saved))
	if err != nil {
		return SentPage{}, err
	}
	r := SentPage{Page: p, Partner: c.Partner(p.Side), Role: p.Assignment.Role(c, p.Side)}
	r.Values = p.Worksheet.Keep(r.Role, values)
	return p.Preview(r), nil
}

// Earlier returns a sent page and the same partner's previous page of the same worksheet. If there
// is none, it returns fault.NotFound.
func (st *Store) Earlier(ctx context.Context, c couples.Couple, assignment string) (now, before SentPage, err error) {
	readings, err := st.Read(ctx, c, assignment)
	if err != nil {
		return now, before, err
	}
	now = readings[0]
	all, err := st.sameWorksheet(audit.Comparing(ctx), c, now.Page.Worksheet.ID, now.Portal, now.Assignment.CreatedAt)
	if err != nil {
		return now, before, err
	}
	slices.SortStableFunc(all, lastSentFirst)
	before, ok := sentBefore(all, now)
	if !ok {
		return now, before, fmt.Errorf("before assignment %s: %w", assignment, fault.NotFound)
	}
	return now, before, st.show(ctx, c, before.Page)
}

// sentBefore returns the page that the author of now sent before it. all is sorted with the latest
// first.
func sentBefore(all []SentPage, now SentPage) (SentPage, bool) {
	return find(all, func(r SentPage) bool {
		return now.Sent() && r.Sent() && !now.IsJoint() && !r.IsJoint() && r.Side == now.Side && r.SentAt.Before(*now.SentAt)
	})
}

// An Aligned is a question with its answers on two pages.
type Aligned struct {
	Label       string
	Left, Right []string
	Same        bool
}

// Align returns the questions of two pages of one worksheet with their answers, in the order of the
// first page. Questions that only the second page has come last.
func Align(left, right SentPage) []Aligned {
	var list []Aligned
	seen := map[string]bool{}
	for _, side := range []SentPage{left, right} {
		for _, f := range side.Worksheet.Visible(side.Role, side.Values) {
			if seen[f.ID] || side.Worksheet.isCounselorOnly(f) && (left.forPartner || right.forPartner) {
				continue
			}
			seen[f.ID] = true
			row := Aligned{Label: f.Label, Left: left.shown(f), Right: right.shown(f)}
			row.Same = slices.Equal(row.Left, row.Right)
			list = append(list, row)
		}
	}
	return list
}

// shown returns the page's answer to a question, in the wording that was answered.
func (r SentPage) shown(f Field) []string {
	own, ok := r.Worksheet.Field(f.ID)
	if !ok {
		return nil
	}
	return own.Show(r.Values[f.ID])
}

// SentOn returns the date on which the page was sent, or "".
func (r SentPage) SentOn(zone *time.Location) string {
	if r.SentAt == nil {
		return ""
	}
	return r.SentAt.In(zone).Format("January 2, 2006")
}
