package staff

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/web"
	"mend/internal/fault"
)

// colleaguesView lists who works in the practice, for its owner.
type colleaguesView struct {
	web.Base
	List       []colleagueLine
	Counselors []accounts.Counselor // whose couples can be supervised
	Roles      []roleChoice
	Form       colleagueForm
	Code       string // of a new invitation, shown once
	CodeFor    string
	QR         web.QrCode
	Hours      string // before a new code for a sign-in in use takes effect
	Problems   fault.Fields
}

type colleagueLine struct {
	accounts.Colleague
	Me         bool
	State      string
	Supervises []supervisionLine
}

// IsSupervisor reports whether this colleague can be assigned people to supervise.
func (l colleagueLine) IsSupervisor() bool { return l.Role == accounts.Supervisor }

type supervisionLine struct{ ID, Whom string }

type roleChoice struct {
	Value accounts.Role
	Label string
}

var roleChoices = []roleChoice{
	{accounts.Member, "Counselor: couples of their own"},
	{accounts.Supervisor, "Supervisor: signed notes of those they supervise"},
	{accounts.FrontDesk, "Front desk: dates and contacts, no content"},
	{accounts.Owner, "Owner: couples of their own, and this practice"},
}

type colleagueForm struct {
	Name  string `form:"name"`
	Email string `form:"email"`
	Role  string `form:"role"`
}

var colleaguesPage = web.NewPage[colleaguesView]("staff/settings/colleagues.html")

func (s *Server) showColleagues(c *gin.Context) error {
	return s.drawColleagues(c, http.StatusOK, colleaguesView{Form: colleagueForm{Role: string(accounts.Member)}})
}

// drawColleagues renders the page, keeping what view already holds.
func (s *Server) drawColleagues(c *gin.Context, status int, view colleaguesView) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	view.Base, view.Roles = web.PageBase(c, "Colleagues"), roleChoices
	if view.Hours == "" {
		hours, err := s.Accounts.WaitHours(ctx, l.PracticeID)
		if err != nil {
			return err
		}
		view.Hours = strconv.Itoa(hours)
	}
	people, err := s.Accounts.Colleagues(ctx, l.PracticeID, s.Now())
	if err != nil {
		return err
	}
	given, err := s.Couples.Supervisions(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, p := range people {
		names[p.ID] = p.Name
		if p.Role == accounts.Member || p.Role == accounts.Owner {
			view.Counselors = append(view.Counselors, p.Counselor)
		}
	}
	for _, p := range people {
		line := colleagueLine{Colleague: p, Me: p.ID == l.CounselorID, State: stateOf(p, l.Zone())}
		for _, g := range given {
			if g.Supervisor == p.ID {
				line.Supervises = append(line.Supervises, supervisionLine{g.ID, supervisedLabel(names[g.CounselorID], g.RecordNo)})
			}
		}
		view.List = append(view.List, line)
	}
	return web.Render(c, status, colleaguesPage, view)
}

func supervisedLabel(counselor, recordNo string) string {
	if recordNo != "" {
		return "The couple " + recordNo
	}
	return "All couples of " + counselor
}

func stateOf(p accounts.Colleague, zone *time.Location) string {
	switch {
	case p.InvitedUntil != nil:
		return "Invited until " + web.Moment(*p.InvitedUntil, zone)
	case p.DisabledAt != nil:
		return "Cannot sign in"
	case p.Waiting():
		return "The invitation has ended"
	}
	return ""
}

// inviteColleague shows the code of a new invitation once.
func (s *Server) inviteColleague(c *gin.Context) error {
	form, err := web.Bind[colleagueForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	colleague := accounts.Counselor{Name: form.Name, Email: form.Email, Role: accounts.Role(form.Role)}
	code, err := s.Accounts.InviteColleague(c.Request.Context(), l.PracticeID, l.CounselorID, &colleague, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawColleagues(c, http.StatusUnprocessableEntity, colleaguesView{Form: form, Problems: problems})
	}
	if err != nil {
		return err
	}
	return s.showCodeOf(c, colleague.Name, code)
}

func (s *Server) showCodeOf(c *gin.Context, name, code string) error {
	qr, err := web.DrawQR(s.URL + "/colleague#" + code)
	if err != nil {
		return err
	}
	return s.drawColleagues(c, http.StatusOK, colleaguesView{Code: code, CodeFor: name, QR: qr})
}

type changeColleagueForm struct {
	Do        string `form:"do"` // role, disable, invite, supervise or end
	Role      string `form:"role"`
	Counselor string `form:"counselor"`
	RecordNo  string `form:"record_no"`
	ID        string `form:"id"` // of a supervision
}

// changeColleague performs one action on the colleague in the path.
func (s *Server) changeColleague(c *gin.Context) error {
	form, err := web.Bind[changeColleagueForm](c)
	if err != nil {
		return err
	}
	ctx, l, colleague, did := c.Request.Context(), web.LoginOf(c), c.Param("colleague"), "saved"
	switch form.Do {
	case "role":
		did, err = "role", s.Accounts.SetRole(ctx, l.PracticeID, l.CounselorID, colleague, accounts.Role(form.Role), s.Now())
	case "disable":
		did, err = "disabled", s.Accounts.Disable(ctx, l.PracticeID, l.CounselorID, colleague, s.Now())
	case "invite":
		return s.inviteAgain(c, colleague)
	case "supervise":
		err = s.Couples.Supervise(ctx, l.PracticeID, l.CounselorID, colleague, form.Counselor, form.RecordNo, s.Now())
	case "end":
		err = s.Couples.EndSupervision(ctx, l.PracticeID, l.CounselorID, form.ID)
	default:
		err = fault.Malformed
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawColleagues(c, http.StatusUnprocessableEntity, colleaguesView{Problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/colleagues", did)
}

func (s *Server) inviteAgain(c *gin.Context, colleague string) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	code, err := s.Accounts.InviteAgain(ctx, l.PracticeID, l.CounselorID, colleague, s.Now())
	if err != nil {
		return err
	}
	who, err := s.Accounts.FindCounselor(ctx, l.PracticeID, colleague)
	if err != nil {
		return err
	}
	return s.showCodeOf(c, who.Name, code)
}

type waitForm struct {
	Hours string `form:"hours"`
}

// setWaitHours stores how long a new code waits before it takes effect.
func (s *Server) setWaitHours(c *gin.Context) error {
	form, err := web.Bind[waitForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	hours, err := strconv.Atoi(form.Hours)
	if err != nil {
		hours = 0
	}
	err = s.Accounts.SetWaitHours(c.Request.Context(), l.PracticeID, l.CounselorID, hours)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawColleagues(c, http.StatusUnprocessableEntity, colleaguesView{Problems: problems, Hours: form.Hours})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/colleagues", "saved")
}
