package consents

import (
	"strings"
	"time"

	"mend/internal/i18n"
	"mend/internal/pdf"
)

// Blocks returns the text as it is shown and printed.
func (w Wording) Blocks() []pdf.Block {
	var blocks []pdf.Block
	for part := range strings.SplitSeq(strings.ReplaceAll(w.Text, "\r\n", "\n"), "\n\n") {
		part = strings.TrimSpace(part)
		heading, rest, _ := strings.Cut(part, "\n")
		if title, ok := strings.CutPrefix(heading, "## "); ok {
			blocks = append(blocks, pdf.Heading(strings.TrimSpace(title)))
			part = strings.TrimSpace(rest)
		}
		if part != "" {
			blocks = append(blocks, pdf.Paragraph{Text: part})
		}
	}
	return blocks
}

// A PrintSetup describes the paper on which a form is printed.
type PrintSetup struct {
	Letterhead []string
	Letter     bool // US Letter instead of A4
}

// Sheet returns a form as it is printed, in the language tag: the text, the partner's answers, and
// the text's hash.
func (w Wording) Sheet(tag string, answers []Answer, p PrintSetup) pdf.Sheet {
	in := i18n.Of(tag)
	sheet := pdf.Sheet{
		Title: w.Title, Letterhead: p.Letterhead, Letter: p.Letter, Language: tag, Blocks: w.Blocks(),
		Footer:   in.Say("sheet.hash", w.Hash()[:16]+"…"),
		Numbered: func(n, of int) string { return in.Say("sheet.page_of", n, of) },
	}
	for _, a := range answers {
		sheet.Made = a.AnsweredAt
		sheet.Blocks = append(sheet.Blocks, pdf.Signature{Lines: a.lines(in)})
	}
	sheet.Blocks = append(sheet.Blocks, pdf.Paragraph{Text: in.Say("sheet.hash", w.Hash()), Muted: true})
	return sheet
}

// lines returns what was answered, and when, with the time zone.
func (a Answer) lines(in *i18n.Language) []string {
	when := in.Date(a.When(), "date.day_time") + " (" + a.Zone + ")"
	switch a.Answer {
	case Signed:
		return []string{in.Say("consent.signed_by", a.Name), when}
	case Declined:
		return []string{in.Say("consent.state.declined"), when}
	}
	return []string{in.Say("consent.withdrawn"), when}
}

// Day returns the date of the latest answer or, without one, when the form was given.
func (c Consent) Day(zone *time.Location) time.Time {
	if n := len(c.Answers); n > 0 {
		return c.Answers[n-1].AnsweredAt.In(zone)
	}
	return c.GivenAt.In(zone)
}
