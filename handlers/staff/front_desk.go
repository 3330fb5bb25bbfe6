package staff

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/sessions"
)

// calendarDays are how many days the front desk sees at once.
const calendarDays = 28

// calendarView is the sessions of the practice, for its front desk: who comes
// when, and nothing of what it is about.
type calendarView struct {
	web.Base
	Days   []calendarDay
	Before string // the first day of the page before this one
	After  string
	Later  string // what comes after these, where they are too many for one page
}

type calendarDay struct {
	Day  string
	List []appointmentLine
}

type appointmentLine struct {
	Couple, Names, Time, Counselor, Place string
	Minutes                               int
}

var calendarPage = web.NewPage[calendarView]("staff/front_desk/calendar.html")

// showCalendar shows four weeks, from today or from the day that is asked for.
func (s *Server) showCalendar(c *gin.Context) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	now := s.Now().In(l.Zone())
	from := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, l.Zone())
	if day, err := time.ParseInLocation(time.DateOnly, c.Query("from"), l.Zone()); err == nil {
		from = day
	}
	asked := sessions.Span{From: from, Until: from.AddDate(0, 0, calendarDays), After: plain(c.Query("after"))}
	list, later, err := s.Sessions.Calendar(ctx, l.PracticeID, l.CounselorID, asked)
	if err != nil {
		return err
	}
	var counselors []string
	for _, a := range list {
		counselors = append(counselors, a.CounselorID)
	}
	people, err := s.Accounts.Names(ctx, l.PracticeID, counselors...)
	if err != nil {
		return err
	}
	view := calendarView{
		Base: web.PageBase(c, "Calendar"), Before: from.AddDate(0, 0, -calendarDays).Format(time.DateOnly),
		After: from.AddDate(0, 0, calendarDays).Format(time.DateOnly),
	}
	if later != "" {
		view.Later = url.Values{"from": {from.Format(time.DateOnly)}, "after": {later}}.Encode()
	}
	for _, a := range list {
		at := a.StartsAt.In(l.Zone())
		day := at.Format("Monday, January 2, 2006")
		if n := len(view.Days); n == 0 || view.Days[n-1].Day != day {
			view.Days = append(view.Days, calendarDay{Day: day})
		}
		last := &view.Days[len(view.Days)-1]
		last.List = append(last.List,
			appointmentLine{
				a.CoupleID, a.AName + " and " + a.BName, at.Format("3:04 PM"),
				web.NameOf(people, a.CounselorID), a.Place, a.Minutes,
			})
	}
	return web.Render(c, http.StatusOK, calendarPage, view)
}

// contactsView is the couples of the practice, for its front desk.
type contactsView struct {
	web.Base
	Search string
	List   couples.Listing
}

var contactsPage = web.NewPage[contactsView]("staff/front_desk/list.html")

func (s *Server) listContacts(c *gin.Context) error {
	l, search := web.LoginOf(c), c.Query("find")
	list, err := s.Couples.AtDesk(c.Request.Context(), l.PracticeID, l.CounselorID, searched(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, contactsPage, contactsView{web.PageBase(c, "Contacts"), search, list})
}

// contactView is how to reach the two partners of a couple, each alone.
type contactView struct {
	web.Base
	Names    string
	RecordNo string
	Couple   string
	People   []contactLine
	Problems fault.Fields
}

type contactLine struct {
	ID, Name, AddressAs, Reach, Problem string
	Warning                             contactWarning
}

var contactPage = web.NewPage[contactView]("staff/front_desk/couple.html")

func (s *Server) atDesk(c *gin.Context) (couples.Couple, error) {
	l := web.LoginOf(c)
	return s.Couples.FindForDesk(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"))
}

func (s *Server) showContacts(c *gin.Context) error {
	couple, err := s.atDesk(c)
	if err != nil {
		return err
	}
	return s.drawContacts(c, http.StatusOK, couple, contactForm{}, nil)
}

// drawContacts draws the page, with what was typed about one partner.
func (s *Server) drawContacts(c *gin.Context, status int, couple couples.Couple, typed contactForm,
	problems fault.Fields,
) error {
	view := contactView{
		Base: web.PageBase(c, "Contacts of "+couple.Names()), Names: couple.Names(), RecordNo: couple.RecordNo,
		Couple: couple.ID, Problems: problems,
	}
	for _, p := range couple.Partners {
		if p.Erased {
			continue
		}
		warning, err := s.warningFor(c, couple, p)
		if err != nil {
			return err
		}
		line := contactLine{ID: p.ID, Name: p.Name, AddressAs: p.AddressAs, Reach: p.Reach, Warning: warning}
		if p.ID == typed.Partner {
			line.Reach, line.Problem = typed.Reach, problems["reach"]
		}
		view.People = append(view.People, line)
	}
	return web.Render(c, status, contactPage, view)
}

type contactForm struct {
	Partner string `form:"partner"`
	Reach   string `form:"reach"`
}

func (s *Server) saveContact(c *gin.Context) error {
	couple, err := s.atDesk(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[contactForm](c)
	if err != nil {
		return err
	}
	err = fault.NotFound
	for _, p := range couple.Partners {
		if p.ID == form.Partner {
			err = s.Couples.SaveContact(c.Request.Context(), couple, p, strings.TrimSpace(form.Reach))
		}
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawContacts(c, http.StatusUnprocessableEntity, couple, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/front-desk/couples/"+couple.ID, "saved")
}
