package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// hideNamesCookie has a browser show couples by their record numbers. It is no secret,
// and ends with the browser.
const hideNamesCookie = "hide-names"

// HidesNames reports whether couples are shown by their record numbers: while a session of
// the counselor runs, and where the counselor asked for it. The couple beside the screen
// then reads nothing of others.
func HidesNames(c *gin.Context) bool {
	return c.GetBool(inSessionKey) || choseToHide(c)
}

func choseToHide(c *gin.Context) bool {
	chosen, err := c.Cookie(hideNamesCookie)
	return err == nil && chosen == "yes"
}

// NamesOf is how a list names a couple: by its names, or by its record number where names are hidden.
func NamesOf(c *gin.Context, recordNo, names string) string {
	if HidesNames(c) {
		return recordNo
	}
	return names
}

// HideNames hides the names of couples in this browser, or shows them again.
func (s *Server) HideNames(c *gin.Context) error {
	cookie := &http.Cookie{
		Name: hideNamesCookie, Value: "yes", Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteStrictMode,
	}
	if choseToHide(c) {
		cookie.Value, cookie.MaxAge = "", -1
	}
	http.SetCookie(c.Writer, cookie)
	return Redirect(c, s.referredFrom(c), "")
}
