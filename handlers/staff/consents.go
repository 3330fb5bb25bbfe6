package staff

import (
	"crypto/rand"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/consents"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// consentsView lists the forms given to one partner and those that can be given.
type consentsView struct {
	web.Base
	Couple   couples.Couple
	Partner  couples.Partner
	Policy   *couples.SignedPolicy
	SignedOn string
	List     []homework.ConsentLine
	Forms    []consents.Version
	Key      string
	Problems fault.Fields
}

var consentsPage = web.NewPage[consentsView]("staff/partners/consents.html")

// partnerInPath returns the partner that the path names, with the couple.
func (s *Server) partnerInPath(c *gin.Context) (couples.Couple, couples.Partner, error) {
	l := web.LoginOf(c)
	return s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
}

func (s *Server) showConsents(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	return s.drawConsents(c, http.StatusOK, couple, p, nil)
}

func (s *Server) drawConsents(c *gin.Context, status int, couple couples.Couple, p couples.Partner,
	problems fault.Fields,
) error {
	ctx := c.Request.Context()
	list, err := s.Consents.List(ctx, couple, p)
	if err != nil {
		return err
	}
	view := consentsView{
		Base: web.PageBase(c, "Consents"), Couple: couple, Partner: p, List: homework.ConsentLines(c, list),
		Key: rand.Text(), Problems: problems,
	}
	published, err := s.Consents.Published(ctx, couple.PracticeID)
	if err != nil {
		return err
	}
	view.Forms = consents.NotYetGiven(published, list)
	signed, ok, err := s.Couples.SignedPolicy(ctx, couple, p)
	if err != nil {
		return err
	}
	if ok {
		view.Policy, view.SignedOn = &signed, web.Moment(signed.SignedAt, web.LoginOf(c).Zone())
	}
	return web.Render(c, status, consentsPage, view)
}

type giveConsentsForm struct {
	Versions []string `form:"version"`
	Both     string   `form:"both"` // give the same forms to the other partner
	Key      string   `form:"key"`
}

// giveConsents gives forms to one partner, or the same forms to both.
func (s *Server) giveConsents(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[giveConsentsForm](c)
	if err != nil {
		return err
	}
	to := []couples.Partner{p}
	if form.Both == "yes" {
		to = append(to, couple.Partner(p.Side.Other()))
	}
	for _, one := range to {
		key := form.Key + " " + string(one.Side)
		err := s.Consents.Give(c.Request.Context(), couple, one, form.Versions, key, s.Now())
		if status, problems := formProblems(err); problems != nil {
			return s.drawConsents(c, status, couple, p, problems)
		}
		if err != nil {
			return err
		}
	}
	return web.Redirect(c, "/partners/"+p.ID+"/consents", "saved")
}

func (s *Server) cancelConsent(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	err = s.Consents.Cancel(c.Request.Context(), couple, p, c.Param("consent"), s.Now())
	if _, problems := formProblems(err); problems != nil {
		return s.drawConsents(c, http.StatusConflict, couple, p,
			fault.Fields{"main": i18n.Plain(
				"%s has answered this form in the meantime, so it was not canceled.", p.AddressAs)})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/partners/"+p.ID+"/consents", "saved")
}

func (s *Server) printConsent(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	return s.DownloadConsent(c, couple, p, c.Param("consent"))
}

func (s *Server) printPolicy(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	return s.DownloadPolicy(c, couple, p)
}
