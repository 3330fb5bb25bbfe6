package staff

import (
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/couples"
	"mend/handlers/web"
	"mend/sessions"
)

// planned returns the appointment named in the path, with its couple.
func (s *Server) planned(c *gin.Context) (calendar.Appointment, couples.Couple, error) {
	l := web.LoginOf(c)
	a, err := s.Calendar.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("appointment"))
	if err != nil {
		return a, couples.Couple{}, err
	}
	couple, err := s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, a.CoupleID)
	return a, couple, err
}

// takeTime fills in when and where an appointment is, by the clock of zone.
func (f *planForm) takeTime(slot calendar.Slot, zone *time.Location) {
	at := slot.StartsAt.In(zone)
	f.Date, f.Time, f.Twice = at.Format(time.DateOnly), at.Format("15:04"), calendar.WhichOf(at)
	f.Minutes, f.Place, f.Detail = strconv.Itoa(slot.Minutes), slot.Place, slot.PlaceDetail
}

// openSession leads to the session of an appointment: the one that is planned for it, or
// one of the step that the couple works on.
func (s *Server) openSession(c *gin.Context) error {
	a, couple, err := s.planned(c)
	if err != nil {
		return err
	}
	if id := a.Session(); id != "" {
		return web.Redirect(c, "/sessions/"+id, "")
	}
	standings, err := s.Sessions.Standings(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	breach := couple.Breach("").ID
	session := sessions.Session{
		PracticeID: a.PracticeID, CoupleID: couple.ID, CounselorID: a.CounselorID, Reader: couple.Reader,
		StartsAt: a.StartsAt, Minutes: a.Minutes, Place: a.Place, PlaceDetail: a.PlaceDetail, Zone: a.Zone,
		AppointmentID: a.ID, Step: s.currentStep(standings), BreachID: &breach, FormKey: "open/" + a.ID,
	}
	if breach == "" {
		session.BreachID = nil
	}
	if err := s.Sessions.Plan(c.Request.Context(), &session, nil, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID, "")
}

// reusePlan plans for an appointment what was planned for one that did not take place.
func (s *Server) reusePlan(c *gin.Context) error {
	a, couple, err := s.planned(c)
	if err != nil {
		return err
	}
	unused, err := s.Sessions.Unused(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	if err := s.Sessions.Reuse(c.Request.Context(), unused, a.ID, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+unused.ID, "planned")
}
