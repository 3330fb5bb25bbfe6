package portal

import (
	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// pauseAgreement lets a partner pause an agreement at any time without giving a reason.
func (s *Server) pauseAgreement(c *gin.Context) error {
	couple, _, err := s.Me(c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.PauseAgreement(c.Request.Context(), couple, c.Param("assignment"), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/my/worksheets/"+c.Param("assignment"), "saved")
}
