package appointments

import (
	"slices"

	"mend/handlers/surface"
	"mend/handlers/web"
)

// Routes returns the routes of the calendar, once for counselors and once for the front desk.
func (s *Server) Routes() []web.Route {
	return slices.Concat(s.routesOf("", web.Counselor), s.routesOf("/front-desk", web.FrontDesk), []web.Route{
		web.Get("/calendar", surface.Staff, web.Counselor.MayRead(web.NameMaterials), s.showCalendar),
		web.Get("/front-desk", surface.Staff, web.FrontDesk.MayRead(web.NameMaterials), s.showCalendar),
		web.Get("/settings/calendar", surface.Staff, web.Counselor.MayRead(), s.showSettings),
		web.Post("/settings/calendar", surface.Staff, web.Owner.MayRead(), s.saveSettings),
		web.Get("/calendar-feed/:secret", surface.Public, web.Anyone.MayRead(web.NameMaterials), s.serveFeed),
		web.Get("/settings/calendar-feed", surface.Staff, web.Counselor.MayRead(), s.showFeed),
		web.Post(
			"/settings/calendar-feed",
			surface.Staff,
			web.Counselor.MayRead().NeedsReauthentication(),
			s.renewFeed,
		),
		web.Post("/settings/calendar-feed/end", surface.Staff, web.Counselor.MayRead(), s.endFeed),
		web.Post("/settings/video", surface.Staff, web.Counselor.MayRead(), s.saveVideoSettings),
		web.Post("/settings/days-off", surface.Staff, web.Counselor.MayRead(), s.addDaysOff),
		web.Post("/settings/days-off/remove", surface.Staff, web.Counselor.MayRead(), s.removeDaysOff),
	})
}

// routesOf returns the routes of single appointments.
func (s *Server) routesOf(base string, who web.Access) []web.Route {
	couple := who.MayRead(web.NameMaterials, web.AppointmentMaterials)
	if base == "" {
		couple = who.MayRead(web.CoupleMaterials)
	}
	return []web.Route{
		web.Get(base+"/couples/:couple/appointments/new", surface.Staff, couple, s.newAppointment),
		web.Post(base+"/couples/:couple/appointments/new", surface.Staff, couple, s.book),
		web.Get(base+"/appointments/:appointment", surface.Staff, couple, s.showAppointment),
		web.Post(base+"/appointments/:appointment/move", surface.Staff, couple, s.move),
		web.Post(base+"/appointments/:appointment/day", surface.Staff, couple, s.moveToDay),
		web.Post(base+"/appointments/:appointment/cancel", surface.Staff, couple, s.cancel),
		web.Post(base+"/appointments/:appointment/missed", surface.Staff, couple, s.miss),
	}
}
