package staff

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// safeContactView holds how to reach one partner without anyone else finding out.
type safeContactView struct {
	web.Base
	Couple    couples.Couple
	Partner   couples.Partner
	Form      safeContactForm
	Practice  string
	Hours     []hourLine
	Confirmed string // the date, "" if never confirmed
	Cautioned bool
	Stopped   bool
	Off       bool // this installation sends no mail
	Problems  fault.Fields
}

// hourLine is an hour of the day as an option.
type hourLine struct {
	Value int
	Label string
}

type safeContactForm struct {
	Channel     string `form:"channel"`
	Address     string `form:"address"`
	Wording     string `form:"wording"`
	Sender      string `form:"sender"`
	From        string `form:"from"`
	Until       string `form:"until"`
	NoVoicemail string `form:"no_voicemail"`
	AskedOn     string `form:"asked_on"`
	Asked       string `form:"asked"`
	Base        string `form:"base"` // when the loaded version was confirmed, "" for never
}

var safeContactPage = web.NewPage[safeContactView]("staff/partners/contact.html")

// contact parses the form.
func (f safeContactForm) contact() couples.SafeContact {
	from, wrongFrom := strconv.Atoi(f.From)
	until, wrongUntil := strconv.Atoi(f.Until)
	if errors.Join(wrongFrom, wrongUntil) != nil {
		from, until = 0, 0 // refused by the field's validation
	}
	var base *time.Time
	if at, err := time.Parse(time.RFC3339Nano, f.Base); err == nil {
		base = &at
	}
	return couples.SafeContact{
		ConfirmedAt: base,
		Channel:     couples.Channel(f.Channel), Wording: couples.MessageWording(f.Wording), Address: f.Address,
		Sender: f.Sender, From: from, Until: until, NoVoicemail: f.NoVoicemail == "yes", AskedOn: f.AskedOn,
	}
}

// formOfContact returns the form filled in with what is stored.
func formOfContact(s couples.SafeContact) safeContactForm {
	form := safeContactForm{
		Channel: string(s.Channel), Address: s.Address, Wording: string(s.Wording), Sender: s.Sender,
		From: strconv.Itoa(s.From), Until: strconv.Itoa(s.Until), NoVoicemail: checkboxValue(s.NoVoicemail),
		AskedOn: s.AskedOn,
	}
	if s.ConfirmedAt != nil {
		form.Base = s.ConfirmedAt.UTC().Format(time.RFC3339Nano)
	}
	return form
}

func (s *Server) showSafeContact(c *gin.Context) error {
	l := web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	return s.drawSafeContact(c, http.StatusOK, couple, p, nil, nil)
}

// drawSafeContact renders the page with the form as typed, if there is one.
func (s *Server) drawSafeContact(c *gin.Context, status int, couple couples.Couple, p couples.Partner,
	typed *safeContactForm, problems fault.Fields,
) error {
	l := web.LoginOf(c)
	stored, err := s.Couples.SafeContact(c.Request.Context(), couple, p)
	if err != nil {
		return err
	}
	practice, err := s.Accounts.FindPractice(c.Request.Context(), l.PracticeID)
	if err != nil {
		return err
	}
	view := safeContactView{
		Base: web.PageBase(c, "Safe contact"), Couple: couple, Partner: p, Form: formOfContact(stored),
		Practice: practice.Name, Hours: hoursOfDay(), Cautioned: stored.Cautioned, Stopped: stored.StoppedAt != nil,
		Off: s.MailFrom == "", Problems: problems,
	}
	if stored.IsConfirmed() {
		view.Confirmed = stored.ConfirmedAt.In(l.Zone()).Format("January 2, 2006")
	}
	if typed != nil {
		base := view.Form.Base
		view.Form = *typed
		if status == http.StatusConflict { // saving again then overwrites the other change
			view.Form.Base = base
		}
	}
	return web.Render(c, status, safeContactPage, view)
}

// hoursOfDay returns the hours from midnight to midnight.
func hoursOfDay() (list []hourLine) {
	for hour := range 25 {
		list = append(list, hourLine{hour, time.Date(2000, 1, 1, hour, 0, 0, 0, time.UTC).Format("3:04 PM")})
	}
	return list
}

func (s *Server) saveSafeContact(c *gin.Context) error {
	l := web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	form, err := web.Bind[safeContactForm](c)
	if err != nil {
		return err
	}
	today := s.Now().In(l.Zone()).Format(time.DateOnly)
	err = s.Couples.SaveSafeContact(c.Request.Context(), couple, p, form.contact(), form.Asked == "yes", today, s.Now())
	if status, problems := formProblems(err); problems != nil {
		return s.drawSafeContact(c, status, couple, p, &form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/partners/"+p.ID+"/contact", "saved")
}

// A contactWarning is what staff see next to a partner's contact details.
type contactWarning struct {
	Channel     string
	NoVoicemail bool
}

// warningFor returns the warning about contacting a partner.
func (s *Server) warningFor(c *gin.Context, couple couples.Couple, p couples.Partner) (contactWarning, error) {
	warning, err := s.Couples.ContactWarning(c.Request.Context(), couple, p)
	line := contactWarning{"Don’t send messages.", warning.NoVoicemail}
	switch {
	case warning.Channel == couples.Email:
		line.Channel = "Email only, in the words that were agreed."
	case !warning.Asked:
		line.Channel = "Not asked yet. Don’t send messages."
	}
	return line, err
}
