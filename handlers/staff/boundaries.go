package staff

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
)

// boundariesView lists what the partners do not want to hear about, for the counselor only.
type boundariesView struct {
	web.Base
	Couple couples.Couple
	List   []homework.BoundaryLine
}

var boundariesPage = web.NewPage[boundariesView]("staff/couples/boundaries.html")

func (s *Server) showBoundaries(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	list, err := s.Worksheets.Boundaries(c.Request.Context(), couple, false)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, boundariesPage,
		boundariesView{web.PageBase(c, "Not to be discussed"), couple, homework.BoundaryLines(list, couple)})
}
