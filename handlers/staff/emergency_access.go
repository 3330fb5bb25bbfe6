package staff

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/pdf"
	"mend/sessions"
	"mend/worksheets"
)

// emergencyAccessView holds the page on which an owner opens a record for one hour.
type emergencyAccessView struct {
	web.Base
	Form     emergencyAccessForm
	Problems fault.Fields
}

type emergencyAccessForm struct {
	RecordNo string `form:"record_no"`
	Reason   string `form:"reason"`
	Password string `form:"password"`
}

var emergencyAccessPage = web.NewPage[emergencyAccessView]("staff/emergency_access/open.html")

func (s *Server) showEmergencyAccess(c *gin.Context) error {
	return web.Render(c, http.StatusOK, emergencyAccessPage,
		emergencyAccessView{Base: web.PageBase(c, "Open a record"), Form: emergencyAccessForm{RecordNo: c.Query("record")}})
}

// openEmergencyAccess takes the password in the same form, so that nothing typed is lost to
// re-authentication.
func (s *Server) openEmergencyAccess(c *gin.Context) error {
	form, err := web.Bind[emergencyAccessForm](c)
	if err != nil {
		return err
	}
	ctx, l, couple := c.Request.Context(), web.LoginOf(c), ""
	token, err := s.Accounts.Reauthenticate(ctx, l, web.BrowserOf(c, false), "emergency access", form.Password, s.Now())
	if err == nil {
		s.SetCookie(c, token)
		couple, err = s.Couples.OpenEmergencyAccess(ctx, l.PracticeID, l.CounselorID, form.RecordNo,
			web.UnixLines(form.Reason), s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		form.Password = ""
		return web.Render(c, http.StatusUnprocessableEntity, emergencyAccessPage,
			emergencyAccessView{web.PageBase(c, "Open a record"), form, problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/emergency-access/"+couple, "")
}

func (s *Server) endEmergencyAccess(c *gin.Context) error {
	l := web.LoginOf(c)
	if err := s.Couples.EndEmergencyAccess(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("couple"), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/emergency-access", "closed")
}

// emergencyRecord returns the couple in the path, if its record is open to the owner.
func (s *Server) emergencyRecord(c *gin.Context) (couples.Couple, couples.EmergencyAccess, error) {
	l := web.LoginOf(c)
	return s.Couples.FindInEmergency(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"), s.Now())
}

// emergencyRecordView is a couple's record: what belongs to both partners, and the counselor's
// texts about the couple.
type emergencyRecordView struct {
	web.Base
	Couple   couples.Couple
	Reason   string
	Breaches []breachLine
	Steps    []web.StepLine
	Sessions []sessionLine
	Pages    []homeworkLine
}

var emergencyRecordPage = web.NewPage[emergencyRecordView]("staff/emergency_access/record.html")

func (s *Server) showEmergencyRecord(c *gin.Context) error {
	couple, g, err := s.emergencyRecord(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	view := emergencyRecordView{
		Base: web.PageBase(c, couple.Names()), Couple: couple, Reason: g.Reason,
		Breaches: s.breachLines(couple),
	}
	standings, err := s.Sessions.Standings(ctx, couple)
	if err != nil {
		return err
	}
	view.Steps = s.StepLines(standings)
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
	return web.Render(c, http.StatusOK, emergencyRecordPage, view)
}

// emergencySessionView shows what was typed in a session.
type emergencySessionView struct {
	web.Base
	Couple couples.Couple
	ID     string
	When   string
	Spent  timesLine
	Noted  []notedLine
	Done   []string
	Signed bool
}

var emergencySessionPage = web.NewPage[emergencySessionView]("staff/emergency_access/session.html")

func (s *Server) emergencySession(c *gin.Context) (couples.Couple, sessions.Session, error) {
	couple, _, err := s.emergencyRecord(c)
	if err != nil {
		return couple, sessions.Session{}, err
	}
	session, err := s.Sessions.FindIn(c.Request.Context(), couple, c.Param("session"))
	return couple, session, err
}

func (s *Server) showEmergencySession(c *gin.Context) error {
	couple, session, err := s.emergencySession(c)
	if err != nil {
		return err
	}
	saved, times, _, err := s.SessionState(c.Request.Context(), session, couple)
	if err != nil {
		return err
	}
	record, zone := sessions.Record(fields.Values(saved)), web.LoginOf(c).Zone()
	view := emergencySessionView{
		Base:   web.PageBase(c, "Session of "+session.When().In(zone).Format("January 2, 2006")),
		Couple: couple, ID: session.ID,
		When: web.Moment(session.When(), zone), Spent: spent(times), Noted: sessionTexts(record, couple),
		Signed: session.Signed,
	}
	step, _ := s.Sessions.Method().Step(session.Step)
	for _, a := range step.Activities {
		if record.Has("activity." + a.ID) {
			view.Done = append(view.Done, a.Title)
		}
	}
	return web.Render(c, http.StatusOK, emergencySessionPage, view)
}

func (s *Server) showEmergencyNote(c *gin.Context) error {
	couple, session, err := s.emergencySession(c)
	if err != nil {
		return err
	}
	return s.showSigned(c, couple, session, "/emergency-access/"+couple.ID)
}

// emergencyPageView shows a closed joint page.
type emergencyPageView struct {
	web.Base
	Couple couples.Couple
	Blocks []pdf.Block
}

var emergencyJointPage = web.NewPage[emergencyPageView]("staff/emergency_access/page.html")

func (s *Server) showEmergencyPage(c *gin.Context) error {
	couple, _, err := s.emergencyRecord(c)
	if err != nil {
		return err
	}
	f, err := s.Worksheets.JointPage(c.Request.Context(), couple, c.Param("assignment"))
	if err != nil {
		return err
	}
	blocks := worksheets.SentPage{Page: f.Page, Role: f.Role, Values: f.Values}.Blocks(false)
	return web.Render(c, http.StatusOK, emergencyJointPage,
		emergencyPageView{web.PageBase(c, f.Worksheet.Title), couple, blocks})
}

// An accessLine tells a couple's counselor that an owner opened the record.
type accessLine struct{ ID, Couple, RecordNo, Who, From, Until, Reason string }

// unseenAccesses returns what the counselor has not acknowledged yet.
func (s *Server) unseenAccesses(c *gin.Context) ([]accessLine, error) {
	l, ctx := web.LoginOf(c), c.Request.Context()
	list, err := s.Couples.UnseenAccesses(ctx, l.PracticeID, l.CounselorID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := s.Accounts.Counselors(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	var lines []accessLine
	for _, g := range list {
		lines = append(lines,
			accessLine{
				g.ID, g.CoupleID, g.RecordNo, web.NameOf(people, g.OwnerID), web.Moment(g.BegunAt, l.Zone()),
				web.Clock(g.Over(), l.Zone()), g.Reason,
			})
	}
	return lines, nil
}

func (s *Server) acknowledgeAccess(c *gin.Context) error {
	l := web.LoginOf(c)
	if err := s.Couples.AcknowledgeAccess(c.Request.Context(), l.PracticeID, l.CounselorID,
		c.Param("access"), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/follow-ups", "saved")
}
