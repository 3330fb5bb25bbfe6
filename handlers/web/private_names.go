package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// hideNamesCookie makes lists show couples by their record numbers. It is not a secret and is
// deleted when the browser closes.
const hideNamesCookie = "hide-names"

// HidesNames reports whether couples are shown by their record numbers: while one of the
// counselor's sessions runs, so that a couple at the screen does not read other names, or if the
// counselor chose it.
func HidesNames(c *gin.Context) bool {
	return c.GetBool(inSessionKey) || choseToHide(c)
}

func choseToHide(c *gin.Context) bool {
	chosen, err := c.Cookie(hideNamesCookie)
	return err == nil && chosen == "yes"
}

// NamesOf returns a couple's names, or the record number if names are hidden.
func NamesOf(c *gin.Context, recordNo, names string) string {
	if HidesNames(c) {
		return recordNo
	}
	return names
}

// HideNames toggles whether this browser shows the names of couples.
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
