package staff

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
)

type commentForm struct {
	Field string `form:"field"`
	Words string `form:"words"`
	Key   string `form:"key"`
	Show  string `form:"show"` // the id of a comment to show to the page's author
}

// comment stores a comment on a question, or makes one visible to the page's author.
func (s *Server) comment(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[commentForm](c)
	if err != nil {
		return err
	}
	if form.Show != "" {
		err = s.Worksheets.ShowComment(c.Request.Context(), couple, id, form.Show, s.Now())
	} else {
		err = s.Worksheets.Comment(c.Request.Context(), couple, id, form.Field, web.UnixLines(form.Words), form.Key, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+id, "saved")
}
