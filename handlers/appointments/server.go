// Package appointments serves the calendar to counselors and the front desk: booking, moving and
// canceling appointments. What happens in an appointment is a session; see handlers/staff and
// handlers/live.
package appointments

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/calendar"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// A Server handles these pages.
type Server struct{ *web.Server }

// New returns a Server.
func New(s *web.Server) *Server { return &Server{s} }

// atDesk reports whether the front desk is signed in.
func atDesk(c *gin.Context) bool { return web.LoginOf(c).Role == accounts.FrontDesk }

// root returns the prefix of these pages' paths for the person signed in.
func root(c *gin.Context) string {
	if atDesk(c) {
		return "/front-desk"
	}
	return ""
}

// couple returns the couple in the path, with what the reader may know of it.
func (s *Server) couple(c *gin.Context, id string) (couples.Couple, error) {
	l := web.LoginOf(c)
	if atDesk(c) {
		return s.Couples.FindForDesk(c.Request.Context(), l.PracticeID, l.CounselorID, id)
	}
	return s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, id)
}

// appointment returns the appointment in the path with its couple.
func (s *Server) appointment(c *gin.Context) (calendar.Appointment, couples.Couple, error) {
	l, find := web.LoginOf(c), s.Calendar.Find
	if atDesk(c) {
		find = s.Calendar.FindForDesk
	}
	a, err := find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("appointment"))
	if err != nil {
		return a, couples.Couple{}, err
	}
	couple, err := s.couple(c, a.CoupleID)
	return a, couple, err
}

// problemsOf returns the status and problems with which to render a form again, or nil for any
// other error.
func problemsOf(err error) (int, fault.Fields) {
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return http.StatusUnprocessableEntity, problems
	}
	if errors.Is(err, fault.Conflict) || errors.Is(err, fault.Locked) {
		return http.StatusConflict, fault.Fields{
			"main": "This appointment was changed meanwhile, so nothing was saved. " +
				"Check its time and state, then try again.",
		}
	}
	return 0, nil
}

// weekOf returns the Sunday on or before a day.
func weekOf(day time.Time) time.Time { return day.AddDate(0, 0, -int(day.Weekday())) }
