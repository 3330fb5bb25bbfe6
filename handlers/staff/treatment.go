package staff

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/treatment"
	"mend/handlers/web"
	"mend/internal/fault"
)

// treatmentView is a couple's treatment plan as its counselor edits it.
type treatmentView struct {
	web.Base
	Couple   couples.Couple
	Goals    []planGoal
	Seen     string // the hash of the plan shown
	Version  int    // the newest shared version, 0 if none
	SharedOn string
	Current  bool // the shared version equals the plan shown
	People   []planPartner
	Review   treatment.Review
	Typed    string // the review date in the form, as typed or stored
	Problems fault.Fields
}

// A planGoal is a goal with its objectives.
type planGoal struct {
	ID, Text   string
	Objectives []planObjective
}

type planObjective struct {
	ID, Text, Step string
	Interventions  []treatment.Term
}

// A planPartner is the state of the plan for one partner.
type planPartner struct {
	Name, State string
	Lines       []planLine // what they see differently, newest first
}

type planLine struct{ When, Text string }

var treatmentPage = web.NewPage[treatmentView]("staff/couples/treatment_plan.html")

// treatmentPlan returns the couple in the path, its objectives and the plan made of them.
func (s *Server) treatmentPlan(c *gin.Context) (couples.Couple, []treatment.Objective, treatment.Plan, error) {
	couple, err := s.Couple(c)
	if err != nil {
		return couple, nil, treatment.Plan{}, err
	}
	objectives, err := s.Treatment.Objectives(c.Request.Context(), couple)
	return couple, objectives, s.Treatment.Draft(couple, objectives), err
}

func (s *Server) showTreatmentPlan(c *gin.Context) error {
	return s.drawTreatmentPlan(c, http.StatusOK, nil, nil)
}

// drawTreatmentPlan renders the plan; typed is the refused review date, or nil.
func (s *Server) drawTreatmentPlan(c *gin.Context, status int, typed *string, problems fault.Fields) error {
	ctx := c.Request.Context()
	couple, objectives, plan, err := s.treatmentPlan(c)
	if err != nil {
		return err
	}
	view := treatmentView{
		Base: web.PageBase(c, "Treatment plan"), Couple: couple, Seen: plan.Hash(), Problems: problems,
		Goals: s.planGoals(couple, objectives, plan),
	}
	if view.Review, err = s.Treatment.Review(ctx, couple); err != nil {
		return err
	}
	view.Typed = view.Review.On
	if typed != nil {
		view.Typed = *typed
	}
	shared, err := s.Treatment.Newest(ctx, couple)
	if err != nil {
		return err
	}
	if shared.IsShared() {
		view.Version, view.Current = shared.Number, shared.Plan.Hash() == view.Seen
		view.SharedOn = shared.SharedAt.In(view.Login.Zone()).Format("January 2, 2006")
		if view.People, err = s.planPartners(c, couple, shared); err != nil {
			return err
		}
	}
	return web.Render(c, status, treatmentPage, view)
}

// planGoals returns the goals of the plan with the ids of their objectives.
func (s *Server) planGoals(couple couples.Couple, objectives []treatment.Objective, plan treatment.Plan) []planGoal {
	var goals []planGoal
	for i, g := range couple.OpenGoals() {
		goal, planned := planGoal{ID: g.ID, Text: g.Text}, plan.Goals[i].Objectives
		for _, o := range objectives {
			if o.Goal == g.ID {
				p := planned[len(goal.Objectives)]
				goal.Objectives = append(goal.Objectives, planObjective{o.ID, p.Text, p.Step.Label, p.Interventions})
			}
		}
		goals = append(goals, goal)
	}
	return goals
}

// planPartners returns each partner's answers to the shared version.
func (s *Server) planPartners(c *gin.Context, couple couples.Couple, v treatment.Version) ([]planPartner, error) {
	var people []planPartner
	for _, p := range couple.Partners {
		answers, err := s.Treatment.Answers(c.Request.Context(), couple, v, p)
		if err != nil {
			return nil, err
		}
		people = append(people, planPartner{p.AddressAs, planState(p, v, answers), planLines(answers)})
	}
	return people, nil
}

func planState(p couples.Partner, v treatment.Version, answers []treatment.Answer) string {
	signed := treatment.Signature(answers)
	day := signed.When().Format("January 2, 2006")
	switch {
	case p.Erased:
		return "Private material deleted"
	case signed.ID == "":
		return "Not signed"
	case signed.VersionID != v.ID:
		return fmt.Sprintf("Signed an earlier version (%d) on %s", signed.Version, day)
	}
	return "Signed on " + day + " as " + signed.Words
}

// planLines returns what a partner sees differently, newest first.
func planLines(answers []treatment.Answer) []planLine {
	var lines []planLine
	for i := len(answers) - 1; i >= 0; i-- {
		if a := answers[i]; a.Kind == treatment.Disagreed {
			when := fmt.Sprintf("%s, version %d", a.When().Format("January 2, 2006"), a.Version)
			lines = append(lines, planLine{when, a.Words})
		}
	}
	return lines
}

type treatmentForm struct {
	Do     string `form:"do"` // "share"; anything else saves the review date
	Seen   string `form:"seen"`
	Review string `form:"review_on"`
	Base   int    `form:"base"`
}

// changeTreatmentPlan shares the plan with both partners or saves its review date.
func (s *Server) changeTreatmentPlan(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[treatmentForm](c)
	if err != nil {
		return err
	}
	did, typed := "saved", &form.Review
	if form.Do == "share" {
		did, typed = "plan shared", nil
		err = s.Notes.SharePlan(c.Request.Context(), couple, form.Seen, s.Now())
	} else {
		err = s.Treatment.SetReview(c.Request.Context(), couple, treatment.Review{On: form.Review, Revision: form.Base})
	}
	status, problems := formProblems(err)
	if status == http.StatusConflict && form.Do == "share" {
		problems = fault.Fields{"plan": "The plan changed in another window meanwhile, so it was not shared. Read it again."}
	}
	if problems != nil {
		return s.drawTreatmentPlan(c, status, typed, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/treatment-plan", did)
}

// printTreatmentPlan sends the plan as shown, without the partners' answers.
func (s *Server) printTreatmentPlan(c *gin.Context) error {
	couple, _, plan, err := s.treatmentPlan(c)
	if err != nil {
		return err
	}
	shared, err := s.Treatment.Newest(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	paper := treatment.PrintSetup{}
	if shared.IsShared() && shared.Plan.Hash() == plan.Hash() {
		paper.SharedAt = shared.SharedAt
	}
	return s.DownloadPlan(c, couple, plan, paper)
}

// plansToReview returns the couples whose treatment plan is due for review.
func (s *Server) plansToReview(c *gin.Context) ([]treatment.Due, error) {
	l := web.LoginOf(c)
	today := s.Now().In(l.Zone()).Format(time.DateOnly)
	list, err := s.Treatment.Due(c.Request.Context(), l.PracticeID, l.CounselorID, today)
	for i, d := range list {
		list[i].Names = web.NamesOf(c, d.RecordNo, d.Names)
	}
	return list, err
}
