package handlers

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// spellingCookie says that spelling is checked in this browser. Some browsers
// send what is typed to their maker for that, so it is off until it is chosen,
// for each browser by itself.
const spellingCookie = "spelling"

// spellingLife is how long the choice holds, in seconds, on a device of one's own.
const spellingLife = 365 * 24 * 60 * 60

func checksSpelling(c *gin.Context) bool {
	chosen, err := c.Cookie(spellingCookie)
	return err == nil && chosen == "on"
}

type spellingForm struct {
	Spelling string `form:"spelling"`
}

// chooseSpelling turns the check of spelling on or off in this browser. On a
// device that others use it is forgotten when the browser is closed.
func (s *server) chooseSpelling(c *gin.Context) error {
	form, err := bind[spellingForm](c)
	if err != nil {
		return err
	}
	l := login(c)
	cookie := &http.Cookie{
		Name: spellingCookie, Value: form.Spelling, Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode,
	}
	switch {
	case form.Spelling != "on":
		cookie.Value, cookie.MaxAge = "", -1
	case !l.Shared:
		cookie.MaxAge = spellingLife
	}
	http.SetCookie(c.Writer, cookie)
	return redirect(c, securityPath(l), "saved")
}
