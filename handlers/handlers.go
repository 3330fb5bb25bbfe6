// Package handlers serves the site. A handler reads a request, makes one or two calls to the domain
// packages, and renders a page or redirects. It contains no business rules and no SQL. Each
// audience has its own package, whose routes.go declares who may use each route and on which
// surface.
package handlers

import (
	"net/http"
	"slices"

	"mend/handlers/account"
	"mend/handlers/appointments"
	"mend/handlers/homework"
	"mend/handlers/live"
	"mend/handlers/portal"
	"mend/handlers/public"
	"mend/handlers/staff"
	"mend/handlers/web"
)

// New returns the handler of the whole site.
func New(site web.Site) http.Handler {
	s := web.NewServer(site)
	return s.Handler(routes(s))
}

// routes returns the table of all routes. Any other address does not exist.
func routes(s *web.Server) []web.Route {
	work := homework.New(s)
	return slices.Concat(
		public.New(s).Routes(),
		account.New(s).Routes(),
		appointments.New(s).Routes(),
		portal.New(work).Routes(),
		staff.New(work).Routes(),
		live.New(work).Routes(),
	)
}
