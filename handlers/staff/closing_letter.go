package staff

import (
	"errors"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/worksheets"
)

// printClosingLetter prints the closing letter to one partner, in that partner's language.
func (s *Server) printClosingLetter(c *gin.Context) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(ctx, l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	closings, err := s.Couples.Closings(ctx, couple)
	if err == nil && !couples.IsClosed(closings) {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	practice, counselor, err := s.Accounts.PracticeAndCounselor(ctx, l.PracticeID, l.CounselorID)
	tag, unknown := s.Accounts.LanguageOf(ctx, l.PracticeID, p.ID)
	paper, failed := s.printSetup(c)
	if err := errors.Join(err, unknown, failed); err != nil {
		return err
	}
	paper.Language = i18n.Of(tag)
	letter := closingLetter{
		to: p.AddressAs, from: counselor.Signature(), telephone: practice.Telephone,
		at: closings[0].ClosedAt, until: closings[0].Until(p.Side),
	}
	return web.Download(c, "letter.pdf", letter.sheet(paper))
}

// A closingLetter holds what one partner is told when the work ends: nothing about the other
// partner or about how it ended.
type closingLetter struct {
	to, from, telephone string
	at, until           time.Time
}

func (l closingLetter) sheet(p worksheets.PrintSetup) pdf.Sheet {
	in := p.Language
	day := func(at time.Time) string { return in.Date(at.In(p.Zone), "date.day") }
	said := []string{
		in.Say("letter.dear", l.to),
		in.Say("letter.thanks"),
		in.Say("letter.until", day(l.until.Add(-time.Second))),
		in.Say("letter.come_back"),
	}
	if l.telephone != "" {
		said = append(said, in.Say("letter.reach_us", l.telephone))
	}
	said = append(said, in.Say("letter.private"))
	sheet := pdf.Sheet{
		Title: in.Say("letter.title"), Letterhead: p.Practice, Running: day(l.at), Letter: p.Letter, Made: l.at,
		Language: in.Tag, Numbered: func(n, of int) string { return in.Say("sheet.page_of", n, of) },
	}
	for _, text := range said {
		sheet.Blocks = append(sheet.Blocks, pdf.Paragraph{Text: text})
	}
	sheet.Blocks = append(sheet.Blocks, pdf.Signature{Lines: []string{l.from, day(l.at)}})
	if len(p.Help) > 0 {
		sheet.Blocks = append(sheet.Blocks, pdf.Heading(in.Say("crisis.title")), worksheets.HelpLines(p.Help, in))
	}
	return sheet
}
