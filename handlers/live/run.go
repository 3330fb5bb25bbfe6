package live

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
	"mend/worksheets"
)

var runPage = web.NewPage[runView]("live/run.html")

func (s *Server) showRun(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	return s.drawRun(c, http.StatusOK, session, couple, nil, nil)
}

func (s *Server) drawRun(c *gin.Context, status int, session sessions.Session, couple couples.Couple,
	retyped map[string]string, problems fault.Fields,
) error {
	if session.State == sessions.Planned {
		return web.Redirect(c, "/sessions/"+session.ID, "")
	}
	fields, times, pages, err := s.SessionState(c.Request.Context(), session, couple)
	if err != nil {
		return err
	}
	if err := s.Sessions.AddCopies(c.Request.Context(), session, web.LoginOf(c).Person(), fields); err != nil {
		return err
	}
	web.LocalTimes(fields, web.LoginOf(c).Zone())
	for field, value := range retyped { // show what was typed next to its problem
		f := fields[field]
		f.Value = value
		fields[field] = f
	}
	met, err := s.Sessions.Met(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	standings, err := s.Sessions.Standings(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	builder := s.runBuilder(session, couple, fields, problems)
	view := builder.view()
	view.Base = web.PageBase(c, "Session with "+couple.Names())
	view.Look, view.Steps = "run", s.StepLines(standings)
	view.Clock = clockOf(times)
	view.Gifts = s.assignableWorksheets(session, couple)
	view.Key = rand.Text()
	view.Show = sideBySide(pages, fields["show"])
	view.Groups = builder.criteria(met)
	view.Homework = runHomeworkOf(worksheets.Homework(pages), session, fields)
	told, err := s.Worksheets.Boundaries(c.Request.Context(), couple, true)
	if err != nil {
		return err
	}
	view.Boundaries = homework.BoundaryLines(told, couple)
	return web.Render(c, status, runPage, view)
}

// inSessionPath returns the address at which a homework page is opened in the session. It does not
// depend on whether its author has begun it, because both partners can see this screen.
func inSessionPath(h sessions.HomeworkItem, session string) string {
	if h.Joint {
		return "/sessions/" + session + "/pages/" + h.ID
	}
	return "/assignments/" + h.ID + "/handed"
}

func clockOf(t sessions.Times) clockView {
	sec := func(d time.Duration) int { return int(d / time.Second) }
	return clockView{string(t.Now), sec(t.Total()), sec(t.A), sec(t.B), t.Pauses}
}

// saveRun stores the run's whole form, sent without scripts.
func (s *Server) saveRun(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	form, err := s.ReadFields(c, "then")
	if err != nil {
		return err
	}
	err = s.Sessions.SaveRecord(c.Request.Context(), session, form.Values, form.Key, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawRun(c, http.StatusUnprocessableEntity, session, couple, form.Values, problems)
	}
	if err != nil {
		return err
	}
	if form.Decision != nil {
		_, err := s.Sessions.SaveField(c.Request.Context(), session, *form.Decision)
		return web.RedirectUnless(c, err, "/sessions/"+session.ID+"/run")
	}
	return s.afterRun(c, session, couple, form.Then)
}

// afterRun performs the button's action after the form was saved: it switches the clock, or ends or
// stops the session.
func (s *Server) afterRun(c *gin.Context, session sessions.Session, couple couples.Couple, then string) error {
	ctx, path := c.Request.Context(), "/sessions/"+session.ID
	switch {
	case then == "end":
		if err := s.end(c, session, couple); err != nil {
			return err
		}
		return web.Redirect(c, path, "ended")
	case then == "stop":
		return s.stop(c, session)
	case then != "":
		if err := s.Sessions.Turn(ctx, session, sessions.Kind(then), s.Now()); err != nil {
			return err
		}
	}
	if err := s.follow(c, session); err != nil {
		return err
	}
	return web.Redirect(c, path+"/run", "saved")
}

func (s *Server) saveSessionField(c *gin.Context) error {
	l := web.LoginOf(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return err
	}
	edit, err := s.ReadValue(c)
	if err != nil {
		return err
	}
	f, err := s.Sessions.SaveField(c.Request.Context(), session, edit)
	switch {
	case err != nil:
	case slices.Contains(onScreen, edit.Field):
		err = s.follow(c, session)
	default:
		err = s.Sessions.Changed(c.Request.Context(), session.ID)
	}
	return web.Saved(c, f, err, l.Zone(), web.AsIs)
}

type clockForm struct {
	Kind string `form:"kind"`
}

// turnClock switches the clock to another kind of time and responds with the clock.
func (s *Server) turnClock(c *gin.Context) error {
	l := web.LoginOf(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return err
	}
	form, err := web.Bind[clockForm](c)
	if err != nil {
		return err
	}
	if err := s.Sessions.Turn(c.Request.Context(), session, sessions.Kind(form.Kind), s.Now()); err != nil {
		return err
	}
	if err := s.follow(c, session); err != nil {
		return err
	}
	if !web.WantsJSON(c) {
		return web.Redirect(c, "/sessions/"+session.ID+"/run", "")
	}
	times, err := s.Sessions.Times(c.Request.Context(), session, s.Now())
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, clockJSON(times))
	return nil
}

// assignableWorksheets returns the step's worksheets with the partners to whom each can be assigned.
func (s *Server) assignableWorksheets(session sessions.Session, couple couples.Couple) []giftLine {
	step, _ := s.Sessions.Method().Step(session.Step)
	breach := couple.Breach(session.Breach())
	var gifts []giftLine
	for _, d := range s.Worksheets.Catalogue().ForStep(step.Number) {
		if d.Portal && !d.OnRequest {
			gifts = append(gifts, giftLine{d.ID, d.Title, givenTo(d, couple, breach)})
		}
	}
	return gifts
}

// givenTo returns the options for assigning d to the couple.
func givenTo(d worksheets.Definition, couple couples.Couple, breach couples.Breach) []web.Radio {
	name := func(side couples.Side) web.Radio {
		return web.Radio{Value: string(side), Label: couple.Partner(side).AddressAs}
	}
	switch d.FilledBy {
	case worksheets.Joint:
		return []web.Radio{{Value: "joint", Label: "Both together"}}
	case worksheets.ByHurt:
		return []web.Radio{name(breach.Hurt())}
	case worksheets.ByBroke:
		return []web.Radio{name(breach.Broke)}
	}
	return []web.Radio{{Value: "each", Label: "Each, own copy"}, name(couples.A), name(couples.B)}
}

func runHomeworkOf(items []sessions.HomeworkItem, session sessions.Session,
	fields map[string]fields.Field,
) []runHomework {
	var lines []runHomework
	for _, h := range items {
		f := fields["homework."+h.ID]
		if h.Session == session.ID || fields["review."+h.ID].Value == "" && f.Value == "" {
			continue
		}
		lines = append(lines, runHomework{h.Title, inSessionPath(h, session.ID), web.HomeworkStates(h, f)})
	}
	return lines
}
