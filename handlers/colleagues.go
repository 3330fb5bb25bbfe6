package handlers

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// colleaguesView is who works in the practice, for its owner.
type colleaguesView struct {
	base
	List       []colleagueLine
	Counselors []accounts.Counselor // whose couples can be supervised
	Roles      []roleChoice
	Form       colleagueForm
	Code       string // of an invitation just made, shown once
	CodeFor    string
	QR         qrCode
	Hours      string // that a new code for a sign-in in use waits
	Problems   fault.Fields
}

type colleagueLine struct {
	accounts.Colleague
	Me         bool
	State      string
	Supervises []supervisionLine
}

// IsSupervisor tells whether there is somebody to give to this colleague.
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

var colleaguesPage = page[colleaguesView]("settings/colleagues.html")

func (s *server) showColleagues(c *gin.Context) error {
	return s.drawColleagues(c, http.StatusOK, colleaguesView{Form: colleagueForm{Role: string(accounts.Member)}})
}

// drawColleagues draws the page with what view already holds.
func (s *server) drawColleagues(c *gin.Context, status int, view colleaguesView) error {
	ctx, l := c.Request.Context(), login(c)
	view.base, view.Roles = pageBase(c, "Colleagues"), roleChoices
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
				line.Supervises = append(line.Supervises, supervisionLine{g.ID, whom(names[g.CounselorID], g.RecordNo)})
			}
		}
		view.List = append(view.List, line)
	}
	return render(c, status, colleaguesPage, view)
}

func whom(counselor, recordNo string) string {
	if recordNo != "" {
		return "The couple " + recordNo
	}
	return "All couples of " + counselor
}

func stateOf(p accounts.Colleague, zone *time.Location) string {
	switch {
	case p.InvitedUntil != nil:
		return "Invited until " + moment(*p.InvitedUntil, zone)
	case p.DisabledAt != nil:
		return "Cannot sign in"
	case p.Waiting():
		return "The invitation has ended"
	}
	return ""
}

// inviteColleague shows the code of a new invitation, this once.
func (s *server) inviteColleague(c *gin.Context) error {
	form, err := bind[colleagueForm](c)
	if err != nil {
		return err
	}
	l := login(c)
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

func (s *server) showCodeOf(c *gin.Context, name, code string) error {
	qr, err := drawQR(s.URL + "/colleague#" + code)
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

// changeColleague does one thing about the colleague of the path.
func (s *server) changeColleague(c *gin.Context) error {
	form, err := bind[changeColleagueForm](c)
	if err != nil {
		return err
	}
	ctx, l, colleague, did := c.Request.Context(), login(c), c.Param("colleague"), "saved"
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
	return redirect(c, "/settings/colleagues", did)
}

func (s *server) inviteAgain(c *gin.Context, colleague string) error {
	ctx, l := c.Request.Context(), login(c)
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

type colleagueJoinForm struct {
	Code     string `form:"code"`
	Password string `form:"password"`
	Proof    string `form:"proof"`
	Passkey  string `form:"passkey"` // the answer of one
}

type colleagueJoinView struct {
	base
	Form     colleagueJoinForm
	Problems fault.Fields
	Passkey  string // what one is to sign, as JSON
}

var colleagueJoinPage = page[colleagueJoinView]("colleague.html")

// colleagueBase is of a page that no partner is led to.
var colleagueBase = base{Title: "Welcome to the practice", Look: "door"}

func (s *server) showColleague(c *gin.Context) error {
	return render(c, http.StatusOK, colleagueJoinPage, colleagueJoinView{base: colleagueBase})
}

// joinColleague gives an invited colleague the password they chose, and signs
// them in.
func (s *server) joinColleague(c *gin.Context) error {
	form, err := bind[colleagueJoinForm](c)
	if err != nil {
		return err
	}
	token, err := s.Accounts.JoinColleagueWith(c.Request.Context(), browserOf(c, false), accounts.Joining{
		Code: form.Code, Password: form.Password,
		Proof: form.Proof, Passkey: form.Passkey, Party: s.party,
	}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		asked, err := s.passkeyForCode(c, form.Code, problems)
		if err != nil {
			return err
		}
		again := colleagueJoinForm{Code: strings.TrimSpace(form.Code)}
		return render(c, http.StatusUnprocessableEntity, colleagueJoinPage,
			colleagueJoinView{colleagueBase, again, problems, asked})
	}
	if err != nil {
		return err
	}
	s.endOldLogin(c)
	if err := s.begin(c, token); err != nil {
		return err
	}
	return redirect(c, "/settings/security", "")
}
