package records

import (
	"context"
	"time"

	"mend/couples"
	"mend/internal/pdf"
)

// Bound returns the blocks of several sheets combined into one: each begins on a new page, under
// its heading and its footer text.
func Bound(sheets []pdf.Sheet) []pdf.Block {
	var blocks []pdf.Block
	for _, s := range sheets {
		heading := s.Title
		if s.Running != "" {
			heading += " · " + s.Running
		}
		inside := []pdf.Block{pdf.Heading(heading)}
		if s.Footer != "" {
			inside = append(inside, pdf.Paragraph{Text: s.Footer, Muted: true})
		}
		for _, b := range s.Blocks {
			if h, ok := b.(pdf.Heading); ok {
				b = pdf.Subheading(h)
			}
			inside = append(inside, b)
		}
		blocks = append(blocks, pdf.Break{})
		blocks = append(blocks, pdf.Spoken(s.Language, "", inside...)...)
	}
	return blocks
}

// sheetOf returns the sheet to release: the recipient, a table of contents, and each piece. Pages
// are renumbered, and nothing indicates what else the record contains.
func (st *Store) sheetOf(ctx context.Context, c couples.Couple, p couples.Partner, r Request, pieces []Piece,
	at time.Time,
) (pdf.Sheet, error) {
	practice, err := st.from.Accounts.FindPractice(ctx, c.PracticeID)
	if err != nil {
		return pdf.Sheet{}, err
	}
	sheet := pdf.Sheet{
		Title: "Release of records", Letterhead: practice.Lines(), Letter: practice.Paper == "Letter", Made: at,
		Running: c.RecordNo + " · " + p.Name,
		Blocks: []pdf.Block{
			pdf.Field{Label: "Record", Value: c.RecordNo, Compact: true},
			pdf.Field{Label: "Client", Value: p.Name, Compact: true},
			pdf.Field{Label: "Released to", Value: r.Requester},
			pdf.Field{Label: "Purpose", Value: r.Purpose},
			pdf.Paragraph{Text: "Confidential. This release is for the recipient named above and for this purpose only."},
			pdf.Subheading("Contents"),
			pdf.Contents{},
		},
	}
	var sheets []pdf.Sheet
	for _, piece := range pieces {
		s, err := piece.sheet(ctx)
		if err != nil {
			return sheet, err
		}
		if (s.Running == "" || s.Running == s.Title) && !piece.At.IsZero() {
			s.Running = piece.At.Format("January 2, 2006")
		}
		sheets = append(sheets, s)
	}
	sheet.Blocks = append(sheet.Blocks, Bound(sheets)...)
	return sheet, nil
}
