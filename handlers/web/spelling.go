package web

import "github.com/gin-gonic/gin"

// SpellingCookie turns on spell checking in this browser. Some browsers send typed text to their
// vendor for that, so it is off until somebody turns it on, in each browser separately.
const SpellingCookie = "spelling"

// SpellingLife is how long the choice is kept, in seconds, on an unshared device.
const SpellingLife = 365 * 24 * 60 * 60

func checksSpelling(c *gin.Context) bool {
	chosen, err := c.Cookie(SpellingCookie)
	return err == nil && chosen == "on"
}
