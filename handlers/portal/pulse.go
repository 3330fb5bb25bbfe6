package portal

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/handlers/homework"
	"mend/handlers/web"
)

// myPulseView holds a partner's own pulses.
type myPulseView struct {
	web.Base
	Chart homework.Chart
	Rows  []homework.PulseLine
}

var myPulsePage = web.NewPage[myPulseView]("portal/pulse.html")

func (s *Server) showMyPulse(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	list, err := s.Worksheets.Pulses(c.Request.Context(), couple, homework.PulsesShown)
	if err != nil {
		return err
	}
	points := homework.PointsOf(list, me.Side, web.LoginOf(c).Zone())
	view := myPulseView{
		Base: web.PageBase(c, "pulse.title"), Rows: homework.PulseLines(c, list, couple, web.LoginOf(c).Zone()),
		Chart: homework.NewChart(web.Speaks(c), web.Tell(c, "pulse.title"), points),
	}
	view.Chart.Line(web.Tell(c, "promise.mine"), "one", points)
	return web.Render(c, http.StatusOK, myPulsePage, view)
}
