package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/pdf"
	"mend/sessions"
	"mend/worksheets"
)

const glassKey = "glass"

// A glassLine is a record that is open to an owner, as each page says.
type glassLine struct{ Couple, RecordNo, Until string }

// loadEmergencyAccess remembers for the request which records are open to an owner, so
// that every page says so.
func (s *server) loadEmergencyAccess(c *gin.Context, l accounts.Login) error {
	if !l.IsOwner() {
		return nil
	}
	open, err := s.Couples.Glasses(c.Request.Context(), l.PracticeID, l.CounselorID, s.Now())
	if err != nil {
		return err
	}
	var lines []glassLine
	for _, g := range open {
		lines = append(lines, glassLine{g.CoupleID, g.RecordNo, g.Until.In(l.Zone()).Format("3:04 PM")})
	}
	c.Set(glassKey, lines)
	return nil
}

func glassesOf(c *gin.Context) []glassLine {
	lines, _ := c.Get(glassKey)
	list, _ := lines.([]glassLine)
	return list
}

// breakGlassView is where an owner opens a record for an hour.
type breakGlassView struct {
	base
	Form     breakGlassForm
	Problems fault.Fields
}

type breakGlassForm struct {
	RecordNo string `form:"record_no"`
	Reason   string `form:"reason"`
	Password string `form:"password"`
}

var breakGlassPage = page[breakGlassView]("emergency_access/open.html")

func (s *server) showBreakGlass(c *gin.Context) error {
	return render(c, http.StatusOK, breakGlassPage,
		breakGlassView{base: pageBase(c, "Open a record"), Form: breakGlassForm{RecordNo: c.Query("record")}})
}

