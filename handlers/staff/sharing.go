package staff

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/worksheets"
)

// decideSharing stores the counselor's decision to share a page or not.
func (s *Server) decideSharing(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.SharingForm](c)
	if err != nil {
		return err
	}
	err = s.Worksheets.Decide(c.Request.Context(), couple, id, worksheets.SharingDecision(form.Key),
		form.Looked == "yes", s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+id, "saved")
}

func (s *Server) activate(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	err = s.Worksheets.Activate(c.Request.Context(), couple, id, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+id, "active")
}
