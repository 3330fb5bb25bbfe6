package web

import "github.com/gin-gonic/gin"

// SpellingCookie says that spelling is checked in this browser. Some browsers
// send what is typed to their maker for that, so it is off until it is chosen,
// for each browser by itself.
const SpellingCookie = "spelling"

// SpellingLife is how long the choice holds, in seconds, on a device of one's own.
const SpellingLife = 365 * 24 * 60 * 60

func checksSpelling(c *gin.Context) bool {
	chosen, err := c.Cookie(SpellingCookie)
	return err == nil && chosen == "on"
}
