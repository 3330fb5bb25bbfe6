package account

import (
	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// refuseCode cancels a code that somebody created for the signed-in person's own account.
func (s *Server) refuseCode(c *gin.Context) error {
	l := web.LoginOf(c)
	if err := s.Accounts.RefuseCode(c.Request.Context(), l, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, web.SecurityPath(l), "refused")
}
