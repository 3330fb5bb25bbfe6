package web

import "github.com/gin-gonic/gin"

// hideNamesCookie has a browser show couples by their record numbers. It is no secret.
const hideNamesCookie = "hide-names"

// HidesNames tells whether couples are shown by their record numbers: while a session of
// the counselor runs, and where the counselor asked for it. The couple beside the screen
// then reads nothing of others.
func HidesNames(c *gin.Context) bool {
	cookie, err := c.Cookie(hideNamesCookie)
	return c.GetBool(inSessionKey) || err == nil && cookie == "yes"
}

// NamesOf is how a list names a couple: by its names, or by its record number where names are hidden.
func NamesOf(c *gin.Context, recordNo, names string) string {
	if HidesNames(c) {
		return recordNo
	}
	return names
}
