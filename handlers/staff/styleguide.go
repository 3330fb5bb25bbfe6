package staff

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/worksheets"
)

// styleguideView shows every template part, with invented text.
type styleguideView struct {
	web.Base
	Colors    []string
	Steps     []web.StepLine
	Choice    web.RadioField
	Tick      web.SaveTick
	Questions []homework.Question
	Chart     homework.Chart
	Figures   []figureLine
	Problems  fault.Fields
}

type figureLine struct {
	When   string
	Figure int
}

var styleguidePage = web.NewPage[styleguideView]("staff/styleguide.html")

// ShowStyleguide shows the parts that pages are made of, for developers. It exists in the demo
// only.
func (s *Server) ShowStyleguide(c *gin.Context) error {
	if s.RequireSetup {
		return fault.NotFound
	}
	view := styleguideView{
		Base: web.PageBase(c, "Style guide"),
		Colors: []string{
			"paper", "surface", "sunk", "ink", "soft", "line", "edge", "action", "gold",
			"note", "problem", "focus",
		},
		Steps: s.StepLines(nil), Problems: fault.Fields{"two": "A sentence that says what to do."},
		Choice: web.RadioField{
			Field: "choice", Label: "A choice",
			Options: []web.Radio{{Value: "a", Label: "One", On: true}, {Value: "b", Label: "Another"}},
		},
		Tick: web.SaveTick{Field: "tick", Label: "Something that was done", On: true},
	}
	for i, state := range []string{"settled", "settled", "working", "returned"} {
		view.Steps[i].State, view.Steps[i].Label = state, state
	}
	kinds := map[worksheets.FieldType]bool{}
	for _, d := range s.Worksheets.Catalogue().All() {
		for _, f := range d.Fields {
			if !kinds[f.Type] {
				kinds[f.Type] = true
				view.Questions = append(view.Questions, homework.NewQuestion(f, "q."+string(f.Type), worksheets.Value{}))
			}
		}
	}
	var points []homework.ChartPoint
	for week, figure := range []int{20, 35, 30, 55, 60} {
		at := time.Date(2031, 1, 6, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*week)
		points = append(points, homework.ChartPoint{At: at, Figure: &figure})
		view.Figures = append(view.Figures, figureLine{at.Format("January 2"), figure})
	}
	view.Chart = homework.NewChart(web.Speaks(c), "Invented figures", points)
	view.Chart.Line("Somebody", "one", points)
	return web.Render(c, http.StatusOK, styleguidePage, view)
}
