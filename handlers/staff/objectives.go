package staff

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/treatment"
	"mend/handlers/web"
	"mend/internal/fault"
)

// objectiveView is the form of one objective of the treatment plan.
type objectiveView struct {
	web.Base
	Couple        couples.Couple
	ID            string // "" for a new one
	Form          objectiveForm
	Goals, Steps  []tick
	Interventions []tick
	Key           string
	Problems      fault.Fields
}

var objectivePage = web.NewPage[objectiveView]("staff/couples/objective.html")

type objectiveForm struct {
	Goal          string   `form:"goal"`
	Text          string   `form:"text"`
	Step          string   `form:"step"`
	Interventions []string `form:"intervention"`
	Base          int      `form:"base"`
	Key           string   `form:"key"`
	Do            string   `form:"do"` // "retire" removes it from the plan
}

func (f objectiveForm) objective(id string) treatment.Objective {
	return treatment.Objective{
		ID: id, Goal: f.Goal, Text: f.Text, Step: f.Step, Interventions: f.Interventions, Revision: f.Base,
	}
}

// showObjective shows the objective in the path, or an empty form for the goal in the query.
func (s *Server) showObjective(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	id, form := c.Param("objective"), objectiveForm{Goal: c.Query("goal")}
	if id != "" {
		o, err := s.Treatment.Objective(c.Request.Context(), couple, id)
		if err != nil {
			return err
		}
		form = objectiveForm{
			Goal: o.Goal, Text: o.Text, Step: o.Step, Interventions: o.Interventions, Base: o.Revision,
		}
	}
	return s.askObjective(c, http.StatusOK, couple, id, form, nil)
}

func (s *Server) askObjective(c *gin.Context, status int, couple couples.Couple, id string, form objectiveForm,
	problems fault.Fields,
) error {
	view := objectiveView{
		Base: web.PageBase(c, "Objective"), Couple: couple, ID: id, Form: form, Key: rand.Text(), Problems: problems,
		Steps: []tick{{"", "Any step", form.Step == ""}},
	}
	for _, g := range couple.OpenGoals() {
		view.Goals = append(view.Goals, tick{g.ID, g.Text, g.ID == form.Goal})
	}
	terms := s.Sessions.Method().Terms()
	for _, t := range terms.Steps {
		view.Steps = append(view.Steps, tick{t.ID, t.Label, t.ID == form.Step})
	}
	for _, t := range terms.Interventions {
		view.Interventions = append(view.Interventions, tick{t.ID, t.Label, slices.Contains(form.Interventions, t.ID)})
	}
	return web.Render(c, status, objectivePage, view)
}

// saveObjective adds an objective, or saves or retires the one that the path names.
func (s *Server) saveObjective(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[objectiveForm](c)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), c.Param("objective")
	switch {
	case id == "":
		err = s.Treatment.AddObjective(ctx, couple, form.objective(""), form.Key)
	case form.Do == "retire":
		err = s.Treatment.RetireObjective(ctx, couple, id, s.Now())
	default:
		err = s.Treatment.SaveObjective(ctx, couple, form.objective(id))
	}
	status, problems := formProblems(err)
	if status == http.StatusConflict {
		return s.askChangedObjective(c, couple, id, form, problems)
	}
	if problems != nil {
		return s.askObjective(c, status, couple, id, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/treatment-plan", "saved")
}

// askChangedObjective renders the form again after a conflict: saving it again overwrites the other
// change or, if the objective was removed, adds it anew.
func (s *Server) askChangedObjective(c *gin.Context, couple couples.Couple, id string, form objectiveForm,
	problems fault.Fields,
) error {
	now, err := s.Treatment.Objective(c.Request.Context(), couple, id)
	if errors.Is(err, fault.NotFound) {
		id = ""
	} else if err != nil {
		return err
	}
	form.Base = now.Revision
	return s.askObjective(c, http.StatusConflict, couple, id, form, problems)
}
