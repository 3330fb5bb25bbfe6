// Package handlers answers the browser: it reads a request, makes one or two
// calls to the domain, and draws a page or redirects. It decides no rule and
// holds no SQL. Each audience has a package of its own; who may use a route, and
// where it is seen, stands in that package's routes.go.
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

// routes is the table. A route that is not here does not exist.
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
