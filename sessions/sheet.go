package sessions

import (
	"cmp"
	"strings"
	"time"

	"mend/internal/pdf"
)

// Sheet returns the note as a printed sheet. hash is the content's, "" for a draft; made is the
// date of the sheet's content.
func (d Document) Sheet(hash string, addenda []Addendum, made time.Time) pdf.Sheet {
	s := pdf.Sheet{
		Title:      cmp.Or(d.Title, "Progress note"),
		Letterhead: d.Practice,
		Running:    strings.Join([]string{d.RecordNo, strings.Join(d.Partners, " and "), d.Date}, " · "),
		Draft:      d.Signer == "",
		Letter:     d.Letter,
		Made:       made,
	}
	if hash != "" {
		s.Footer = "Content " + ShortHash(hash)
	}
	if d.Certificate != "" {
		s.Footer += "\nCertificate " + d.Certificate
	}
	s.Blocks = append(d.details(), d.body()...)
	s.Blocks = append(s.Blocks, d.signature()...)
	for _, a := range addenda {
		s.Blocks = append(s.Blocks, a.blocks()...)
	}
	return s
}

// details returns the who, when and where of the note.
func (d Document) details() []pdf.Block {
	rows := [][2]string{
		{"Record", d.RecordNo},
		{"Filed in", d.Filed},
		{map[bool]string{true: "Partner", false: "Partners"}[len(d.Partners) == 1], strings.Join(d.Partners, " and ")},
		{"Counselor", d.Counselor},
		{"Date of service", d.Date},
		{"Time", d.Time},
		{"Place", d.Place},
		{"With", d.With},
		{"How", d.How},
		{"Service", d.Service},
		{"Late entry", strings.TrimPrefix(d.Late, "Late entry: ")},
	}
	var blocks []pdf.Block
	for _, r := range rows {
		if r[1] != "" {
			blocks = append(blocks, pdf.Field{Label: r[0], Value: r[1], Compact: true})
		}
	}
	if len(d.Goals) > 0 {
		blocks = append(blocks, pdf.Subheading("Goals of the treatment plan addressed"), pdf.List(d.Goals))
	}
	return blocks
}

// body returns the note's sections, each block as a paragraph.
func (d Document) body() []pdf.Block {
	var blocks []pdf.Block
	for _, p := range d.Parts {
		blocks = append(blocks, pdf.Heading(p.Name))
		for _, t := range p.Blocks {
			if t.Label != "" {
				blocks = append(blocks, pdf.Field{Label: t.Label, Value: t.Text})
				continue
			}
			blocks = append(blocks, pdf.Paragraph{Text: t.Text})
		}
	}
	return blocks
}

func (d Document) signature() []pdf.Block {
	if d.Signer == "" {
		return []pdf.Block{pdf.Paragraph{Text: "Draft, not signed.", Muted: true}}
	}
	return []pdf.Block{pdf.Signature{Lines: []string{d.Signer, "Signed " + d.SignedAt}}}
}

func (a Addendum) blocks() []pdf.Block {
	if a.CoSigned {
		return []pdf.Block{
			pdf.Heading("Supervisor co-signature"), pdf.Signature{Lines: []string{a.Signer, "Signed " + a.Stamp}},
		}
	}
	return []pdf.Block{
		pdf.Heading("Addendum, " + a.Stamp),
		pdf.Field{Label: "Reason", Value: a.Reason},
		pdf.Paragraph{Text: a.Text},
		pdf.Signature{Lines: []string{a.Signer, "Signed " + a.Stamp}},
	}
}
