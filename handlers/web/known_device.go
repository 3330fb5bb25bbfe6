package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
)

// DeviceCookie is the cookie of a device on which somebody has signed in. It names
// nobody, opens nothing, and goes to this site's own pages alone.
func (s *Server) DeviceCookie(token string) *http.Cookie {
	cookie := &http.Cookie{Name: "mend_device", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}
	cookie.MaxAge = int(accounts.KnownFor.Seconds())
	if strings.HasPrefix(s.URL, "https://") {
		cookie.Name, cookie.Secure = "__Host-mend_device", true
	}
	return cookie
}

// DeviceToken returns what the device shows of an earlier sign-in, or "".
func (s *Server) DeviceToken(c *gin.Context) string {
	token, _ := c.Cookie(s.DeviceCookie("").Name)
	return token
}

// Begin gives the browser the login of token. A sign-in that is complete, on a device
// that nobody else uses, makes the device known; on any other nothing is left that
// says that somebody was here.
func (s *Server) Begin(c *gin.Context, token string) error {
	s.SetCookie(c, token)
	l, err := s.Accounts.Peek(c.Request.Context(), token, s.Now())
	if errors.Is(err, accounts.ErrFactorDue) || err == nil && s.Rehearsed != "" {
		return nil
	}
	if err != nil {
		return err
	}
	if l.Shared {
		s.ForgetDevice(c)
		return nil
	}
	known, err := s.Accounts.KnowDevice(c.Request.Context(), l, s.Now())
	if err != nil {
		return err
	}
	http.SetCookie(c.Writer, s.DeviceCookie(known))
	return nil
}

// ForgetDevice takes away what says that somebody has signed in on this device.
func (s *Server) ForgetDevice(c *gin.Context) {
	if s.DeviceToken(c) == "" {
		return
	}
	gone := s.DeviceCookie("")
	gone.MaxAge = -1
	http.SetCookie(c.Writer, gone)
}
