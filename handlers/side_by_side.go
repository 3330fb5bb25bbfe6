package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/worksheets"
)

// alignedView is two pages of one worksheet, question by question.
type alignedView struct {
	base
	Couple      couples.Couple
	Left, Right string // what stands over the columns
	Rows        []worksheets.Aligned
	Back        string
}

var alignedPage = page[alignedView]("assignments/aligned.html")

// showSideBySide shows the released pages of both, to be looked at together.
func (s *server) showSideBySide(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	both, err := s.Worksheets.SideBySide(c.Request.Context(), couple, c.Param("worksheet"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, alignedPage, alignedView{
		base: pageBase(c, both[0].Worksheet.Title), Couple: couple, Left: couple.Partners[0].AddressAs,
		Right: couple.Partners[1].AddressAs, Rows: worksheets.Align(both[0], both[1]),
	})
}

// showEarlier compares a page with the one that its author sent before.
func (s *server) showEarlier(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	now, before, err := s.Worksheets.Earlier(c.Request.Context(), couple, id)
	if err != nil {
		return err
	}
	zone := login(c).Zone()
	return render(c, http.StatusOK, alignedPage, alignedView{
		base: pageBase(c, now.Worksheet.Title), Couple: couple, Left: "Sent " + before.SentOn(zone),
		Right: "Sent " + now.SentOn(zone), Rows: worksheets.Align(before, now), Back: "/assignments/" + id,
	})
}
