package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
)

// plainHost returns a host as it is compared: in small letters, without a
// trailing dot and without the port that the scheme has anyway.
func plainHost(scheme, host string) string {
	host = strings.ToLower(host)
	host = strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[scheme])
	name, port, ported := strings.Cut(host, ":")
	if name = strings.TrimSuffix(name, "."); ported {
		return name + ":" + port
	}
	return name
}

// wrongHostView tells whoever set Mend up what arrived and what was expected.
type wrongHostView struct {
	Base
	Expected, Arrived, URL string
}

var wrongHostPage = NewPage[wrongHostView]("web/wrong_host.html")

// sameHost refuses requests for another host than the site's own: a name that
// leads here by mistake, or by somebody's doing. Probes ask by address, and the
// page that says so needs its style.
func (s *Server) sameHost(c *gin.Context) {
	scheme, host, _ := strings.Cut(s.URL, "://")
	free := RouteOf(c).Who.anyHost
	if host == "" || free {
		return
	}
	if plainHost(scheme, c.Request.Host) == plainHost(scheme, host) {
		c.Request.Host = host
		return
	}
	c.Abort()
	view := wrongHostView{Base{Title: "Not the address of this site", Look: "door"}, host, c.Request.Host, s.URL}
	if err := Render(c, http.StatusMisdirectedRequest, wrongHostPage, view); err != nil {
		c.String(http.StatusMisdirectedRequest, view.Title)
	}
}

var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin refuses what another site would have a browser do. A request that
// changes something and carries a login must also say where it comes from: by
// Origin, by Sec-Fetch-Site, or where a proxy removes both, by Referer.
func (s *Server) sameOrigin(c *gin.Context) {
	if err := crossOrigin.Check(c.Request); err != nil {
		s.Fail(c, fault.Forbidden)
		return
	}
	safe := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
	_, err := c.Cookie(s.CookieName())
	silent := c.GetHeader("Origin") == "" && c.GetHeader("Sec-Fetch-Site") == ""
	if safe || err != nil || !silent || s.referredFromHere(c) {
		return
	}
	slog.WarnContext(c.Request.Context(),
		"a form arrived without Origin, Sec-Fetch-Site and Referer: does a proxy remove them?")
	s.Fail(c, fault.Forbidden)
}

// referredFromHere reports whether the browser names a page of this site as where
// the request comes from.
func (s *Server) referredFromHere(c *gin.Context) bool {
	scheme, host, _ := strings.Cut(s.URL, "://")
	from, err := url.Parse(c.Request.Referer())
	return err == nil && from.Host != "" && from.Scheme == scheme && plainHost(scheme,
		from.Host) == plainHost(scheme, host)
}
