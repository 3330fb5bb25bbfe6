package staff

import (
	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// An identityProof is submitted with a form that signs: the password or a passkey's response.
type identityProof struct {
	Password string `form:"password"`
	Passkey  string `form:"passkey"`
}

// confirmIdentity verifies the signed-in counselor's password or passkey and records a fresh
// authentication. The log names what is being signed as asked.
func (s *Server) confirmIdentity(c *gin.Context, asked string, by identityProof) error {
	if err := s.checkIdentity(c, asked, by); err != nil {
		return err
	}
	return s.PasswordGiven(c)
}

// checkIdentity checks the password, or that the passkey signed a challenge made for this form's
// path.
func (s *Server) checkIdentity(c *gin.Context, asked string, by identityProof) error {
	ctx, l, browser, now := c.Request.Context(), web.LoginOf(c), web.BrowserOf(c, false), s.Now()
	if by.Passkey != "" {
		return s.Accounts.CheckPasskey(ctx, s.Party, l, browser, asked, c.Request.URL.Path, by.Passkey, now)
	}
	return s.Accounts.CheckPassword(ctx, l, browser, asked, by.Password, now)
}
