package staff

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/sessions"
)

type stepView struct {
	web.Base
	Couple     couples.Couple
	Step       sessions.Step
	Name       string
	Standing   sessions.Standing
	StateLabel string
	Groups     []web.CriteriaGroup
	Prompts    []web.PromptLine
	Words      []string // interventions, in words
	Worksheets []worksheetLine
	Moves      []moveLine
	Reason     string
	Problems   fault.Fields
}

type moveLine struct{ Label, Reason, When string }

var stepPage = web.NewPage[stepView]("staff/couples/step.html")

func (s *Server) showStep(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	return s.drawStep(c, http.StatusOK, couple, "", nil)
}

func (s *Server) drawStep(c *gin.Context, status int, couple couples.Couple, reason string,
	problems fault.Fields,
) error {
	ctx := c.Request.Context()
	step, ok := s.Sessions.Method().Step(c.Param("step"))
	if !ok {
		return fault.NotFound
	}
	standings, err := s.Sessions.Standings(ctx, couple)
	if err != nil {
		return err
	}
	met, err := s.Sessions.Met(ctx, couple)
	if err != nil {
		return err
	}
	moves, err := s.Sessions.Moves(ctx, couple, step.ID)
	if err != nil {
		return err
	}
	standing := standings[step.ID]
	view := stepView{
		Base: web.PageBase(c, step.Title), Couple: couple, Step: step, Name: step.Title, Standing: standing,
		StateLabel: standing.State.Label(), Groups: web.CriteriaGroups(step, couple, met), Reason: reason, Problems: problems,
		Prompts: web.PromptLines(step, couple, couple.Breach("")), Worksheets: s.worksheetLines(step),
		Moves: moveLines(moves, web.LoginOf(c).Zone()),
	}
	for _, id := range step.Interventions {
		term, _ := s.Sessions.Method().Intervention(id)
		view.Words = append(view.Words, term.Label)
	}
	return web.Render(c, status, stepPage, view)
}

func moveLines(moves []sessions.Move, zone *time.Location) []moveLine {
	var lines []moveLine
	for _, m := range moves {
		lines = append(lines, moveLine{m.State.Label(), m.Reason, web.Moment(m.MovedAt, zone)})
	}
	return lines
}

type moveForm struct {
	State  string `form:"state"`
	Reason string `form:"reason"`
}

func (s *Server) moveStep(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[moveForm](c)
	if err != nil {
		return err
	}
	step := c.Param("step")
	err = s.Sessions.MoveStep(c.Request.Context(), couple, web.LoginOf(c).CounselorID, step,
		sessions.StepState(form.State), form.Reason, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawStep(c, http.StatusUnprocessableEntity, couple, form.Reason, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/steps/"+step, "step-moved")
}

type criterionForm struct {
	Breach    string `form:"breach"`
	Criterion string `form:"criterion"`
	Met       string `form:"met"`
}

func (s *Server) tickCriterion(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[criterionForm](c)
	if err != nil {
		return err
	}
	err = s.Sessions.Tick(c.Request.Context(), couple, form.Breach, form.Criterion, form.Met == "yes", s.Now())
	if err != nil {
		return err
	}
	if web.WantsJSON(c) {
		c.JSON(http.StatusOK, gin.H{})
		return nil
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/steps/"+c.Param("step"), "saved")
}
