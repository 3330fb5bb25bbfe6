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

// A locationForm is a partner's location as typed.
type locationForm struct {
	Appointment string `form:"appointment"`
	Key         string `form:"key"`
	State       string `form:"state"`
	Place       string `form:"place"`
	Company     string `form:"company"`
	Telephone   string `form:"telephone"`
}

// A companyLine is an option for who else is in the room.
type companyLine struct {
	Value string
	Label i18n.Message
}

var companyLines = []companyLine{
	{"nobody", "location.alone_yes"},
	{"partner", "location.alone_partner"},
	{"others", "location.alone_no"},
}

// tellLocation stores where a partner is during a video session. Only their counselor can read it;
// nothing changes for the other partner.
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
