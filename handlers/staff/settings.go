package staff

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/web"
	"mend/internal/fault"
)

// A changedPractice is the practice's form with the revision that it was loaded from.
type changedPractice struct {
	web.PracticeForm
	Formal  string `form:"formal_spanish"`
	Insurer string `form:"insurer_block"`
	Base    int    `form:"base"`
}

// checkboxValue returns the form value of a checkbox.
func checkboxValue(ticked bool) string {
	if ticked {
		return "yes"
	}
	return ""
}

type practiceView struct {
	web.Base
	Form        changedPractice
	Problems    fault.Fields
	Certificate accounts.Certificate
	Until       string // the certificate's last day
	Hours       string // of reminders, before an appointment
	Days        string // within which record requests are answered
	MailFrom    string // where replies and bounces go; "" if this installation sends no mail
}

var practicePage = web.NewPage[practiceView]("staff/settings/practice.html")

func (s *Server) showPractice(c *gin.Context) error {
	return s.practiceAgain(c, http.StatusOK, practiceNumbers{}, nil)
}

// practiceNumbers holds the separate forms on the practice's page, as typed.
type practiceNumbers struct{ Hours, Days string }

// practiceAgain renders the stored settings with the numbers that somebody typed.
func (s *Server) practiceAgain(c *gin.Context, status int, typed practiceNumbers, problems fault.Fields) error {
	p, err := s.Accounts.FindPractice(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	form := changedPractice{
		web.FormOfPractice(p),
		checkboxValue(p.Formal), checkboxValue(p.Insurer), p.Revision,
	}
	return s.drawPractice(c, status, form, typed, problems)
}

func (s *Server) drawPractice(c *gin.Context, status int, form changedPractice, typed practiceNumbers,
	problems fault.Fields,
) error {
	ctx, practice := c.Request.Context(), web.LoginOf(c).PracticeID
	certificate, err := s.Accounts.Certificate(ctx, practice)
	if err != nil {
		return err
	}
	reminding, err := s.Reminders.Settings(ctx, practice)
	if err != nil {
		return err
	}
	answering, err := s.Records.Settings(ctx, practice)
	if err != nil {
		return err
	}
	view := practiceView{
		Base: web.PageBase(c, "Practice"), Form: form, Problems: problems, Certificate: certificate,
		Until: certificate.Until.Format("January 2, 2006"), MailFrom: s.MailFrom,
		Hours: cmp.Or(typed.Hours, strconv.Itoa(reminding.Hours)),
		Days:  cmp.Or(typed.Days, strconv.Itoa(answering.AnswerDays)),
	}
	return web.Render(c, status, practicePage, view)
}

func (s *Server) savePractice(c *gin.Context) error {
	form, err := web.Bind[changedPractice](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	p := form.Details()
	p.ID, p.Revision = l.PracticeID, form.Base
	p.Formal, p.Insurer = form.Formal == "yes", form.Insurer == "yes"
	err = s.Accounts.SavePractice(c.Request.Context(), l.CounselorID, p)
	if status, problems := formProblems(err); problems != nil {
		if status == http.StatusConflict {
			stored, err := s.Accounts.FindPractice(c.Request.Context(), l.PracticeID)
			if err != nil {
				return err
			}
			form.Base = stored.Revision
		}
		return s.drawPractice(c, status, form, practiceNumbers{}, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/practice", "saved")
}

// formProblems returns the status and problems with which to render a form again: validation errors, or
// a conflict with another change.
func formProblems(err error) (int, fault.Fields) {
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return http.StatusUnprocessableEntity, problems
	}
	if errors.Is(err, fault.Conflict) {
		return http.StatusConflict, fault.Fields{"main": "This was changed in another window meanwhile, so nothing was " +
			"overwritten. What you typed is below; to keep it, save again."}
	}
	return 0, nil
}

type meView struct {
	web.Base
	Form     web.CounselorForm
	Email    string
	Problems fault.Fields
}

var mePage = web.NewPage[meView]("staff/settings/me.html")

func (s *Server) showMe(c *gin.Context) error { return s.askMe(c, http.StatusOK, nil, nil) }

// askMe shows the counselor's own settings, or their form as typed.
func (s *Server) askMe(c *gin.Context, status int, typed *web.CounselorForm, problems fault.Fields) error {
	l := web.LoginOf(c)
	me, err := s.Accounts.FindCounselor(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := meView{
		web.PageBase(c, "You"),
		web.FormOfCounselor(me),
		me.Email, problems,
	}
	if typed != nil {
		view.Form = *typed
	}
	return web.Render(c, status, mePage, view)
}

func (s *Server) saveMe(c *gin.Context) error {
	form, err := web.Bind[web.CounselorForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	me, err := s.Accounts.FindCounselor(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	changed := form.Profile()
	changed.ID, changed.PracticeID, changed.Email = me.ID, me.PracticeID, me.Email
	err = s.Accounts.SaveCounselor(c.Request.Context(), changed)
	if status, problems := formProblems(err); problems != nil {
		return s.askMe(c, status, &form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/me", "saved")
}
