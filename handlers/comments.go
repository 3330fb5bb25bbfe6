package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/worksheets"
)

// A commentLine is a comment of the counselor as its reader sees it.
type commentLine struct {
	ID, Question, Words string
	Shown               bool
}

func (s *server) commentLines(c *gin.Context, couple couples.Couple, p worksheets.Page) ([]commentLine, error) {
	list, err := s.Worksheets.Comments(c.Request.Context(), couple, p)
	var lines []commentLine
	for _, k := range list {
		field, _ := p.Worksheet.Field(k.Field)
		lines = append(lines, commentLine{k.ID, field.Label, k.Words, k.ShownAt != nil})
	}
	return lines, err
}

type commentForm struct {
	Field string `form:"field"`
	Words string `form:"words"`
	Key   string `form:"key"`
	Show  string `form:"show"` // the id of a comment that its author may read
}

// comment stores a comment on a question, or shows one to the page's author.
func (s *server) comment(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := bind[commentForm](c)
	if err != nil {
		return err
	}
	if form.Show != "" {
		err = s.Worksheets.ShowComment(c.Request.Context(), couple, id, form.Show, s.Now())
	} else {
		err = s.Worksheets.Comment(c.Request.Context(), couple, id, form.Field, unix(form.Words), form.Key, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/assignments/"+id, "saved")
}
