package portal

import (
	"crypto/rand"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples/consents"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/records"
)

// A disclosureLine is a disclosure of a partner's record, in a list.
type disclosureLine struct{ When, Recipient, What string }

// disclosureLines returns the accounting of disclosures in the partner's language.
func disclosureLines(c *gin.Context, list []records.Disclosure) []disclosureLine {
	var lines []disclosureLine
	for _, d := range list {
		when := web.Date(c, d.DisclosedAt.In(web.LoginOf(c).Zone()), "date.day")
		lines = append(lines, disclosureLine{when, d.Recipient, web.Tell(c, d.What.Told())})
	}
	return lines
}

// myAuthorization returns the authorization that the path names.
func (s *Server) myAuthorization(c *gin.Context) (records.Authorization, error) {
	couple, me, err := s.Me(c)
	if err != nil {
		return records.Authorization{}, err
	}
	return s.Records.Authorization(c.Request.Context(), couple, me, c.Param("authorization"))
}

func (s *Server) showMyAuthorization(c *gin.Context) error {
	return s.drawMyAuthorization(c, http.StatusOK, "", nil)
}

func (s *Server) drawMyAuthorization(c *gin.Context, status int, name string, problems fault.Fields) error {
	a, err := s.myAuthorization(c)
	if err != nil {
		return err
	}
	words, tag := a.Read(web.Speaks(c))
	view := myConsentView{
		Base: web.PageBase(c, "release.permission"), Path: "/my/authorizations/" + a.ID, Title: words.Title,
		Language: tag, Hash: words.Hash(), Blocks: words.Blocks(), State: a.State(), Name: name,
		Key: rand.Text(), Problems: problems, MaySign: a.MaySign(s.Now()), MayWithdraw: a.MayWithdraw(),
	}
	if n := len(a.Answers); n > 0 {
		view.When = web.Date(c, a.Answers[n-1].AnsweredAt.In(web.LoginOf(c).Zone()), "date.day")
	}
	if signature, ok := a.Signature(); ok {
		view.Name = signature.Name
	}
	return web.Render(c, status, myConsentPage, view)
}

// replyToAuthorization signs, declines or withdraws the authorization that the path names.
func (s *Server) replyToAuthorization(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	id := c.Param("authorization")
	return s.replyToForm(c, "/my/authorizations/"+id, s.drawMyAuthorization, func(form myConsentForm) error {
		return s.Records.Reply(c.Request.Context(), couple, me, records.Reply{
			Authorization: id, Answer: consents.State(form.Answer), Name: form.Name, TextHash: form.Hash,
			Zone: web.LoginOf(c).Zone().String(), FormKey: form.Key,
		}, s.Now())
	})
}

func (s *Server) printMyAuthorization(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	return s.DownloadAuthorization(c, couple, me, c.Param("authorization"))
}

func (s *Server) printMyDisclosures(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	return s.DownloadAccounting(c, couple, me)
}
