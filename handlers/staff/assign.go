package staff

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/worksheets"
)

type homeworkView struct {
	web.Base
	Couple   couples.Couple
	Pages    []homeworkLine
	Groups   []worksheetGroup
	Form     giveForm
	Session  string
	Problems fault.Fields
	Core     []worksheets.Pathway // the core worksheets of each step
	Pathways []worksheets.Pathway // the practice's own pathways
	Facing   bool                 // both partners may see the screen, so what either has begun or sent is hidden
}

var homeworkPage = web.NewPage[homeworkView]("staff/couples/worksheets.html")

func (s *Server) showHomework(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form := giveForm{Key: rand.Text(), Worksheet: c.Query("worksheet")}
	if len(couple.Breaches) > 0 {
		form.Breach = couple.Breaches[0].ID
	}
	if form.Worksheet != "" {
		if err := s.fillAudience(c, couple, &form); err != nil {
			return err
		}
	}
	return s.drawHomework(c, http.StatusOK, couple, form, nil)
}

func (s *Server) drawHomework(c *gin.Context, status int, couple couples.Couple, form giveForm,
	problems fault.Fields,
) error {
	pages, err := s.Worksheets.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	pathways, err := s.Worksheets.Pathways(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	groups, err := s.assignable(c)
	if err != nil {
		return err
	}
	view := homeworkView{
		Base: web.PageBase(c, "Homework"), Couple: couple, Core: s.Worksheets.Catalogue().CorePathways(), Pathways: pathways,
		Groups: groups, Form: form, Problems: problems,
	}
	if _, view.Facing, err = s.Sessions.Presenting(c.Request.Context(), couple.PracticeID,
		couple.CounselorID); err != nil {
		return err
	}
	if !view.Facing {
		view.Pages = s.homeworkLines(c, pages, couple)
	}
	return web.Render(c, status, homeworkPage, view)
}

// assignable returns the worksheets that can be assigned: by step, core ones first, then the
// practice's own.
func (s *Server) assignable(c *gin.Context) ([]worksheetGroup, error) {
	var groups []worksheetGroup
	for _, step := range s.Sessions.Method().Steps {
		lines := s.worksheetLines(step)
		slices.SortStableFunc(lines, func(a, b worksheetLine) int {
			switch {
			case a.Core == b.Core:
				return 0
			case a.Core:
				return -1
			}
			return 1
		})
		groups = append(groups, worksheetGroup{step.Title, lines})
	}
	own, err := s.ownGroup(c)
	return append(groups, own...), err
}

// fillAudience sets who fills in the worksheet if the form does not name anyone.
func (s *Server) fillAudience(c *gin.Context, couple couples.Couple, form *giveForm) error {
	if form.To != "" {
		return nil
	}
	d, err := s.Worksheets.Find(c.Request.Context(), couple.PracticeID, form.Worksheet)
	if errors.Is(err, fault.NotFound) {
		return nil // the form's worksheet field is refused later
	}
	form.To = string(d.UsualAudience(couple.Breach(form.Breach)))
	return err
}

// delivery returns when the worksheet is to open, as typed.
func (f giveForm) delivery() worksheets.Delivery {
	days, err := strconv.Atoi(strings.TrimSpace(f.Days))
	if err != nil {
		days = 0 // refused if the rule needs days
	}
	d := worksheets.Delivery{Rule: worksheets.Rule(f.Rule), ForSession: f.ForNext == "yes"}
	switch d.Rule {
	case worksheets.OnDate:
		d.Date = f.Date
	case worksheets.AfterDays:
		d.Days = days
	}
	return d
}

type giveForm struct {
	Worksheet string `form:"worksheet"`
	To        string `form:"to"`
	Breach    string `form:"breach"`
	Session   string `form:"session"` // assigned from this running session
	Anyway    string `form:"anyway"`  // confirmed although a prerequisite is missing
	Rule      string `form:"rule"`    // when it opens
	Date      string `form:"date"`
	Days      string `form:"days"`
	ForNext   string `form:"for_session"`
	Again     string `form:"again"`   // confirmed although the same worksheet is open already
	ReadBy    string `form:"read_by"` // when urgent answers will be read
	Key       string `form:"key"`
}

func (s *Server) giveHomework(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[giveForm](c)
	if err == nil {
		err = s.fillAudience(c, couple, &form)
	}
	if err != nil {
		return err
	}
	if form.Session != "" {
		l := web.LoginOf(c)
		session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, form.Session)
		if err != nil || session.CoupleID != couple.ID || session.Signed {
			return errors.Join(fault.NotFound, err)
		}
	}
	gift := worksheets.AssignRequest{
		Worksheet: form.Worksheet, To: worksheets.Audience(form.To), Breach: form.Breach, Session: form.Session,
		Anyway: form.Anyway == "yes", ReadBy: form.ReadBy, FormKey: form.Key, Delivery: form.delivery(),
	}
	if err = s.askWhetherAgain(c, couple, gift, form.Again == "yes"); err == nil {
		err = s.Worksheets.Give(c.Request.Context(), couple, gift, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawHomework(c, http.StatusUnprocessableEntity, couple, form, problems)
	}
	if err != nil {
		return err
	}
	if form.Session != "" {
		return web.Redirect(c, "/sessions/"+form.Session+"/run", "given")
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/worksheets", "given")
}

// askWhetherAgain returns fault.Fields if somebody has the same worksheet already and has not sent
// it, unless the counselor confirmed. It does not ask while both partners may see the screen: that
// would reveal what one of them has not sent.
func (s *Server) askWhetherAgain(c *gin.Context, couple couples.Couple,
	gift worksheets.AssignRequest, confirmed bool,
) error {
	_, facing, err := s.Sessions.Presenting(c.Request.Context(), couple.PracticeID, couple.CounselorID)
	if err != nil || facing || confirmed {
		return err
	}
	open, err := s.Worksheets.StillOpen(c.Request.Context(), couple, gift)
	if err != nil || len(open) == 0 {
		return err
	}
	who, has := "Both partners", "have"
	if len(open) == 1 && open[0] != worksheets.ToJoint {
		who, has = couple.Partner(couples.Side(open[0])).AddressAs, "has"
	}
	return fault.Fields{"again": i18n.Plain(
		"%s already %s this worksheet, not sent yet. Assign it again?", who, has)}
}
