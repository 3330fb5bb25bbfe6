package staff

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"
)

// A homeworkLine is a page that was given, with the state of its answer.
type homeworkLine struct {
	ID, Title, For, State string
	Begun, Sent, New      bool
	Waits                 bool // its partner does not see it yet
	Handover              bool // part of it can be answered on the counselor's device
}

func (s *Server) homeworkLines(c *gin.Context, pages []worksheets.Page, couple couples.Couple) []homeworkLine {
	var lines []homeworkLine
	for _, p := range pages {
		if !p.Portal {
			continue
		}
		line := homeworkLineOf(p, couple)
		if when := opensWhen(p, s.Now(), web.LoginOf(c).Zone()); when != "" {
			line.State, line.Waits = when, true
		}
		lines = append(lines, line)
	}
	return lines
}

// opensWhen says when a page that its partner does not see yet will open, and
// "" of one that is open.
func opensWhen(p worksheets.Page, now time.Time, zone *time.Location) string {
	switch {
	case p.OpensAt != nil && !p.OpensAt.After(now):
		return ""
	case p.OpensAt != nil:
		return "Opens " + p.OpensAt.In(zone).Format("Monday, January 2")
	case p.AfterID != nil:
		return "Opens after the previous one"
	}
	return "Opens when you say so"
}

