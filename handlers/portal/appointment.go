package portal

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// A nextLine is the next session as shown to partners: the same for both.
type nextLine struct {
	ID, When, Zone, Detail string
	Place                  i18n.Message
	Link                   string // of a video session, from shortly before it begins
	Video                  bool
	Open                   bool // a video session that runs or is about to begin
	Begun                  bool
	At                     string // in RFC 3339
	ZoneID                 string // such as America/New_York
	Off                    string // an earlier session that was canceled
	Ends                   string // the day on which the portal ends, once counseling has ended
}

var placeWords = map[string]i18n.Message{
	"office": "appointment.at_office", "video": "appointment.by_video", "phone": "appointment.by_phone",
}

// nextSession returns a couple's next session in the reader's language.
func (s *Server) nextSession(c *gin.Context, couple couples.Couple, me couples.Partner) (nextLine, error) {
	coming, err := s.Calendar.Upcoming(c.Request.Context(), couple, s.Now())
	if err != nil {
		return nextLine{}, err
	}
	var line nextLine
	ends, err := s.Couples.PortalEnd(c.Request.Context(), couple, me)
	if err != nil {
		return nextLine{}, err
	}
	if ends != nil {
		last := ends.In(web.LoginOf(c).Zone()).Add(-time.Second) // it ends as that day ends
		line.Ends = web.Date(c, last, "date.day")
	}
	if coming.Canceled != nil {
		off := calendar.Slot{StartsAt: *coming.Canceled, Zone: coming.Zone}
		line.Off = web.Date(c, off.Local(), "date.weekday_time")
	}
	if a := coming.Next; a != nil {
		line.ID, line.When = a.ID, web.Date(c, a.Local(), "date.weekday_time")
		line.At, line.ZoneID, line.Zone = a.StartsAt.UTC().Format(time.RFC3339), a.Zone, web.TellZone(c, a.Zone)
		line.Place, line.Detail, line.Video = placeWords[a.Place], a.PlaceDetail, a.Place == "video"
		line.Open, line.Link, line.Begun = coming.Open, coming.Link, !s.Now().Before(a.StartsAt)
	}
	return line, nil
}

type appointmentView struct {
	web.Base
	Next      nextLine
	Telephone string
	Asked     bool // this partner asked to cancel it
	Told      bool // this partner gave their location
	Location  locationForm
	States    []calendar.USState
	Companies []companyLine
	Problems  fault.Fields
}

var appointmentPage = web.NewPage[appointmentView]("portal/appointment.html")

func (s *Server) showAppointment(c *gin.Context) error {
	return s.drawAppointment(c, http.StatusOK, locationForm{Key: rand.Text()}, nil)
}

// drawAppointment renders the page with the location as the partner typed it.
func (s *Server) drawAppointment(c *gin.Context, status int, typed locationForm, problems fault.Fields) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	view := appointmentView{
		Base: web.PageBase(c, "appointment.next_session"), Location: typed,
		States: calendar.USStates, Companies: companyLines,
		Problems: problems,
	}
	if view.Next, err = s.nextSession(c, couple, me); err != nil {
		return err
	}
	practice, err := s.Accounts.FindPractice(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	view.Telephone = practice.Telephone
	if view.Asked, err = s.Calendar.Asked(c.Request.Context(), me, view.Next.ID); err != nil {
		return err
	}
	if view.Told, err = s.Calendar.HasToldLocation(c.Request.Context(), me, view.Next.ID); err != nil {
		return err
	}
	return web.Render(c, status, appointmentPage, view)
}

// askToCancel notifies staff, but not the other partner, that a partner cannot come.
func (s *Server) askToCancel(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[struct {
		Appointment string `form:"appointment"`
	}](c)
	if err != nil {
		return err
	}
	if err := s.Calendar.AskToCancel(c.Request.Context(), couple, me, form.Appointment, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/my/appointment", "asked")
}

// downloadAppointment sends the next session as an iCalendar file with the title that the partner
// chose.
func (s *Server) downloadAppointment(c *gin.Context) error {
	couple, _, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[struct {
		Appointment string `form:"appointment"`
		Title       string `form:"title"`
	}](c)
	if err != nil {
		return err
	}
	coming, err := s.Calendar.Upcoming(c.Request.Context(), couple, s.Now())
	if err != nil {
		return err
	}
	if coming.Next == nil || coming.Next.ID != form.Appointment {
		return fault.NotFound
	}
	file := []byte(calendar.WriteOne(*coming.Next, form.Title))
	return web.HandOut(c, "appointment.ics", "text/calendar; charset=utf-8", file)
}