// breakGlass takes the password with the form, so that nothing typed is lost
// by asking for it.
func (s *server) breakGlass(c *gin.Context) error {
	form, err := bind[breakGlassForm](c)
	if err != nil {
		return err
	}
	ctx, l, couple := c.Request.Context(), login(c), ""
	token, err := s.Accounts.StepUp(ctx, l, browserOf(c, false), "break-glass", form.Password, s.Now())
	if err == nil {
		s.setCookie(c, token)
		couple, err = s.Couples.BreakGlass(ctx, l.PracticeID, l.CounselorID, form.RecordNo, unix(form.Reason), s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		form.Password = ""
		return render(c, http.StatusUnprocessableEntity, breakGlassPage,
			breakGlassView{pageBase(c, "Open a record"), form, problems})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/break-glass/"+couple, "")
}

func (s *server) endGlass(c *gin.Context) error {
	l := login(c)
	if err := s.Couples.EndGlass(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("couple"), s.Now()); err != nil {
		return err
	}
	return redirect(c, "/break-glass", "closed")
}

// throughGlass returns the couple of the path, while it is open to the owner.
func (s *server) throughGlass(c *gin.Context) (couples.Couple, couples.EmergencyAccess, error) {
	l := login(c)
	return s.Couples.FindThroughGlass(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"), s.Now())
}

// glassView is the record of a couple: what belongs to both, and the
// counselor's words about the couple.
type glassView struct {
	base
	Couple   couples.Couple
	Reason   string
	Breaches []breachLine
	Steps    []stepLine
	Sessions []sessionLine
	Pages    []homeworkLine
}

var glassPage = page[glassView]("emergency_access/record.html")

func (s *server) showThroughGlass(c *gin.Context) error {
	couple, g, err := s.throughGlass(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	view := glassView{base: pageBase(c, couple.Names()), Couple: couple, Reason: g.Reason, Breaches: s.breachLines(couple)}
	standings, err := s.Sessions.Standings(ctx, couple)
	if err != nil {
		return err
	}
	view.Steps = s.stepLines(standings)
	listed, err := s.Sessions.ForCouple(ctx, couple)
	if err != nil {
		return err
	}
	for _, l := range listed {
		view.Sessions = append(view.Sessions, s.sessionLine(l, view.Login.Zone()))
	}
	pages, err := s.Worksheets.ForCouple(ctx, couple)
	if err != nil {
		return err
	}
	for _, p := range pages {
		if p.IsJoint() && p.Sent() {
			view.Pages = append(view.Pages, homeworkLineOf(p, couple))
		}
	}
	return render(c, http.StatusOK, glassPage, view)
}

// glassSessionView is what was typed in a session.
type glassSessionView struct {
	base
	Couple couples.Couple
	ID     string
	When   string
	Spent  timesLine
	Noted  []notedLine
	Done   []string
	Signed bool
}

var glassSessionPage = page[glassSessionView]("emergency_access/session.html")

func (s *server) sessionThroughGlass(c *gin.Context) (couples.Couple, sessions.Session, error) {
	couple, _, err := s.throughGlass(c)
	if err != nil {
		return couple, sessions.Session{}, err
	}
	session, err := s.Sessions.FindIn(c.Request.Context(), couple, c.Param("session"))
	return couple, session, err
}

func (s *server) showSessionThroughGlass(c *gin.Context) error {
	couple, session, err := s.sessionThroughGlass(c)
	if err != nil {
		return err
	}
	saved, times, _, err := s.soFar(c.Request.Context(), session, couple)
	if err != nil {
		return err
	}
	record, zone := sessions.Record(fields.Values(saved)), login(c).Zone()
	view := glassSessionView{
		base: pageBase(c, "Session of "+session.When().In(zone).Format("January 2, 2006")), Couple: couple, ID: session.ID,
		When: moment(session.When(), zone), Spent: spent(times), Noted: noted(record, couple), Signed: session.Signed,
	}
	step, _ := s.Sessions.Method().Step(session.Step)
	for _, a := range step.Activities {
		if record.Has("activity." + a.ID) {
			view.Done = append(view.Done, a.Title)
		}
	}
	return render(c, http.StatusOK, glassSessionPage, view)
}

func (s *server) showNoteThroughGlass(c *gin.Context) error {
	couple, session, err := s.sessionThroughGlass(c)
	if err != nil {
		return err
	}
	return s.showSigned(c, couple, session, "/break-glass/"+couple.ID)
}

// glassPageView is a joint page that is closed.
type glassPageView struct {
	base
	Couple couples.Couple
	Blocks []pdf.Block
}

var glassJointPage = page[glassPageView]("emergency_access/page.html")

func (s *server) showPageThroughGlass(c *gin.Context) error {
	couple, _, err := s.throughGlass(c)
	if err != nil {
		return err
	}
	f, err := s.Worksheets.Together(c.Request.Context(), couple, c.Param("assignment"))
	if err != nil {
		return err
	}
	blocks := worksheets.SentPage{Page: f.Page, Role: f.Role, Values: f.Values}.Blocks(false)
	return render(c, http.StatusOK, glassJointPage, glassPageView{pageBase(c, f.Worksheet.Title), couple, blocks})
}

// A brokenLine tells a couple's counselor that an owner opened the record.
type brokenLine struct{ ID, Couple, RecordNo, Who, From, Until, Reason string }

// broken returns what the counselor has not acknowledged yet.
func (s *server) broken(c *gin.Context) ([]brokenLine, error) {
	l, ctx := login(c), c.Request.Context()
	list, err := s.Couples.Broken(ctx, l.PracticeID, l.CounselorID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := s.Accounts.Counselors(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	var lines []brokenLine
	for _, g := range list {
		lines = append(lines,
			brokenLine{
				g.ID, g.CoupleID, g.RecordNo, nameOf(people, g.OwnerID), moment(g.BegunAt, l.Zone()),
				clock(g.Over(), l.Zone()), g.Reason,
			})
	}
	return lines, nil
}

func clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("3:04 PM") }

func (s *server) seeBroken(c *gin.Context) error {
	l := login(c)
	if err := s.Couples.SeeBroken(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("glass"), s.Now()); err != nil {
		return err
	}
	return redirect(c, "/follow-ups", "saved")
}
