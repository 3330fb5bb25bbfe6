package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/i18n"
)

// Wipe tells the browser to clear its cache and storage of this site.
func Wipe(c *gin.Context) { c.Header("Clear-Site-Data", `"cache", "storage"`) }

// EndOldLogin revokes the browser's login, if any, and clears what the browser stored, so that the
// next person in the same browser finds nothing of the last one.
func (s *Server) EndOldLogin(c *gin.Context) {
	if old, err := c.Cookie(s.CookieName()); err == nil {
		_ = s.Accounts.SignOut(c.Request.Context(), old, s.Now()) // it would expire anyway
		Wipe(c)
	}
}

// BrowserOf returns the request's browser as stored with a login.
func BrowserOf(c *gin.Context, shared bool) accounts.Browser {
	return accounts.Browser{Address: addressOf(c.ClientIP()), Device: deviceLabel(c.Request.UserAgent()), Shared: shared}
}

// deviceLabel returns a readable name of a browser.
func deviceLabel(agent string) string {
	pick := func(names ...string) string {
		for _, name := range names {
			key, label, _ := strings.Cut(name, "=")
			if strings.Contains(agent, key) {
				return label
			}
		}
		return ""
	}
	browser := pick("Edg=Edge", "Firefox=Firefox", "FxiOS=Firefox", "CriOS=Chrome", "Chrome=Chrome", "Safari=Safari")
	system := pick("iPhone=iPhone", "iPad=iPad", "Android=Android", "Windows=Windows", "Mac OS=Mac",
		"CrOS=Chromebook", "Linux=Linux")
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser+system != "":
		return browser + system
	}
	return i18n.English.Say("security.another_browser")
}

// DeviceIn returns a device's label in the reader's language.
func DeviceIn(c *gin.Context, label string) string {
	if browser, system, ok := strings.Cut(label, " on "); ok {
		return Tell(c, "security.browser_on", browser, system)
	}
	return Tell(c, i18n.Word("security", label))
}

// HomeOf returns the first page of the person signed in.
func HomeOf(l accounts.Login) string {
	switch {
	case l.LeadsCouples():
		return "/"
	case l.Role == accounts.Supervisor:
		return "/supervision"
	case l.Role == accounts.FrontDesk:
		return "/front-desk"
	}
	return "/my"
}

// MustHaveFactor reports whether somebody has to set up a second factor first: counselors, except
// in the demo.
func (s *Server) MustHaveFactor(l accounts.Login) bool {
	return s.RequireSetup && l.IsCounselor() && !l.Factor
}

// SecurityPath returns the page of a person's own password and devices.
func SecurityPath(l accounts.Login) string {
	if l.IsCounselor() {
		return "/settings/security"
	}
	return "/my/settings"
}

// CookieName returns the name of the login cookie. Over TLS it has the prefix that binds it to this
// host.
func (s *Server) CookieName() string { return LoginCookie(s.URL, "").Name }

// LoginCookie returns the cookie that holds a login's token. It is deleted when the browser closes.
func LoginCookie(site, token string) *http.Cookie {
	cookie := &http.Cookie{Name: "mend", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(site, "https://") {
		cookie.Name, cookie.Secure = "__Host-mend", true
	}
	return cookie
}

// SetCookie sets the login cookie, or deletes it if token is "". It is deleted when the browser
// closes.
func (s *Server) SetCookie(c *gin.Context, token string) {
	cookie := LoginCookie(s.URL, token)
	if token == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}
