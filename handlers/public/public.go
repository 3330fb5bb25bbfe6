package public

import (
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/templates"
)

func (s *Server) healthy(c *gin.Context) error {
	c.String(http.StatusOK, "ok")
	return nil
}

// ready responds whether the server accepts requests. A late backup is mentioned, but does not make
// it unready.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Ready(c.Request); err != nil {
		return fault.Busy
	}
	if s.CriticalSpace != nil && s.CriticalSpace() {
		return fault.Full
	}
	said := "ready"
	if s.BackupLate != nil && s.BackupLate() {
		said += "; the last good backup is late"
	}
	c.String(http.StatusOK, said)
	return nil
}

// kinds maps the extensions of served files to their types; other files are not served.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".png": "image/png",
}

// asset serves a file of the current version, which browsers may cache forever because a changed
// file has a different path.
func (s *Server) asset(c *gin.Context) error {
	name := strings.TrimPrefix(c.Param("file"), "/")
	kind := kinds[path.Ext(name)]
	text := templates.Asset(name)
	if text == nil || kind == "" {
		return fault.NotFound
	}
	keep := "public, max-age=31536000, immutable"
	if c.Param("version") != templates.Version() { // requested by a page of an earlier version
		keep = "no-store"
	}
	c.Header("Cache-Control", keep)
	c.Header("Vary", "Accept-Encoding")
	compressed := templates.CompressedAsset(name)
	if compressed != nil && strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		c.Header("Content-Encoding", "gzip")
		text = compressed
	}
	c.Data(http.StatusOK, kind, text)
	return nil
}

func (s *Server) icon(c *gin.Context) error {
	c.Data(http.StatusOK, kinds[".svg"], templates.Asset("page.svg"))
	return nil
}

var aboutPage = web.NewPage[web.Base]("public/about.html")

func (s *Server) showAbout(c *gin.Context) error {
	_, _ = s.Authenticate(c, false) // works without a login, too
	return web.Render(c, http.StatusOK, aboutPage, s.PublicBase(c, "About"))
}
