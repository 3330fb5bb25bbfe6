package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/sessions"
)

type stepView struct {
	base
	Couple     couples.Couple
	Step       sessions.Step
	Name       string
	Standing   sessions.Standing
	StateLabel string
	Groups     []criteriaGroup
	Prompts    []promptLine
	Words      []string // interventions, in words
	Worksheets []worksheetLine
	Moves      []moveLine
	Reason     string
	Problems   fault.Fields
}

// A criteriaGroup is the criteria of one role in one breach, or the couple's.
type criteriaGroup struct {
	Title, Breach string
	Criteria      []criterionLine
}

type criterionLine struct {
	ID, Text     string
	Private, Met bool
}

// A promptLine is a prompt with the name of whom it is for.
type promptLine struct {
	ID, Text, For string
	Alone         bool
}

type moveLine struct{ Label, Reason, When string }

var stepPage = page[stepView]("couples/step.html")

func (s *server) showStep(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	return s.drawStep(c, http.StatusOK, couple, "", nil)
}

func (s *server) drawStep(c *gin.Context, status int, couple couples.Couple, reason string,
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
		base: pageBase(c, stepName(step)), Couple: couple, Step: step, Name: stepName(step), Standing: standing,
		StateLabel: standing.State.Label(), Groups: criteriaGroups(step, couple, met), Reason: reason, Problems: problems,
		Prompts: promptLines(step, couple, couple.Breach("")), Worksheets: s.worksheetLines(step),
		Moves: moveLines(moves, login(c).Zone()),
	}
	for _, id := range step.Interventions {
		term, _ := s.Sessions.Method().Intervention(id)
		view.Words = append(view.Words, term.Label)
	}
	return render(c, status, stepPage, view)
}

func moveLines(moves []sessions.Move, zone *time.Location) []moveLine {
	var lines []moveLine
	for _, m := range moves {
		lines = append(lines, moveLine{m.State.Label(), m.Reason, moment(m.MovedAt, zone)})
	}
	return lines
}

// criteriaGroups lays the criteria out: for each breach the hurt partner's and
// the other's, then the couple's own.
func criteriaGroups(step sessions.Step, couple couples.Couple, met map[string]bool) []criteriaGroup {
	var groups []criteriaGroup
	for _, b := range couple.Breaches {
		groups = append(groups,
			criteriaLines(couple.Partner(b.Hurt()).AddressAs+", hurt by “"+b.Name+"”", b.ID, step.Readiness.Hurt, met),
			criteriaLines(couple.Partner(b.Broke).AddressAs+", who broke trust in “"+b.Name+"”", b.ID,
				step.Readiness.Broke, met))
	}
	return append(groups, criteriaLines("The two together", "", step.Readiness.Couple, met))
}

func criteriaLines(title, breach string, criteria []sessions.Criterion, met map[string]bool) criteriaGroup {
	group := criteriaGroup{Title: title, Breach: breach}
	for _, c := range criteria {
		group.Criteria = append(group.Criteria, criterionLine{c.ID, c.Text, c.Private, met[breach+"/"+c.ID]})
	}
	return group
}

// promptLines puts the partners' names to the prompts, for one breach.
func promptLines(step sessions.Step, couple couples.Couple, b couples.Breach) []promptLine {
	names := map[sessions.Role]string{
		sessions.RoleHurt: couple.Partner(b.Hurt()).AddressAs, sessions.RoleBroke: couple.Partner(b.Broke).AddressAs,
		sessions.RoleBoth: couple.Names(),
	}
	var lines []promptLine
	for _, p := range step.Prompts {
		lines = append(lines, promptLine{p.ID, p.Text, names[p.Role], p.Alone})
	}
	return lines
}

type moveForm struct {
	State  string `form:"state"`
	Reason string `form:"reason"`
}

func (s *server) moveStep(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[moveForm](c)
	if err != nil {
		return err
	}
	step := c.Param("step")
	err = s.Sessions.MoveStep(c.Request.Context(), couple, login(c).CounselorID, step,
		sessions.StepState(form.State), form.Reason, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawStep(c, http.StatusUnprocessableEntity, couple, form.Reason, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/couples/"+couple.ID+"/steps/"+step, "moved")
}

type criterionForm struct {
	Breach    string `form:"breach"`
	Criterion string `form:"criterion"`
	Met       string `form:"met"`
}

func (s *server) tickCriterion(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[criterionForm](c)
	if err != nil {
		return err
	}
	err = s.Sessions.Tick(c.Request.Context(), couple, form.Breach, form.Criterion, form.Met == "yes", s.Now())
	if err != nil {
		return err
	}
	if wantsJSON(c) {
		c.JSON(http.StatusOK, gin.H{})
		return nil
	}
	return redirect(c, "/couples/"+couple.ID+"/steps/"+c.Param("step"), "saved")
}
