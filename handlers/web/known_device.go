package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
)

// DeviceCookie returns the cookie that marks a device on which somebody has signed in. It
// identifies nobody, grants no access, and is sent to this site's own pages only.
func (s *Server) DeviceCookie(token string) *http.Cookie {
	cookie := &http.Cookie{Name: "mend_device", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}
	cookie.MaxAge = int(accounts.KnownFor.Seconds())
	if strings.HasPrefix(s.URL, "https://") {
		cookie.Name, cookie.Secure = "__Host-mend_device", true
	}
	return cookie
}

// DeviceToken returns the token of an earlier sign-in on this device, or "".
func (s *Server) DeviceToken(c *gin.Context) string {
	token, _ := c.Cookie(s.DeviceCookie("").Name)
	return token
}

// BeginLogin sets the browser's login cookie to token. A complete sign-in on an unshared device makes
// the device known; a shared device keeps no trace of it.
func (s *Server) BeginLogin(c *gin.Context, token string) error {
	s.SetCookie(c, token)
	l, err := s.Accounts.Peek(c.Request.Context(), token, s.Now())
	if errors.Is(err, accounts.ErrFactorDue) || err == nil && s.SandboxPassword != "" {
		return nil
	}
	if err != nil {
		return err
	}
	if l.Shared {
		s.ForgetDevice(c)
		return nil
	}
	known, err := s.Accounts.RememberDevice(c.Request.Context(), l, s.Now())
	if err != nil {
		return err
	}
	http.SetCookie(c.Writer, s.DeviceCookie(known))
	return nil
}

// ForgetDevice removes the cookie that marks a known device.
func (s *Server) ForgetDevice(c *gin.Context) {
	if s.DeviceToken(c) == "" {
		return
	}
	gone := s.DeviceCookie("")
	gone.MaxAge = -1
	http.SetCookie(c.Writer, gone)
}
