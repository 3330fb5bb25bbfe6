package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// unix turns the line ends of a browser into plain ones.
func unix(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

// commonZones are offered; any other of the time zone database may be typed.
var commonZones = []string{
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Toronto", "America/Vancouver", "Europe/London", "Europe/Dublin",
	"Europe/Berlin", "Europe/Madrid", "Australia/Sydney", "Pacific/Auckland", "UTC",
}

// A practiceForm is a practice as typed, at set-up and in the settings.
type practiceForm struct {
	Practice   string `form:"practice"`
	Address    string `form:"address"`
	Telephone  string `form:"telephone"`
	TimeZone   string `form:"time_zone"`
	Letterhead string `form:"letterhead"`
	Paper      string `form:"paper"`
}

func (f practiceForm) practice() accounts.Practice {
	return accounts.Practice{
		Name: strings.TrimSpace(f.Practice), Address: unix(f.Address), Telephone: strings.TrimSpace(f.Telephone),
		TimeZone: f.TimeZone, Letterhead: unix(f.Letterhead), Paper: f.Paper,
	}
}

// Zones are offered as time zones.
func (practiceForm) Zones() []string { return commonZones }

// A counselorForm is a counselor as typed, at set-up and in the settings.
type counselorForm struct {
	Name         string `form:"name"`
	Credentials  string `form:"credentials"`
	LicenseType  string `form:"license_type"`
	LicenseNo    string `form:"license_no"`
	LicenseState string `form:"license_state"`
}

func (f counselorForm) counselor() accounts.Counselor {
	return accounts.Counselor{
		Name: strings.TrimSpace(f.Name), Credentials: strings.TrimSpace(f.Credentials),
		LicenseType: strings.TrimSpace(f.LicenseType), LicenseNo: strings.TrimSpace(f.LicenseNo),
		LicenseState: strings.TrimSpace(f.LicenseState),
	}
}

// A changedPractice is the practice's form with the revision that it was
// filled from.
type changedPractice struct {
	practiceForm
	Formal  string `form:"formal_spanish"`
	Insurer string `form:"insurer_block"`
	Base    int    `form:"base"`
}

// yes is how a form says that a box is ticked.
func yes(ticked bool) string {
	if ticked {
		return "yes"
	}
	return ""
}

type practiceView struct {
	base
	Form     changedPractice
	Problems fault.Fields
}

var practicePage = page[practiceView]("settings/practice.html")

func (s *server) showPractice(c *gin.Context) error {
	p, err := s.Accounts.FindPractice(c.Request.Context(), login(c).PracticeID)
	if err != nil {
		return err
	}
	form := changedPractice{
		practiceForm{p.Name, p.Address, p.Telephone, p.TimeZone, p.Letterhead, p.Paper},
		yes(p.Formal), yes(p.Insurer), p.Revision,
	}
	return render(c, http.StatusOK, practicePage, practiceView{pageBase(c, "Practice"), form, nil})
}

func (s *server) savePractice(c *gin.Context) error {
	form, err := bind[changedPractice](c)
	if err != nil {
		return err
	}
	l := login(c)
	p := form.practice()
	p.ID, p.Revision = l.PracticeID, form.Base
	p.Formal, p.Insurer = form.Formal == "yes", form.Insurer == "yes"
	err = s.Accounts.SavePractice(c.Request.Context(), l.CounselorID, p)
	if status, problems := refused(err); problems != nil {
		if status == http.StatusConflict {
			stored, err := s.Accounts.FindPractice(c.Request.Context(), l.PracticeID)
			if err != nil {
				return err
			}
			form.Base = stored.Revision
		}
		return render(c, status, practicePage, practiceView{pageBase(c, "Practice"), form, problems})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/practice", "saved")
}

// refused returns the status and the words with which a form is shown again, as
// it was typed: what is wrong with it, or that it was changed meanwhile.
func refused(err error) (int, fault.Fields) {
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return http.StatusUnprocessableEntity, problems
	}
	if errors.Is(err, fault.Conflict) {
		return http.StatusConflict, fault.Fields{"main": "This was changed in another window meanwhile, so nothing was " +
			"overwritten. What you typed is below; if it is what you want to keep, save once more."}
	}
	return 0, nil
}

type meView struct {
	base
	Form     counselorForm
	Email    string
	Problems fault.Fields
}

var mePage = page[meView]("settings/me.html")

func (s *server) showMe(c *gin.Context) error { return s.askMe(c, http.StatusOK, nil, nil) }

// askMe shows the counselor's own settings, with a form as typed if there is
// one.
func (s *server) askMe(c *gin.Context, status int, typed *counselorForm, problems fault.Fields) error {
	l := login(c)
	me, err := s.Accounts.FindCounselor(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := meView{
		pageBase(c, "You"),
		counselorForm{me.Name, me.Credentials, me.LicenseType, me.LicenseNo, me.LicenseState},
		me.Email, problems,
	}
	if typed != nil {
		view.Form = *typed
	}
	return render(c, status, mePage, view)
}

func (s *server) saveMe(c *gin.Context) error {
	form, err := bind[counselorForm](c)
	if err != nil {
		return err
	}
	l := login(c)
	me, err := s.Accounts.FindCounselor(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	changed := form.counselor()
	changed.ID, changed.PracticeID, changed.Email = me.ID, me.PracticeID, me.Email
	err = s.Accounts.SaveCounselor(c.Request.Context(), changed)
	if status, problems := refused(err); problems != nil {
		return s.askMe(c, status, &form, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/me", "saved")
}
