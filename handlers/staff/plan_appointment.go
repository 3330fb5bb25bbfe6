package staff

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/notes"
	"mend/sessions"
)

// appointmentInPath returns the appointment in the path with its couple.
func (s *Server) appointmentInPath(c *gin.Context) (calendar.Appointment, couples.Couple, error) {
	l := web.LoginOf(c)
	a, err := s.Calendar.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("appointment"))
	if err != nil {
		return a, couples.Couple{}, err
	}
	couple, err := s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, a.CoupleID)
	return a, couple, err
}

// takeTime fills in an appointment's time and place, in zone.
func (f *planForm) takeTime(slot calendar.Slot, zone *time.Location) {
	at := slot.StartsAt.In(zone)
	f.Date, f.Time, f.Twice = at.Format(time.DateOnly), at.Format("15:04"), calendar.WhichOccurrence(at)
	f.Minutes, f.Place, f.Detail = strconv.Itoa(slot.Minutes), slot.Place, slot.PlaceDetail
}

type openForm struct {
	Present couples.Side `form:"present"` // the partner who came alone; "" for both
	Key     string       `form:"key"`
}

// openSession opens the session of an appointment: the planned one, or a new one of the couple's
// current step. If only one partner came, it records that.
func (s *Server) openSession(c *gin.Context) error {
	a, couple, err := s.appointmentInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[openForm](c)
	if err != nil {
		return err
	}
	var record map[string]string
	switch form.Present {
	case "":
	case couples.A, couples.B:
		record = sessions.AloneWith(form.Present)
	default:
		return fault.Malformed
	}
	if id := a.Session(); id != "" {
		return s.openPlanned(c, a, id, record, form.Key)
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
	err = s.Sessions.Plan(c.Request.Context(), &session, record, s.Now())
	if _, problems := formProblems(err); problems["breach"] != "" {
		return s.changedCouple(c, couple, "", err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID, "")
}

// openPlanned opens the session planned for an appointment. Until it begins, this also records who
// came.
func (s *Server) openPlanned(c *gin.Context, a calendar.Appointment, id string, record map[string]string,
	key string,
) error {
	if record != nil && a.State == calendar.Planned {
		session, err := s.Sessions.Find(c.Request.Context(), a.PracticeID, web.LoginOf(c).CounselorID, id)
		if err != nil {
			return err
		}
		if err := s.Sessions.SaveRecord(c.Request.Context(), session, record, key, s.Now()); err != nil {
			return err
		}
	}
	return web.Redirect(c, "/sessions/"+id, "")
}

// reusePlan moves the plan of an appointment that did not take place to this one.
func (s *Server) reusePlan(c *gin.Context) error {
	a, couple, err := s.appointmentInPath(c)
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

// draftMissed begins the note of an appointment that did not take place. It does not name who
// missed it, because the joint record is about both.
func (s *Server) draftMissed(c *gin.Context) error {
	a, couple, err := s.appointmentInPath(c)
	if err != nil {
		return err
	}
	how, ok := map[calendar.State]string{
		calendar.Missed: "was missed", calendar.LateCanceled: "was canceled late",
		calendar.Canceled: "was canceled",
	}[a.State]
	if !ok {
		return fault.Locked
	}
	ctx := c.Request.Context()
	values := map[string]string{
		"what": "The appointment of " + a.Local().Format("Monday, January 2, 2006, 3:04 PM") + " " + how +
			". It did not take place.",
		"plan": "The next appointment is to be arranged.",
	}
	next, err := s.Calendar.Next(ctx, couple.PracticeID, couple.ID, s.Now())
	switch {
	case err == nil:
		values["plan"] = "The next appointment is on " + next.Local().Format("Monday, January 2, 2006, 3:04 PM") + "."
	case !errors.Is(err, fault.NotFound):
		return err
	}
	note, err := s.Notes.Draft(ctx, couple, notes.Draft{Kind: sessions.Missed, At: a.StartsAt, Values: values},
		"missed "+a.ID, s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, "/notes/"+note.ID, "")
}

// nextUnplanned returns the couple's next appointment if no session is planned for it, or nil.
func (s *Server) nextUnplanned(c *gin.Context, couple couples.Couple) (*sessionLine, error) {
	next, err := s.Calendar.Next(c.Request.Context(), couple.PracticeID, couple.ID, s.Now())
	if errors.Is(err, fault.NotFound) || err == nil && next.Session() != "" {
		return nil, nil //nolint:nilnil // there is none
	}
	return &sessionLine{Appointment: next.ID, When: web.Moment(next.StartsAt, web.LoginOf(c).Zone())}, err
}

// refusedPlan extends refused with the case that the appointment was canceled, moved or planned in
// the meantime.
func refusedPlan(err error) (int, fault.Fields) {
	if errors.Is(err, fault.Locked) {
		return http.StatusConflict, fault.Fields{"main": "This appointment was changed in another window, or a session is " +
			"already planned for it. What you typed is below; open the appointment to see where it stands."}
	}
	return formProblems(err)
}
