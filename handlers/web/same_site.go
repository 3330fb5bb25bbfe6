package web

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
)

// plainHost normalizes a host for comparison: lowercase, without a trailing dot or the scheme's
// default port.
func plainHost(scheme, host string) string {
	host = strings.ToLower(host)
	host = strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[scheme])
	name, port, ported := strings.Cut(host, ":")
	if name = strings.TrimSuffix(name, "."); ported {
		return name + ":" + port
	}
	return name
}

// wrongHostView shows an administrator the host that arrived and the one that was expected.
type wrongHostView struct {
	Base
	Expected, Arrived, URL string
}

var wrongHostPage = NewPage[wrongHostView]("web/wrong_host.html")

// sameHost refuses requests with a Host header other than the site's own, from misconfiguration or
// an attack. Health checks use an address, and the page that explains the refusal needs its style;
// those routes accept any host.
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

// sameOrigin refuses cross-site requests. A request that changes something and carries a login must
// also name its source, in Origin or Sec-Fetch-Site or, if a proxy removes both, in Referer.
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

// referredFromHere reports whether the Referer is a page of this site.
func (s *Server) referredFromHere(c *gin.Context) bool {
	scheme, host, _ := strings.Cut(s.URL, "://")
	from, err := url.Parse(c.Request.Referer())
	return err == nil && from.Host != "" && from.Scheme == scheme && plainHost(scheme,
		from.Host) == plainHost(scheme, host)
}
