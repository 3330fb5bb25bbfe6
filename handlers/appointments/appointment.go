package appointments

import (
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

type appointmentView struct {
	web.Base
	Root         string
	Couple       couples.Couple
	Appointment  calendar.Appointment
	When, Zone   string
	State, Place string
	Absent       string // who canceled or missed it
	Missed       bool   // missed or canceled late, so a note may be due
	NoLink       bool   // by video, and no link is set
	Open         bool   // it is planned
	Begun        bool   // its start time has passed
	Late         bool   // canceling now is a late cancellation
	LateHours    int
	Unused       string   // the date of a session planned for an appointment that did not take place
	Asked        []string // partners who asked to cancel it
	Form         slotForm
	Later        bool // applies to all later ones of the series, too
	Zones        []zoneLine
	Conflicts    []string
	Problems     fault.Fields
}

var appointmentPage = web.NewPage[appointmentView]("staff/appointments/show.html")

func (s *Server) showAppointment(c *gin.Context) error {
	a, couple, err := s.appointment(c)
	if err != nil {
		return err
	}
	if a.State == calendar.Moved && a.MovedTo != nil {
		return web.Redirect(c, root(c)+"/appointments/"+*a.MovedTo, "")
	}
	return s.drawAppointment(c, http.StatusOK, a, couple, appointmentView{Form: formOf(a.Slot, rand.Text())})
}

// drawAppointment renders the page; view holds what was typed and its problems.
func (s *Server) drawAppointment(c *gin.Context, status int, a calendar.Appointment, couple couples.Couple,
	view appointmentView,
) error {
	ctx := c.Request.Context()
	settings, err := s.Calendar.Settings(ctx, a.PracticeID)
	if err != nil {
		return err
	}
	view.Base, view.Root, view.Couple = web.PageBase(c, "Appointment"), root(c), couple
	view.Appointment, view.When = a, a.Local().Format("Monday, January 2, 2006, 3:04 PM")
	view.Zone, view.State, view.Place = web.ZoneName(a.Zone), stateWords[a.State], placeWords[a.Place]
	view.Absent, view.Missed = absentWords(a, couple), a.State == calendar.Missed || a.State == calendar.LateCanceled
	view.Open, view.Begun = a.State == calendar.Planned, !s.Now().Before(a.StartsAt)
	view.Late, view.LateHours = settings.IsLate(a.StartsAt, s.Now()), settings.LateHours
	view.Zones = zonesWith(view.Form.Zone)
	if view.Open && a.Place == "video" && a.PlaceDetail == "" {
		set, err := s.Calendar.VideoSettings(ctx, a.PracticeID, a.CounselorID)
		if err != nil {
			return err
		}
		view.NoLink = set.Link == ""
	}
	if view.Open && a.Session() == "" && !atDesk(c) {
		unused, err := s.Sessions.Unused(ctx, couple)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			view.Unused = unused.StartsAt.In(web.LoginOf(c).Zone()).Format("January 2")
		}
	}
	for _, p := range couple.Partners {
		asked, err := s.Calendar.Asked(ctx, p, a.ID)
		if err != nil {
			return err
		}
		if asked && view.Open {
			view.Asked = append(view.Asked, p.AddressAs)
		}
	}
	return web.Render(c, status, appointmentPage, view)
}

// stateWords maps the states to what staff read.
var stateWords = map[calendar.State]string{
	calendar.Planned: "Planned", calendar.Held: "Held", calendar.Canceled: "Canceled",
	calendar.LateCanceled: "Canceled late", calendar.Missed: "Missed", calendar.Moved: "Moved",
}

// absentWords returns a sentence about who canceled or missed an appointment.
func absentWords(a calendar.Appointment, couple couples.Couple) string {
	who := map[string]string{
		calendar.ByA: couple.Partners[0].AddressAs, calendar.ByB: couple.Partners[1].AddressAs,
		calendar.ByBoth: "Both", calendar.ByPractice: "The practice",
	}[a.Absent]
	switch {
	case who == "":
		return ""
	case a.State == calendar.Missed && a.Absent == calendar.ByBoth:
		return "Neither partner came."
	case a.State == calendar.Missed:
		return who + " did not come."
	}
	return who + " canceled."
}

// A moveForm is a new time for an appointment.
type moveForm struct {
	slotForm
	Scope string `form:"scope"` // "this" or "later"
	Base  int    `form:"base"`
}

func (s *Server) move(c *gin.Context) error {
	a, couple, err := s.appointment(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[moveForm](c)
	if err != nil {
		return err
	}
	return s.moveTo(c, a, couple, form, func(moved calendar.Appointment) error {
		return web.Redirect(c, root(c)+"/appointments/"+moved.ID, "moved")
	})
}

// moveTo moves an appointment as the form asks, and then calls then. Conflicts are shown on the
// appointment's page, where they can be overridden.
func (s *Server) moveTo(c *gin.Context, a calendar.Appointment, couple couples.Couple, form moveForm,
	then func(calendar.Appointment) error,
) error {
	ask := func(status int, conflicts []string, problems fault.Fields) error {
		view := appointmentView{
			Form: form.slotForm, Later: form.Scope == "later", Conflicts: conflicts, Problems: problems,
		}
		return s.drawAppointment(c, status, a, couple, view)
	}
	slot, bad := form.slot()
	if len(bad) > 0 {
		return ask(http.StatusUnprocessableEntity, nil, bad)
	}
	ctx, wanted := c.Request.Context(), a
	wanted.Slot = slot
	conflicts, err := s.Calendar.Conflicts(ctx, wanted, []time.Time{slot.StartsAt}, s.Now())
	if err != nil {
		return err
	}
	if len(conflicts) > 0 && form.Anyway == "" {
		return ask(http.StatusConflict, conflictLines(conflicts, slot.Location()), nil)
	}
	a.Revision = form.Base
	moved, err := s.Sessions.MoveAppointment(ctx, a, slot, form.Scope == "later", form.Key, s.Now())
	if status, problems := problemsOf(err); problems != nil {
		return ask(status, nil, problems)
	}
	if err != nil {
		return err
	}
	return then(moved)
}

// An absenceForm holds who canceled or missed an appointment.
type absenceForm struct {
	Who   string `form:"who"`
	Scope string `form:"scope"` // "this" or "later"
	Base  int    `form:"base"`
}

func (s *Server) cancel(c *gin.Context) error {
	return s.recordAbsence(c, "canceled", func(a calendar.Appointment, f absenceForm) error {
		return s.Sessions.CancelAppointment(c.Request.Context(), a, f.Who, f.Scope == "later", s.Now())
	})
}

func (s *Server) miss(c *gin.Context) error {
	return s.recordAbsence(c, "missed", func(a calendar.Appointment, f absenceForm) error {
		return s.Sessions.MissAppointment(c.Request.Context(), a, f.Who, s.Now())
	})
}

// recordAbsence handles the forms that cancel an appointment or mark it as missed.
func (s *Server) recordAbsence(c *gin.Context, notice string, do func(calendar.Appointment, absenceForm) error) error {
	a, couple, err := s.appointment(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[absenceForm](c)
	if err != nil {
		return err
	}
	a.Revision = form.Base
	err = do(a, form)
	if status, problems := problemsOf(err); problems != nil {
		return s.drawAppointment(c, status, a, couple,
			appointmentView{Form: formOf(a.Slot, rand.Text()), Later: form.Scope == "later", Problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, root(c)+"/appointments/"+a.ID, notice)
}
