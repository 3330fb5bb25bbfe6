package public

import (
	"mend/handlers/surface"
	"mend/handlers/web"
)

// Routes returns the routes of pages before sign-in.
func (s *Server) Routes() []web.Route {
	return []web.Route{
		web.Get("/healthz", surface.Public, web.Anyone.MayRead().FromAnyHost(), s.healthy),
		web.Get("/readyz", surface.Public, web.Anyone.MayRead().FromAnyHost(), s.ready),
		web.Get("/assets/:version/*file", surface.Public, web.Anyone.MayRead().FromAnyHost(), s.asset),
		web.Get("/favicon.ico", surface.Public, web.Anyone.MayRead(), s.icon),
		web.Get("/about", surface.Public, web.Anyone.MayRead(), s.showAbout),
		web.Get("/setup", surface.Staff, web.Anyone.MayRead(), s.showSetup),
		web.Post("/setup", surface.Staff, web.Anyone.MayRead(), s.setUp),
		web.Get("/login", surface.Public, web.Anyone.MayRead(), s.showLogin),
		web.Post("/login", surface.Public, web.Anyone.MayRead(), s.signIn),
		web.Get("/join", surface.Public, web.Anyone.MayRead(), s.showJoin),
		web.Post("/join", surface.Public, web.Anyone.MayRead(), s.join),
		web.Get("/colleague", surface.Staff, web.Anyone.MayRead(), s.showColleague),
		web.Post("/colleague", surface.Staff, web.Anyone.MayRead(), s.joinColleague),
	}
}
