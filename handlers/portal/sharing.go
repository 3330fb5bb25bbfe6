package portal

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/pdf"
	"mend/worksheets"
)

// saveSharingConsent stores the author's decision to share a page or not.
func (s *Server) saveSharingConsent(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	f, err := s.Worksheets.PartnerPage(c.Request.Context(), couple, me, c.Param("assignment"), s.Now())
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.SharingForm](c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.Consent(c.Request.Context(), f, worksheets.SharingDecision(form.Key), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/my/worksheets/"+f.Assignment.ID, "kept-word")
}

type sharedView struct {
	web.Base
	From   string
	Blocks []pdf.Block
}

var sharedPage = web.NewPage[sharedView]("portal/shared.html")

// showShared renders a page that the other partner released.
func (s *Server) showShared(c *gin.Context, couple couples.Couple, me couples.Partner) error {
	r, err := s.Worksheets.Shared(c.Request.Context(), couple, me, c.Param("assignment"), s.Now())
	if err != nil {
		return err
	}
	s.InWords(c, &r.Page)
	return web.Render(c, http.StatusOK, sharedPage,
		sharedView{web.PageBase(c, r.Worksheet.Title), couple.Partner(me.Side.Other()).AddressAs, r.Blocks(false)})
}
