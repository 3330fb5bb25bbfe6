package records

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/internal/vault"
)

// A Disclosure is an entry in a partner’s accounting of disclosures: what was disclosed to whom,
// when and why (45 CFR 164.528(b)).
type Disclosure struct {
	ID          string    `db:"id"`
	DisclosedAt time.Time `db:"disclosed_at"`
	Recipient   string    `db:"-"`
	Purpose     string    `db:"-"`
	What        What      `db:"-"`
}

// What names the parts of a partner's record that were disclosed.
type What string

// The possible parts.
const (
	ownPart   What = "own"
	jointPart What = "joint"
	bothParts What = "both"
)

// Told returns the message that describes the parts to the partner.
func (w What) Told() i18n.Message {
	return map[What]i18n.Message{
		ownPart: "release.part.own", jointPart: "release.part.joint",
		bothParts: "release.part.both",
	}[w]
}

// recordDisclosures adds a disclosure to the accounting of each partner concerned: the subject of the request
// and, if the joint record was released, the other partner.
func (st *Store) recordDisclosures(ctx context.Context, tx *database.DB, c couples.Couple, p couples.Partner, v Preview,
	release string, now time.Time,
) error {
	has := func(part Part) bool {
		return slices.ContainsFunc(v.Pieces, func(one Piece) bool { return one.Part == part })
	}
	what := ownPart
	if has(Joint) {
		what = bothParts
		if !has(Own) {
			what = jointPart
		}
		if err := st.insertDisclosure(ctx, tx, c, c.Partner(p.Side.Other()), v.Request, jointPart, release, now); err != nil {
			return err
		}
	}
	return st.insertDisclosure(ctx, tx, c, p, v.Request, what, release, now)
}

// insertDisclosure stores a disclosure, unless the partner's data was erased.
func (st *Store) insertDisclosure(ctx context.Context, tx *database.DB, c couples.Couple, of couples.Partner,
	r Request, what What, release string, now time.Time,
) error {
	if of.Erased {
		return nil
	}
	box, err := st.vault.Open(ctx, tx, c.Reader, ownOf(c, of))
	if err != nil {
		return err
	}
	id := rand.Text()
	row := box.Row("disclosures", id)
	recipient, purpose := row.Seal("recipient", r.Requester), row.Seal("purpose", r.Purpose)
	part := row.Seal("what", string(what))
	if row.Err() != nil {
		return row.Err()
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO disclosures (id, practice_id, couple_id, partner_id, release_id, recipient, purpose, what, disclosed_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, c.PracticeID, c.ID, of.ID, release, recipient, purpose, part, now)
	return err
}

// Disclosures returns one partner's accounting, newest first, for that partner or the couple’s
// counselor. For the other partner it returns fault.NotFound.
func (st *Store) Disclosures(ctx context.Context, c couples.Couple, p couples.Partner) ([]Disclosure, error) {
	if side := c.Reader.Side(); side != "" && side != vault.Side(p.Side) {
		return nil, fault.NotFound
	}
	if err := st.checkMAC(ctx, st.db, c); err != nil {
		return nil, err
	}
	var rows []struct {
		Disclosure
		Recipient []byte `db:"recipient"`
		Purpose   []byte `db:"purpose"`
		What      []byte `db:"what"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, disclosed_at, recipient, purpose, what
		FROM disclosures
		WHERE practice_id = ? AND couple_id = ? AND partner_id = ?
		ORDER BY disclosed_at DESC, id`, c.PracticeID, c.ID, p.ID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	box, err := st.vault.Open(ctx, st.db, c.Reader, ownOf(c, p))
	if err != nil {
		return nil, err
	}
	list := make([]Disclosure, len(rows))
	for i, r := range rows {
		row := box.Row("disclosures", r.ID)
		list[i] = Disclosure{
			r.ID, r.DisclosedAt, row.Read("recipient", r.Recipient), row.Read("purpose", r.Purpose),
			What(row.Read("what", r.What)),
		}
		if row.Err() != nil {
			return nil, fmt.Errorf("disclosure %s: %w", r.ID, row.Err())
		}
	}
	return list, nil
}

// Accounting returns a partner’s accounting of disclosures as a printed sheet, in a language and
// time zone.
func Accounting(list []Disclosure, in *i18n.Language, zone *time.Location, letterhead []string, letter bool) pdf.Sheet {
	sheet := pdf.Sheet{
		Title: in.Say("release.released"), Letterhead: letterhead, Letter: letter, Language: in.Tag,
		Numbered: func(n, of int) string { return in.Say("sheet.page_of", n, of) },
	}
	for i, d := range list {
		if i == 0 {
			sheet.Made = d.DisclosedAt
		}
		sheet.Blocks = append(sheet.Blocks,
			pdf.Heading(in.Date(d.DisclosedAt.In(zone), "date.day")),
			pdf.Field{Label: in.Say("release.recipient"), Value: d.Recipient},
			pdf.Field{Label: in.Say("release.what"), Value: in.Say(d.What.Told())},
			pdf.Field{Label: in.Say("release.purpose"), Value: d.Purpose},
		)
	}
	if len(list) == 0 {
		sheet.Blocks = []pdf.Block{pdf.Paragraph{Text: in.Say("release.none")}}
	}
	return sheet
}
