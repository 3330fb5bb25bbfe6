package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// EndedLogin returns the browser's login if it expired, as shown by the cookie that is still there,
// or fault.NotFound.
func (s *Server) EndedLogin(c *gin.Context) (accounts.EndedLogin, error) {
	token, err := c.Cookie(s.CookieName())
	if err != nil {
		return accounts.EndedLogin{}, fault.NotFound
	}
	return s.Accounts.EndedLogin(c.Request.Context(), token, s.Now())
}

// WhyEnded returns the reason why somebody was signed out.
func WhyEnded(c *gin.Context, ended accounts.EndedLogin) string {
	switch {
	case ended.Person == "":
		return ""
	case ended.Idle == 0:
		return Tell(c, "ended.after_12_hours")
	case ended.Shared:
		return Tell(c, "ended.unused_shared", int(ended.Idle.Minutes()))
	}
	return Tell(c, "ended.unused", int(ended.Idle.Minutes()))
}

// toLogin redirects to the sign-in page. After an expired login it passes on the current page, to
// which the same person can return.
func (s *Server) toLogin(c *gin.Context) {
	to := "/login"
	if _, err := s.EndedLogin(c); err == nil {
		to += "?then=" + url.QueryEscape(leftPage(c))
	}
	c.Redirect(http.StatusSeeOther, to)
}

// leftPage returns the path of the page the person was on: the requested one, or the one that sent
// a form.
func leftPage(c *gin.Context) string {
	if c.Request.Method == http.MethodGet {
		return c.Request.URL.Path
	}
	from, err := url.Parse(c.Request.Referer())
	if err != nil {
		return ""
	}
	return from.Path
}

// ReturnPath returns then if the new login of token belongs to the person whose login expired, and ""
// otherwise, so that nobody lands on another person's page.
func (s *Server) ReturnPath(c *gin.Context, then, token string) (string, error) {
	ended, err := s.EndedLogin(c)
	if errors.Is(err, fault.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	person, err := s.Accounts.PersonOf(c.Request.Context(), token, s.Now())
	if err != nil || person != ended.Person {
		return "", err
	}
	return then, nil
}

// SecondStepQuery returns the query for the second sign-in step: the chosen language and the page to go
// on to.
func SecondStepQuery(c *gin.Context, then string) string {
	query := url.Values{}
	if c.Query("lang") != "" {
		query.Set("lang", Speaks(c).Tag)
	}
	if then != "" {
		query.Set("then", then)
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}
