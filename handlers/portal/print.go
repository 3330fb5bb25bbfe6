package portal

import (
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/worksheets"
)

// printMyAnswers sends a partner everything they have submitted as one PDF, newest first, each page
// in the language in which it was filled in. Worksheets that lock when sent are left out.
func (s *Server) printMyAnswers(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	practice, err := s.Accounts.FindPractice(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	sheet := pdf.Sheet{
		Title: web.Tell(c, "portal.answers.title"), Letter: practice.Paper == "Letter", Language: web.Speaks(c).Tag,
		Numbered: func(n, of int) string { return web.Tell(c, "sheet.page_of", n, of) },
	}
	before := s.Now().Add(time.Minute)
	for more := true; more; {
		pages, err := s.Worksheets.MySent(c.Request.Context(), couple, me, before)
		if err != nil {
			return err
		}
		for _, p := range pages {
			if err := s.addAnswers(c, &sheet, couple, me, p); err != nil {
				return err
			}
		}
		if more = len(pages) == worksheets.ListedAtOnce; more {
			before = *pages[len(pages)-1].SentAt
		}
	}
	if len(sheet.Blocks) == 0 {
		return fault.NotFound
	}
	return web.Download(c, "answers.pdf", sheet)
}

// addAnswers adds a page that the partner sent to the sheet if they may read it. Of a joint
// worksheet it adds what they answered alone.
func (s *Server) addAnswers(c *gin.Context, sheet *pdf.Sheet, couple couples.Couple, me couples.Partner,
	p worksheets.Page,
) error {
	if p.Worksheet.Locked {
		return nil
	}
	f, err := s.Worksheets.PartnerPage(c.Request.Context(), couple, me, p.Assignment.ID, s.Now())
	if err != nil {
		return err
	}
	catalogue, in := s.Worksheets.Catalogue(), web.Speaks(c)
	if f.Answer.Language != "" {
		in = catalogue.FilledIn(f.Page)
	}
	f.Page.Worksheet = catalogue.In(in, f.Page.Worksheet)
	if sheet.Made.Before(*p.SentAt) {
		sheet.Made = *p.SentAt
	}
	sent := web.Date(c, p.SentAt.In(web.LoginOf(c).Zone()), "date.day")
	sheet.Blocks = append(sheet.Blocks, pdf.Spoken(in.Tag, sheet.Language, pdf.Heading(f.Page.Worksheet.Title))...)
	sheet.Blocks = append(sheet.Blocks, pdf.Paragraph{Text: web.Tell(c, "worksheet.sent_on", sent), Muted: true})
	answered := worksheets.SentPage{Page: f.Page, Role: f.Role, Values: f.Values}.Blocks(true)
	sheet.Blocks = append(sheet.Blocks, pdf.Spoken(in.Tag, sheet.Language, answered...)...)
	return nil
}
