package staff

import (
	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// An identityProof is sent with a form that signs: the password, or what a passkey answered.
type identityProof struct {
	Password string `form:"password"`
	Passkey  string `form:"passkey"`
}

// confirmIdentity checks that whoever sends the form is the counselor who is signed in, and counts it as a
// fresh sign-in. The log names what is signed as asked.
func (s *Server) confirmIdentity(c *gin.Context, asked string, by identityProof) error {
	if err := s.checkIdentity(c, asked, by); err != nil {
		return err
	}
	return s.PasswordGiven(c)
}

// checkIdentity checks the password, or that the passkey signed a challenge made for the path of this
// form.
func (s *Server) checkIdentity(c *gin.Context, asked string, by identityProof) error {
	ctx, l, browser, now := c.Request.Context(), web.LoginOf(c), web.BrowserOf(c, false), s.Now()
	if by.Passkey != "" {
		return s.Accounts.CheckPasskey(ctx, s.Party, l, browser, asked, c.Request.URL.Path, by.Passkey, now)
	}
	return s.Accounts.CheckPassword(ctx, l, browser, asked, by.Password, now)
}
