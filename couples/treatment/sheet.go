package treatment

import (
	"strings"
	"time"

	"mend/internal/i18n"
	"mend/internal/pdf"
)

// Blocks returns the plan as it is shown and printed in a language. named translates terms of the
// method; typed text stays as it is.
func (p Plan) Blocks(in *i18n.Language, named func(Term) string) []pdf.Block {
	var blocks []pdf.Block
	for _, g := range p.Goals {
		blocks = append(blocks, pdf.Heading(g.Text))
		for _, o := range g.Objectives {
			blocks = append(blocks, pdf.Paragraph{Text: o.Text})
			if method := o.method(in, named); method != "" {
				blocks = append(blocks, pdf.Paragraph{Text: method, Muted: true})
			}
		}
	}
	return blocks
}

// method returns the step and interventions of the objective as text.
func (o Planned) method(in *i18n.Language, named func(Term) string) string {
	var lines []string
	if o.Step.ID != "" {
		lines = append(lines, in.Say("plan.step", named(o.Step)))
	}
	var interventions []string
	for _, t := range o.Interventions {
		interventions = append(interventions, named(t))
	}
	if len(interventions) > 0 {
		lines = append(lines, in.Say("plan.what_we_do", strings.Join(interventions, ", ")))
	}
	return strings.Join(lines, "\n")
}

// A PrintSetup describes how and for whom a plan is printed.
type PrintSetup struct {
	Letterhead []string
	Letter     bool // US Letter instead of A4
	Language   *i18n.Language
	Names      string
	SharedAt   time.Time // zero for an unshared plan
	Signature  Answer    // of the partner who prints it, or the zero Answer
}

// Sheet returns the plan as it is printed. Of the answers it includes only the signature of the
// partner who prints it, and never a disagreement.
func (p Plan) Sheet(paper PrintSetup, named func(Term) string) pdf.Sheet {
	in := paper.Language
	sheet := pdf.Sheet{
		Title: in.Say("plan.title"), Letterhead: paper.Letterhead, Letter: paper.Letter, Language: in.Tag,
		Draft: paper.SharedAt.IsZero(), Made: paper.SharedAt,
		Footer:   in.Say("sheet.hash", p.Hash()[:16]+"…"),
		Numbered: func(n, of int) string { return in.Say("sheet.page_of", n, of) },
		Blocks:   []pdf.Block{pdf.Paragraph{Text: paper.Names, Muted: true}},
	}
	sheet.Blocks = append(sheet.Blocks, p.Blocks(in, named)...)
	if s := paper.Signature; s.ID != "" {
		sheet.Made = s.AnsweredAt
		sheet.Blocks = append(sheet.Blocks, pdf.Signature{Lines: []string{
			in.Say("consent.signed_by", s.Words), in.Date(s.When(), "date.day_time") + " (" + s.Zone + ")",
		}})
	}
	return sheet
}
