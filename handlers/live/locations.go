package live

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/sessions"
)

// A locationsView shows each partner's location. It is a separate page because both partners can
// see the session's page.
type locationsView struct {
	web.Base
	Session sessions.Session
	People  []personLocation
}

// A personLocation is a partner with the location they gave, if any.
type personLocation struct {
	Name string
	Told *web.LocationLine
}

var locationsPage = web.NewPage[locationsView]("live/locations.html")

func (s *Server) showLocations(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	ctx, l := c.Request.Context(), web.LoginOf(c)
	appointment, err := s.Sessions.AppointmentOf(ctx, session)
	if err != nil {
		return err
	}
	set, err := s.Calendar.VideoSettings(ctx, l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := locationsView{Base: web.PageBase(c, "Locations"), Session: session}
	for _, p := range couple.Partners {
		person := personLocation{Name: p.AddressAs}
		told, err := s.Calendar.LocationIn(ctx, couple, p, appointment.ID)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			line := web.LocationLineOf(told, set, l.Zone())
			person.Told = &line
		}
		view.People = append(view.People, person)
	}
	return web.Render(c, http.StatusOK, locationsPage, view)
}