// openFirst returns at most n lines: what came in, then what is not sent, then
// the rest.
func openFirst(lines []homeworkLine, n int) []homeworkLine {
	rank := func(l homeworkLine) int {
		switch {
		case l.New:
			return 0
		case !l.Sent:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(lines, func(a, b homeworkLine) int { return rank(a) - rank(b) })
	return lines[:min(n, len(lines))]
}

func homeworkLineOf(p worksheets.Page, couple couples.Couple) homeworkLine {
	state := "Not started"
	switch {
	case p.IsJoint() && p.Sent():
		state = "Closed"
	case p.IsJoint() && p.ActiveAt != nil:
		state = "Open to both"
	case p.IsJoint():
		state = "Needs your review"
	case p.Sent() && p.ReadAt == nil:
		state = "Received"
	case p.Sent():
		state = "Read"
	case p.BegunAt != nil:
		state = "In progress"
	}
	who := couple.Partner(p.Side).AddressAs
	switch {
	case p.IsJoint():
		who = couple.Names()
	case p.IsSlip():
		who += ", own answer"
	}
	_, handover := p.Worksheet.Handover()
	return homeworkLine{
		ID: p.Assignment.ID, Title: p.Worksheet.Title, For: who, State: state, Begun: p.BegunAt != nil, Sent: p.Sent(),
		New: p.Sent() && p.ReadAt == nil, Handover: handover && !p.Sent(),
	}
}

type homeworkView struct {
	web.Base
	Couple   couples.Couple
	Pages    []homeworkLine
	Groups   []worksheetGroup
	Form     giveForm
	Session  string
	Problems fault.Fields
	Core     []worksheets.Pathway // the core of each step
	Pathways []worksheets.Pathway // the practice's own
	Facing   bool                 // both look on: what either has begun or sent is not theirs to see
}

// A worksheetGroup is the core worksheets, the further ones of a step, or the practice's own.
type worksheetGroup struct {
	Title string
	List  []worksheetLine
}

type worksheetLine struct {
	ID, Title, Purpose, FilledBy, Privacy, OpensWhen string
	Portal, Locked, Core                             bool
}

var filledBy = map[worksheets.FilledBy]string{
	worksheets.Each: "Each partner (separate copies)", worksheets.Joint: "Both together",
	worksheets.ByHurt:  "The partner who was hurt",
	worksheets.ByBroke: "The partner who broke trust", worksheets.WithCounselor: "The counselor, with each partner alone",
}

var privacyWords = map[worksheets.Privacy]string{
	worksheets.Private: "Private to counselor", worksheets.OnRelease: "Shared only after release",
	worksheets.OnSubmit: "Shared with partner by design",
}

func worksheetLineOf(d worksheets.Definition) worksheetLine {
	return worksheetLine{
		ID: d.ID, Title: d.Title, Purpose: d.Purpose, FilledBy: filledBy[d.FilledBy], Privacy: privacyWords[d.Privacy],
		OpensWhen: d.OpensWhen, Portal: d.Portal, Locked: d.Locked,
	}
}

func (s *Server) worksheetLines(step sessions.Step) []worksheetLine {
	var lines []worksheetLine
	for _, d := range s.Worksheets.Catalogue().ForStep(step.Number) {
		line := worksheetLineOf(d)
		line.Core = s.Worksheets.Catalogue().IsCore(d.ID)
		lines = append(lines, line)
	}
	return lines
}

// catalogueGroups are the core worksheets in one group, and the rest by step.
func (s *Server) catalogueGroups() []worksheetGroup {
	groups := []worksheetGroup{{Title: "Core"}}
	for _, step := range s.Sessions.Method().Steps {
		more := worksheetGroup{Title: "More: " + step.Title}
		for _, line := range s.worksheetLines(step) {
			if line.Core {
				groups[0].List = append(groups[0].List, line)
			} else {
				more.List = append(more.List, line)
			}
		}
		groups = append(groups, more)
	}
	return groups
}

// worksheetGroups are what can be given: the catalogue, and what the practice
// has of its own.
func (s *Server) worksheetGroups(c *gin.Context) ([]worksheetGroup, error) {
	groups := s.catalogueGroups()
	owns, err := s.Worksheets.OwnPublished(c.Request.Context(), web.LoginOf(c).PracticeID)
	if len(owns) > 0 {
		own := worksheetGroup{Title: "Your own"}
		for _, d := range owns {
			own.List = append(own.List, worksheetLineOf(d))
		}
		groups = append(groups, own)
	}
	return groups, err
}

var homeworkPage = web.NewPage[homeworkView]("staff/couples/worksheets.html")

func (s *Server) showHomework(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	return s.drawHomework(c, http.StatusOK, couple, giveForm{Key: rand.Text(), Worksheet: c.Query("worksheet")}, nil)
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
	groups, err := s.worksheetGroups(c)
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

// delivery is when the worksheet is to open, as typed.
func (f giveForm) delivery() worksheets.Delivery {
	days, err := strconv.Atoi(strings.TrimSpace(f.Days))
	if err != nil {
		days = 0 // refused, where it matters
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
	Session   string `form:"session"` // given from this session's run
	Anyway    string `form:"anyway"`  // although something should come first
	Rule      string `form:"rule"`    // when it opens
	Date      string `form:"date"`
	Days      string `form:"days"`
	ForNext   string `form:"for_session"`
	Again     string `form:"again"`   // although it is open already
	ReadBy    string `form:"read_by"` // when answers that cannot wait will be read
	Key       string `form:"key"`
}

func (s *Server) giveHomework(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[giveForm](c)
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

type recordView struct {
	web.Base
	Couple   couples.Couple
	Sessions []sessionLine
}

var recordPage = web.NewPage[recordView]("staff/couples/record.html")

func (s *Server) showRecord(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	listed, err := s.Sessions.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	view := recordView{Base: web.PageBase(c, "Record"), Couple: couple}
	for _, l := range listed {
		view.Sessions = append(view.Sessions, s.sessionLine(l, view.Login.Zone()))
	}
	return web.Render(c, http.StatusOK, recordPage, view)
}

// askWhetherAgain returns fault.Fields where somebody has the same worksheet already
// and has not sent it, unless the counselor has confirmed it. While both look on
// nothing is asked: it would tell what one of them has not sent.
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
	return fault.Fields{"again": who + " already " + has + " this worksheet, not sent yet. Assign it again?"}
}
