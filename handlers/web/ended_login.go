package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// EndedLogin is the login of the browser that ended by itself: its cookie is
// still there. It returns fault.NotFound if there is none.
func (s *Server) EndedLogin(c *gin.Context) (accounts.EndedLogin, error) {
	token, err := c.Cookie(s.CookieName())
	if err != nil {
		return accounts.EndedLogin{}, fault.NotFound
	}
	return s.Accounts.EndedByItself(c.Request.Context(), token, s.Now())
}

// WhyEnded tells somebody why they are signed out.
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

// toLogin leads to the sign-in, and says from which page: the same person comes
// back to it.
func (s *Server) toLogin(c *gin.Context) {
	to := "/login"
	if _, err := s.EndedLogin(c); err == nil {
		to += "?then=" + url.QueryEscape(leftPage(c))
	}
	c.Redirect(http.StatusSeeOther, to)
}

// leftPage is the path of the page that somebody was on: the one that is asked
// for, or the one that a form was sent from.
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

// BackTo returns then if the login of token is of the person whose login ended
// there, and "" otherwise: nobody is led to the page of somebody else.
func (s *Server) BackTo(c *gin.Context, then, token string) (string, error) {
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

// CarriedOn is the query with which the second step is asked for: the language
// that was picked, and where to go on.
func CarriedOn(c *gin.Context, then string) string {
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
