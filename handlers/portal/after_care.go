package portal

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// afterCareView asks a partner whether they want to be asked about trust after counseling has
// ended.
type afterCareView struct {
	web.Base
	Answered  string // the date of the answer, "" if there is none
	Wanted    bool
	CareUntil string // the last day of portal access after a yes
	Until     string // the last day of portal access otherwise
}

var afterCarePage = web.NewPage[afterCareView]("portal/after_care.html")

func (s *Server) showAfterCare(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	end, answer, err := s.Couples.AfterCare(c.Request.Context(), couple, me)
	if err != nil {
		return err
	}
	day := func(at time.Time) string {
		return web.Date(c, at.In(web.LoginOf(c).Zone()), "date.day")
	}
	until := end.Until(me.Side).Add(-time.Second)
	if until.Before(s.Now()) {
		until = s.Now()
	}
	view := afterCareView{
		Base: web.PageBase(c, "portal.after_care.title"), Wanted: answer.Wanted, Until: day(until),
		CareUntil: day(end.CareUntil(me.Side).Add(-time.Second)),
	}
	if answer.AnsweredAt != nil {
		view.Answered = day(*answer.AnsweredAt)
	}
	return web.Render(c, http.StatusOK, afterCarePage, view)
}

type afterCareForm struct {
	Answer string `form:"answer"`
}

func (s *Server) answerAfterCare(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[afterCareForm](c)
	if err != nil {
		return err
	}
	if form.Answer != "yes" && form.Answer != "no" {
		return fault.Malformed
	}
	err = s.Couples.AnswerAfterCare(c.Request.Context(), s.Accounts, couple, me, form.Answer == "yes",
		s.Worksheets.AskAfterCare(couple, me, s.Now()), s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, "/my/after-care", "saved")
}

// hasAfterCare reports whether a partner may be asked about after-care.
func (s *Server) hasAfterCare(c *gin.Context, couple couples.Couple, me couples.Partner) (bool, error) {
	_, _, err := s.Couples.AfterCare(c.Request.Context(), couple, me)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}
