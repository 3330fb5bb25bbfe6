package account

import (
	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// refuseCode closes the code that somebody made for one's own sign-in.
func (s *Server) refuseCode(c *gin.Context) error {
	l := web.LoginOf(c)
	if err := s.Accounts.RefuseCode(c.Request.Context(), l, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, web.SecurityPath(l), "refused")
}
