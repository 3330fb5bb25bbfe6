package staff

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/sessions"
)

// setbackView is the form for a new disclosure or a relapse, or the pause of sharing that followed
// one.
type setbackView struct {
	web.Base
	Couple   couples.Couple
	Since    string // when sharing was paused; "" if it is not
	Talked   []talkedAlone
	Settled  []settledStep
	Earlier  []resumedLine
	Form     setbackForm
	Reason   string // the reason for resuming sharing, as typed
	Problems fault.Fields
}

// A talkedAlone holds whether a partner was seen alone since the setback.
type talkedAlone struct {
	Partner couples.Partner
	Done    bool
}

// A resumedLine is a pause of sharing that has ended.
type resumedLine struct{ Paused, Resumed, Reason string }

// A settledStep is a step that the couple can return to.
type settledStep struct {
	ID, Title string
	Chosen    bool
}

type setbackForm struct {
	Kind  string   `form:"kind"`
	Day   string   `form:"day"`
	Words string   `form:"words"`
	Steps []string `form:"steps"`
	Key   string   `form:"key"`
}

var setbackPage = web.NewPage[setbackView]("staff/couples/setback.html")

func (s *Server) showSetback(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form := setbackForm{Day: s.Now().In(web.LoginOf(c).Zone()).Format(time.DateOnly)}
	for _, step := range s.Sessions.Method().Steps {
		if step.Number >= 1 && step.Number <= 7 { // intake and closing are not preselected
			form.Steps = append(form.Steps, step.ID)
		}
	}
	return s.drawSetback(c, http.StatusOK, couple, setbackView{Form: form})
}

// drawSetback renders the page, keeping what was typed in view.
func (s *Server) drawSetback(c *gin.Context, status int, couple couples.Couple, view setbackView) error {
	ctx := c.Request.Context()
	view.Base, view.Couple = web.PageBase(c, "New disclosure or relapse"), couple
	view.Form.Key = cmp.Or(view.Form.Key, rand.Text())
	setbacks, err := s.Couples.Setbacks(ctx, couple)
	if err != nil {
		return err
	}
	for _, b := range setbacks {
		day := func(at time.Time) string { return at.In(view.Login.Zone()).Format("January 2, 2006") }
		if b.ResumedAt == nil {
			view.Since = day(b.MarkedAt)
			continue
		}
		view.Earlier = append(view.Earlier, resumedLine{day(b.MarkedAt), day(*b.ResumedAt), b.Reason})
	}
	if view.Since != "" {
		talked, err := s.Worksheets.TalkedAlone(ctx, couple)
		if err != nil {
			return err
		}
		for _, p := range couple.Partners {
			if !p.Erased {
				view.Talked = append(view.Talked, talkedAlone{p, talked[p.Side]})
			}
		}
	}
	standings, err := s.Sessions.Standings(ctx, couple)
	if err != nil {
		return err
	}
	for _, step := range s.Sessions.Method().Steps {
		if standings[step.ID].State == sessions.Settled {
			view.Settled = append(view.Settled, settledStep{step.ID, step.Title, slices.Contains(view.Form.Steps, step.ID)})
		}
	}
	return web.Render(c, status, setbackPage, view)
}

func (s *Server) markSetback(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[setbackForm](c)
	if err != nil {
		return err
	}
	err = s.Sessions.MarkSetback(c.Request.Context(), couple, sessions.Setback{
		Event: sessions.Event{Kind: form.Kind, Day: form.Day, Words: form.Words}, Steps: form.Steps,
	}, form.Key, s.Worksheets.AskConversations(couple, form.Key, s.Now()), s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSetback(c, http.StatusUnprocessableEntity, couple, setbackView{Form: form, Problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/setback", "saved")
}

func (s *Server) resumeSharing(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[reopenForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	talked, err := s.Worksheets.TalkedAlone(ctx, couple)
	if err != nil {
		return err
	}
	err = s.Couples.ResumeSharing(ctx, couple, talked, web.UnixLines(form.Reason), s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSetback(c, http.StatusUnprocessableEntity, couple,
			setbackView{Reason: form.Reason, Problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID, "saved")
}
