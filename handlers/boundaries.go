package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/worksheets"
)

// boundariesView is what the partners do not want to hear, for the
// counselor alone.
type boundariesView struct {
	base
	Couple couples.Couple
	List   []boundaryLine
}

type boundaryLine struct {
	Name, Topic, Wish string
	Told              bool
}

func boundaryLines(list []worksheets.Boundary, couple couples.Couple) []boundaryLine {
	var lines []boundaryLine
	for _, b := range list {
		lines = append(lines, boundaryLine{couple.Partner(b.Side).AddressAs, b.Topic, b.Wish, b.Told})
	}
	return lines
}

var boundariesPage = page[boundariesView]("couples/boundaries.html")

func (s *server) showBoundaries(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	list, err := s.Worksheets.Boundaries(c.Request.Context(), couple, false)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, boundariesPage,
		boundariesView{pageBase(c, "Not to be discussed"), couple, boundaryLines(list, couple)})
}
