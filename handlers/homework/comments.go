package homework

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/worksheets"
)

// A CommentLine is a counselor's comment as its reader sees it.
type CommentLine struct {
	ID, Question, Words string
	Shown               bool
}

// CommentLines returns the comments on a page that the reader may see.
func (s *Server) CommentLines(c *gin.Context, couple couples.Couple, p worksheets.Page) ([]CommentLine, error) {
	list, err := s.Worksheets.Comments(c.Request.Context(), couple, p)
	var lines []CommentLine
	for _, k := range list {
		field, _ := p.Worksheet.Field(k.Field)
		lines = append(lines, CommentLine{k.ID, field.Label, k.Words, k.ShownAt != nil})
	}
	return lines, err
}
