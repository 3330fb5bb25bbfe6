package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/i18n"
)

// Wipe has the browser forget what it holds of this site.
func Wipe(c *gin.Context) { c.Header("Clear-Site-Data", `"cache", "storage"`) }

// EndOldLogin revokes the login that this browser had, if any, and has the
// browser forget what it holds of it: a new person in the same browser finds
// nothing of the last one.
func (s *Server) EndOldLogin(c *gin.Context) {
	if old, err := c.Cookie(s.CookieName()); err == nil {
		_ = s.Accounts.SignOut(c.Request.Context(), old, s.Now()) // it would fall idle anyhow
		Wipe(c)
	}
}

// BrowserOf is where a request comes from, as a login keeps it.
func BrowserOf(c *gin.Context, shared bool) accounts.Browser {
	return accounts.Browser{Address: addressOf(c.ClientIP()), Device: deviceLabel(c.Request.UserAgent()), Shared: shared}
}

// deviceLabel is what a person would call their browser.
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

// DeviceIn is the label of a device in the language of its reader.
func DeviceIn(c *gin.Context, label string) string {
	if browser, system, ok := strings.Cut(label, " on "); ok {
		return Tell(c, "security.browser_on", browser, system)
	}
	return Tell(c, i18n.Word("security", label))
}

// HomeOf is the first page of whoever is signed in.
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

// MustHaveFactor reports whether somebody may do nothing before a second factor
// is set up: counselors, save in the demo.
func (s *Server) MustHaveFactor(l accounts.Login) bool {
	return s.Demanding && l.IsCounselor() && !l.Factor
}

// SecurityPath is the page of one's own password and devices.
func SecurityPath(l accounts.Login) string {
	if l.IsCounselor() {
		return "/settings/security"
	}
	return "/my/settings"
}

// CookieName is the name of the cookie that holds the login's token. Over TLS
// it has the prefix with which browsers bind it to this host.
func (s *Server) CookieName() string { return LoginCookie(s.URL, "").Name }

// LoginCookie is the cookie that holds a login's token at a site. It ends with
// the browser.
func LoginCookie(site, token string) *http.Cookie {
	cookie := &http.Cookie{Name: "mend", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(site, "https://") {
		cookie.Name, cookie.Secure = "__Host-mend", true
	}
	return cookie
}

// SetCookie gives the browser the token of its login; an empty one takes it
// away. The cookie ends with the browser.
func (s *Server) SetCookie(c *gin.Context, token string) {
	cookie := LoginCookie(s.URL, token)
	if token == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}
