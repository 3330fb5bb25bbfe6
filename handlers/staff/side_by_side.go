package staff

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/worksheets"
)

// sideBySideView shows two pages of one worksheet, question by question.
type sideBySideView struct {
	web.Base
	Couple      couples.Couple
	Left, Right string // column headings
	Rows        []worksheets.Aligned
	Back        string
}

var sideBySidePage = web.NewPage[sideBySideView]("staff/assignments/side_by_side.html")

// showSideBySide shows the released pages of both partners.
func (s *Server) showSideBySide(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	both, err := s.Worksheets.SideBySide(c.Request.Context(), couple, c.Param("worksheet"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, sideBySidePage, sideBySideView{
		Base: web.PageBase(c, both[0].Worksheet.Title), Couple: couple, Left: couple.Partners[0].AddressAs,
		Right: couple.Partners[1].AddressAs, Rows: worksheets.Align(both[0], both[1]),
	})
}

// showEarlier compares a page with the one that its author sent before.
func (s *Server) showEarlier(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	now, before, err := s.Worksheets.Earlier(c.Request.Context(), couple, id)
	if err != nil {
		return err
	}
	zone := web.LoginOf(c).Zone()
	return web.Render(c, http.StatusOK, sideBySidePage, sideBySideView{
		Base: web.PageBase(c, now.Worksheet.Title), Couple: couple, Left: "Sent " + before.SentOn(zone),
		Right: "Sent " + now.SentOn(zone), Rows: worksheets.Align(before, now), Back: "/assignments/" + id,
	})
}
