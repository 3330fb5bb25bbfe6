package portal

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
	"mend/internal/pdf"
)

// myPlanView is the treatment plan shared with both partners, with this partner's answers.
type myPlanView struct {
	web.Base
	Version  string
	Blocks   []pdf.Block
	State    string // of the partner's own signature, "" if there is none
	Signed   bool   // this version is signed
	Lines    []myPlanLine
	Name     string // as typed
	Line     string
	Key      string
	Problems fault.Fields
}

// A myPlanLine is a partner's comment on what they see differently.
type myPlanLine struct{ When, Text string }

var myPlanPage = web.NewPage[myPlanView]("portal/treatment_plan.html")

// myPlan returns the shared plan and this partner's answers, or fault.NotFound if no plan was
// shared.
func (s *Server) myPlan(c *gin.Context) (couples.Couple, treatment.Version, []treatment.Answer, error) {
	couple, me, err := s.Me(c)
	if err != nil {
		return couple, treatment.Version{}, nil, err
	}
	v, err := s.Treatment.Newest(c.Request.Context(), couple)
	if err == nil && !v.IsShared() {
		err = fault.NotFound
	}
	if err != nil {
		return couple, v, nil, err
	}
	answers, err := s.Treatment.Answers(c.Request.Context(), couple, v, me)
	return couple, v, answers, err
}

func (s *Server) showMyPlan(c *gin.Context) error {
	return s.drawMyPlan(c, http.StatusOK, myPlanForm{}, nil)
}

func (s *Server) drawMyPlan(c *gin.Context, status int, typed myPlanForm, problems fault.Fields) error {
	_, v, answers, err := s.myPlan(c)
	if err != nil {
		return err
	}
	view := myPlanView{
		Base: web.PageBase(c, "plan.title"), Version: v.ID, Blocks: s.PlanBlocks(c, v.Plan), Name: typed.Name,
		Line: typed.Line, Key: rand.Text(), Problems: problems,
	}
	if signed := treatment.Signature(answers); signed.ID != "" {
		day := web.Date(c, signed.When(), "date.day")
		view.State = web.Tell(c, "consent.signed_on_as", day, signed.Words)
		if view.Signed = signed.VersionID == v.ID; !view.Signed {
			view.State = web.Tell(c, "plan.signed_earlier", day)
		}
	}
	for _, a := range slices.Backward(answers) {
		if a.Kind == treatment.Disagreed {
			view.Lines = append(view.Lines, myPlanLine{web.Date(c, a.When(), "date.day"), a.Words})
		}
	}
	return web.Render(c, status, myPlanPage, view)
}

type myPlanForm struct {
	Answer  string `form:"answer"`
	Version string `form:"version"`
	Read    string `form:"read"`
	Name    string `form:"name"`
	Line    string `form:"line"`
	Key     string `form:"key"`
}

// reply returns the form as a treatment.Reply.
func (f myPlanForm) reply() treatment.Reply {
	r := treatment.Reply{
		Version: f.Version, Kind: treatment.Kind(f.Answer), Read: f.Read == "yes", Words: f.Name, FormKey: f.Key,
	}
	if r.Kind == treatment.Disagreed {
		r.Words = f.Line
	}
	return r
}

// answerMyPlan signs the plan or stores what the partner sees differently.
func (s *Server) answerMyPlan(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[myPlanForm](c)
	if err != nil {
		return err
	}
	reply := form.reply()
	reply.Zone = web.LoginOf(c).Zone().String()
	err = s.Treatment.Reply(c.Request.Context(), couple, me, reply, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawMyPlan(c, http.StatusUnprocessableEntity, form, problems)
	}
	if errors.Is(err, fault.Conflict) {
		return s.drawMyPlan(c, http.StatusConflict, form,
			fault.Fields{"main": "error.plan_changed"})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/my/treatment-plan", "saved")
}

// printMyPlan sends the plan, with the partner's own signature if it is for this version.
func (s *Server) printMyPlan(c *gin.Context) error {
	couple, v, answers, err := s.myPlan(c)
	if err != nil {
		return err
	}
	paper := treatment.PrintSetup{SharedAt: v.SharedAt}
	if signed := treatment.Signature(answers); signed.VersionID == v.ID {
		paper.Signature = signed
	}
	return s.DownloadPlan(c, couple, v.Plan, paper)
}

// A planLine is the state of the treatment plan for the partner's home page.
type planLine struct{ Shared, New bool }
