package portal

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// accessView lists who opened a partner's own pages.
type accessView struct {
	web.Base
	Codes []web.NewCodeLine // new sign-in codes that somebody created for this partner
	Days  []accessDay
}

type accessDay struct {
	Day   string
	Lines []string
}

var accessPage = web.NewPage[accessView]("portal/access.html")

// showAccess shows a partner who opened their own pages, and nothing about the other partner.
func (s *Server) showAccess(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	entries, err := s.Audit.OpenedOf(c.Request.Context(), couple.PracticeID, couple.ID, string(me.Side), 200)
	if err != nil {
		return err
	}
	people, err := s.Accounts.Counselors(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	view := accessView{Base: web.PageBase(c, "portal.access.title")}
	if view.Codes, err = s.NewCodes(c); err != nil {
		return err
	}
	for _, e := range entries {
		at := e.At.In(view.Login.Zone())
		day, line := web.Date(c, at, "date.weekday_year"),
			web.Tell(c, web.LineOf(e, people, view.Login.Zone()).Who)+", "+web.Date(c, at, "date.time_zone")
		if n := len(view.Days); n == 0 || view.Days[n-1].Day != day {
			view.Days = append(view.Days, accessDay{Day: day})
		}
		last := &view.Days[len(view.Days)-1]
		if n := len(last.Lines); n == 0 || last.Lines[n-1] != line {
			last.Lines = append(last.Lines, line)
		}
	}
	return web.Render(c, http.StatusOK, accessPage, view)
}
