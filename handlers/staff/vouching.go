package staff

import (
	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// vouching is what comes with a form that signs: the password, or a passkey's answer.
type vouching struct {
	Password string `form:"password"`
	Passkey  string `form:"passkey"`
}

// vouchFor checks that it is the counselor who is about to sign what is asked for, as the log
// calls it.
func (s *Server) vouchFor(c *gin.Context, asked string, by vouching) error {
	if err := s.isVouchedFor(c, asked, by); err != nil {
		return err
	}
	return s.PasswordGiven(c)
}

// isVouchedFor returns nil if by is of whoever is signed in. A passkey was asked to sign this
// very form.
func (s *Server) isVouchedFor(c *gin.Context, asked string, by vouching) error {
	ctx, l, browser, now := c.Request.Context(), web.LoginOf(c), web.BrowserOf(c, false), s.Now()
	if by.Passkey != "" {
		return s.Accounts.CheckPasskey(ctx, s.Party, l, browser, asked, c.Request.URL.Path, by.Passkey, now)
	}
	return s.Accounts.CheckPassword(ctx, l, browser, asked, by.Password, now)
}
