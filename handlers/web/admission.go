package web

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/surface"
	"mend/internal/fault"
	"mend/internal/vault"
)

// Handler returns the HTTP handler of the routes in the table.
func (s *Server) Handler(table []Route) http.Handler {
	s.table, s.routes = Declared(table), map[string]Route{}
	for _, route := range table {
		s.routes[route.Method+" "+route.Path] = route
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = false
	r.RedirectTrailingSlash = false
	if err := r.SetTrustedProxies(s.Proxies); err != nil {
		panic(err)
	}
	r.Use(s.nameRoute, s.log, s.recover, s.headers, s.sameHost, s.sameOrigin, s.refuseWhenFull)
	r.NoRoute(s.answer(s.notFound))
	for _, route := range table {
		r.Handle(route.Method, route.Path, s.admit(route), s.answer(route.Handle))
	}
	return headAsGet(r)
}

// headAsGet answers HEAD where monitors ask with it as GET, without the body.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && (r.URL.Path == "/healthz" || r.URL.Path == "/readyz") {
			r = r.WithContext(r.Context())
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// nameRoute stores the matched route in the request's context.
func (s *Server) nameRoute(c *gin.Context) {
	c.Set(routeKey, s.routes[c.Request.Method+" "+c.FullPath()])
	c.Set(sandboxPasswordKey, s.SandboxPassword)
	c.Set(LowSpaceKey, s.LowSpace != nil && s.LowSpace())
}

// RouteOf returns the route of a request, or an empty one if none matched.
func RouteOf(c *gin.Context) Route {
	route, _ := c.Get(routeKey)
	r, _ := route.(Route)
	return r
}

// answer adapts a handler that returns an error. All errors go through Fail.
func (s *Server) answer(handle func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.IsAborted() {
			return
		}
		if err := handle(c); err != nil {
			s.Fail(c, err)
		}
	}
}

// admit checks who may use the route. Somebody with a different role gets the same response as for
// a page that does not exist.
func (s *Server) admit(route Route) gin.HandlerFunc {
	who := route.Who
	return func(c *gin.Context) {
		c.Request = c.Request.WithContext(vault.WithMaterials(c.Request.Context(), who.Opens))
		if who.Role == Anyone.Role {
			s.BeginAudit(c, accounts.Login{})
			return
		}
		login, err := s.identify(c, who)
		if errors.Is(err, accounts.ErrFactorDue) && !WantsJSON(c) {
			c.Abort()
			c.Redirect(http.StatusSeeOther, "/login/code")
			return
		}
		if err != nil {
			s.Fail(c, err)
			return
		}
		s.BeginAudit(c, login)
		c.Set(staleKey, s.Now().After(login.FreshUntil))
		first, err := s.SetupStep(c, login)
		hidden := false
		if err == nil {
			hidden, err = s.hiddenInSession(c, route, login)
		}
		if err == nil {
			err = s.loadEmergencyAccess(c, login)
		}
		switch {
		case err != nil:
			s.Fail(c, err)
		case first != "" && !who.Early:
			c.Abort()
			c.Redirect(http.StatusSeeOther, first)
		case hidden || who.Reauthenticates && s.Now().After(login.FreshUntil):
			s.AskPassword(c, who)
		}
	}
}

// identify returns who is signed in, if the route admits them and they are within the rate limit.
func (s *Server) identify(c *gin.Context, who Access) (accounts.Login, error) {
	login, err := s.Authenticate(c, who.Quiet)
	if err == nil && !s.pace.allows(login.ID, s.MostAMinute, s.Now()) {
		err = fault.Busy
	}
	if err == nil && !who.admits(login) {
		err = fault.NotFound
	}
	return login, err
}

// hiddenInSession reports whether a page must not appear on a screen that both partners can see,
// because it leads to an individual file or shows received answers. While one of the counselor's
// sessions runs, such a page requires a password given since it began. A form sent from a device
// that was handed over is still accepted, however long it took.
func (s *Server) hiddenInSession(c *gin.Context, route Route, l accounts.Login) (bool, error) {
	read := c.Request.Method == http.MethodGet
	hides := route.Surface == surface.Staff || route.Surface == surface.Handover && read
	framed := route.Surface == surface.Live && c.Request.Method != http.MethodPut && !route.Who.Quiet
	if !l.LeadsCouples() || !hides && !framed {
		return false, nil
	}
	since, running, err := s.Sessions.Presenting(c.Request.Context(), l.PracticeID, l.CounselorID)
	c.Set(inSessionKey, running)
	given := l.FreshUntil.Add(-accounts.FreshFor)
	return hides && running && (!given.After(since) || s.Now().After(l.FreshUntil)), err
}

// notFound responds to an unknown address as to a page that the person may not see.
func (s *Server) notFound(c *gin.Context) error {
	_, _ = s.Authenticate(c, true) // works without a login, too
	return fault.NotFound
}
