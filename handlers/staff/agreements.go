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

type closeForm struct {
	Review  string `form:"review_on"`
	Expires string `form:"expires_on"`
}

// closeJoint closes a joint page. For an agreement it also sets the review and expiry dates.
func (s *Server) closeJoint(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[closeForm](c)
	if err != nil {
		return err
	}
	if form == (closeForm{}) {
		err = s.Worksheets.Close(c.Request.Context(), couple, id, s.Now())
	} else {
		err = s.Worksheets.CloseAgreement(c.Request.Context(), couple, id,
			worksheets.Agreement{ReviewOn: form.Review, ExpiresOn: form.Expires}, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+id, "saved")
}

// turnAgreement lets the counselor pause or resume an agreement.
func (s *Server) turnAgreement(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[homework.TurnForm](c)
	if err != nil {
		return err
	}
	switch form.Do {
	case "pause":
		err = s.Worksheets.PauseAgreement(c.Request.Context(), couple, id, s.Now())
	case "resume":
		err = s.Worksheets.ResumeAgreement(c.Request.Context(), couple, id)
	default:
		err = fault.Malformed
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+id, "saved")
}
