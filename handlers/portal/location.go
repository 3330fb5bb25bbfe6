package portal

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
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
type companyLine struct {
	Value string
	Label i18n.Message
}

var companyLines = []companyLine{
	{"nobody", "location.alone_yes"},
	{"partner", "location.alone_partner"},
	{"others", "location.alone_no"},
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
