package staff

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// A safetyForm is the safety settings as typed. The crisis lines are six parallel lists, one for
// each part of a line.
type safetyForm struct {
	AppName       string   `form:"app_name"`
	ExitURL       string   `form:"exit_url"`
	Region        string   `form:"region"`
	For           []string `form:"for"`
	Answers       []string `form:"answers"`
	Hours         []string `form:"hours"`
	Call          []string `form:"call"`
	Text          []string `form:"text"`
	Web           []string `form:"web"`
	CoverName     string   `form:"cover_name"`
	CoverContact  string   `form:"cover_contact"`
	NoCover       string   `form:"no_cover"`
	EscalateHours string   `form:"escalate_hours"`
	Reviewed      string   `form:"reviewed"`
	Base          int      `form:"base"`
	Do            string   `form:"do"` // "pack" loads the region's lines
}

// lines returns the form's crisis lines without the empty ones.
func (f safetyForm) lines() (accounts.CrisisLines, error) {
	for _, list := range [][]string{f.Answers, f.Hours, f.Call, f.Text, f.Web} {
		if len(list) != len(f.For) {
			return nil, fmt.Errorf("crisis lines: %w", fault.Malformed)
		}
	}
	var lines accounts.CrisisLines
	for i := range f.For {
		web, _ := strings.CutPrefix(strings.TrimSpace(f.Web[i]), "https://")
		line := accounts.CrisisLine{
			For: strings.TrimSpace(f.For[i]), Answers: strings.TrimSpace(f.Answers[i]),
			Hours: strings.TrimSpace(f.Hours[i]), Call: strings.TrimSpace(f.Call[i]),
			Text: strings.TrimSpace(f.Text[i]), Web: strings.TrimSuffix(web, "/"),
		}
		if line != (accounts.CrisisLine{}) {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

func (f safetyForm) safety() (accounts.Safety, error) {
	lines, err := f.lines()
	hours, _ := strconv.Atoi(strings.TrimSpace(f.EscalateHours)) // a non-number becomes 0, which is refused
	return accounts.Safety{
		PublicFrame: accounts.PublicFrame{
			AppName: strings.TrimSpace(f.AppName),
			ExitURL: strings.TrimSpace(f.ExitURL), Lines: lines,
		},
		Region: f.Region, CoverName: strings.TrimSpace(f.CoverName), CoverContact: strings.TrimSpace(f.CoverContact),
		NoCover: web.UnixLines(f.NoCover), EscalateHours: hours, Revision: f.Base,
	}, err
}

type safetyView struct {
	web.Base
	Form     safetyForm
	Lines    []crisisFields
	Regions  []accounts.CrisisRegion
	Reviewed string // when the lines were confirmed
	Problems fault.Fields
}

// crisisFields holds the form fields of one line.
type crisisFields struct {
	accounts.CrisisLine
	Number  int
	ID      string
	Problem i18n.Message
	Checked string // when and where a person checked it; "" if nobody did
	Shipped bool   // unchanged from the region's list
}

var safetyPage = web.NewPage[safetyView]("staff/settings/safety.html")

func (s *Server) showSafety(c *gin.Context) error {
	safety, err := s.Accounts.FindSafety(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	form := safetyForm{
		AppName: safety.AppName, ExitURL: safety.ExitURL, Region: safety.Region, CoverName: safety.CoverName,
		CoverContact: safety.CoverContact, NoCover: safety.NoCover,
		EscalateHours: strconv.Itoa(safety.EscalateHours), Base: safety.Revision,
	}
	return s.askSafety(c, http.StatusOK, form, safety.Lines, nil)
}

func (s *Server) askSafety(c *gin.Context, status int, form safetyForm, lines accounts.CrisisLines,
	problems fault.Fields,
) error {
	stored, err := s.Accounts.FindSafety(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	if status == http.StatusConflict {
		form.Base = stored.Revision
	}
	view := safetyView{Base: web.PageBase(c, "Safety"), Form: form, Regions: accounts.CrisisRegions(), Problems: problems}
	region, err := accounts.FindCrisisRegion(form.Region)
	if err != nil {
		region = accounts.CrisisRegion{} // an unknown region has no lines
	}
	for i := range len(lines) + homework.Spare {
		fields := crisisFields{Number: i + 1, ID: fmt.Sprintf("line-%d", i)}
		fields.Problem = problems[fields.ID]
		if i < len(lines) {
			fields.CrisisLine = lines[i]
			fields.Shipped, fields.Checked = slices.Contains(region.Lines, lines[i]), checkedWords(region.CheckOf(lines[i]))
		}
		view.Lines = append(view.Lines, fields)
	}
	if stored.Reviewed() {
		view.Reviewed = stored.ReviewedAt.In(web.LoginOf(c).Zone()).Format("January 2, 2006")
	}
	return web.Render(c, status, safetyPage, view)
}

// checkedWords describes when and where a line was checked, or returns "" if it was not.
func checkedWords(c accounts.Check) string {
	day, err := time.Parse(time.DateOnly, c.Day)
	if err != nil {
		return ""
	}
	return "Checked on " + day.Format("January 2, 2006") + ": " + c.Where
}

// reviewSafety stores the settings once the owner has confirmed every line, or loads the lines of
// another region into the form.
func (s *Server) reviewSafety(c *gin.Context) error {
	form, err := web.Bind[safetyForm](c)
	if err != nil {
		return err
	}
	safety, err := form.safety()
	if err != nil {
		return err
	}
	if form.Do == "pack" {
		region, err := accounts.FindCrisisRegion(form.Region)
		if err != nil {
			return err
		}
		form.Reviewed = ""
		return s.askSafety(c, http.StatusOK, form, region.Lines, nil)
	}
	bad := fault.Fields{}
	if form.Reviewed != "yes" {
		bad["reviewed"] = "Confirm that you’ve verified every resource."
	}
	if err = bad.And(safety.Validate()); err == nil {
		err = s.Accounts.ReviewSafety(c.Request.Context(), web.LoginOf(c).PracticeID,
			web.LoginOf(c).CounselorID, safety, s.Now())
	}
	if status, problems := formProblems(err); problems != nil {
		return s.askSafety(c, status, form, safety.Lines, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/safety", "reviewed")
}
