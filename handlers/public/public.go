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

// ready reports whether requests may come. A late backup is told as well: it is a
// reason to look, and none to turn people away.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Ready(c.Request); err != nil {
		return fault.Busy
	}
	if s.Least != nil && s.Least() {
		return fault.Full
	}
	said := "ready"
	if s.BackupLate != nil && s.BackupLate() {
		said += "; the last good backup is late"
	}
	c.String(http.StatusOK, said)
	return nil
}

// kinds are the types of the files that Mend serves; any other is not served.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".png": "image/png",
}

// asset serves a file of the present version, to be kept by the browser for
// good: a changed file has another path.
func (s *Server) asset(c *gin.Context) error {
	name := strings.TrimPrefix(c.Param("file"), "/")
	kind := kinds[path.Ext(name)]
	text := templates.Asset(name)
	if text == nil || kind == "" {
		return fault.NotFound
	}
	keep := "public, max-age=31536000, immutable"
	if c.Param("version") != templates.Version() { // a page from before this version, open yet
		keep = "no-store"
	}
	c.Header("Cache-Control", keep)
	c.Header("Vary", "Accept-Encoding")
	if packed := templates.PackedAsset(name); packed != nil && strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		c.Header("Content-Encoding", "gzip")
		text = packed
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
	_, _ = s.Enter(c, false) // nobody may be signed in
	return web.Render(c, http.StatusOK, aboutPage, s.PublicBase(c, "About"))
}
