package portal

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/handlers/web"
	"mend/internal/fault"
)

// A locationForm is where a partner is, as typed.
type locationForm struct {
	Appointment string `form:"appointment"`
	Key         string `form:"key"`
	State       string `form:"state"`
	Place       string `form:"place"`
	Company     string `form:"company"`
	Telephone   string `form:"telephone"`
}

// A companyLine is what a partner can choose of who else is there.
type companyLine struct{ Value, Label string }

var companyLines = []companyLine{
	{"nobody", "Yes, I’m alone"},
	{"partner", "Only my partner is with me"},
	{"others", "Someone else is here or can hear me"},
}

// tellLocation files where a partner is during a session by video. Nobody but their counselor
// reads it, and what the other partner sees is the same as before.
func (s *Server) tellLocation(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[locationForm](c)
	if err != nil {
		return err
	}
	err = s.Calendar.TellLocation(c.Request.Context(), couple, me, calendar.PartnerLocation{
		AppointmentID: form.Appointment, FormKey: form.Key, State: form.State, Place: form.Place,
		Company: form.Company, Telephone: form.Telephone,
	}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAppointment(c, http.StatusUnprocessableEntity, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/my/appointment", "sent")
}
