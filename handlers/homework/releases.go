package homework

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/records"
)

// AuthorizationLines returns authorizations as entries of the list of forms.
func AuthorizationLines(c *gin.Context, list []records.Authorization) []ConsentLine {
	var lines []ConsentLine
	for _, a := range list {
		at := a.AskedAt
		if n := len(a.Answers); n > 0 {
			at = a.Answers[n-1].AnsweredAt
		}
		words, _ := a.Read(web.Speaks(c))
		lines = append(lines, ConsentLine{
			ID: a.ID, Title: words.Title, State: a.State(),
			When: web.Date(c, at.In(web.LoginOf(c).Zone()), "date.day"),
		})
	}
	return lines
}

// DownloadAuthorization sends an authorization that a partner was asked to sign, with their answer.
func (s *Server) DownloadAuthorization(c *gin.Context, couple couples.Couple, p couples.Partner, id string) error {
	a, err := s.Records.Authorization(c.Request.Context(), couple, p, id)
	if err != nil {
		return err
	}
	words, tag := a.Read(web.Speaks(c))
	return s.downloadForm(c, words, tag, a.Answers)
}

// DownloadAccounting sends a partner's accounting of disclosures, in the reader's language.
func (s *Server) DownloadAccounting(c *gin.Context, couple couples.Couple, p couples.Partner) error {
	list, err := s.Records.Disclosures(c.Request.Context(), couple, p)
	if err != nil {
		return err
	}
	practice, err := s.Accounts.FindPractice(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	return web.Download(c, "released.pdf", records.Accounting(list, web.Speaks(c), web.LoginOf(c).Zone(),
		practice.Lines(), practice.Paper == "Letter"))
}
