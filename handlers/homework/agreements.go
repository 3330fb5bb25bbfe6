package homework

import (
	"errors"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// AgreementView is where a closed agreement stands, in the same words for both
// partners and the counselor: who paused it is nobody's to know.
type AgreementView struct {
	Review, Expires string
	Paused, Ended   bool
}

// Agreement is what both see of an agreement, nil where the worksheet is none.
func (s *Server) Agreement(c *gin.Context, couple couples.Couple, assignment string) (*AgreementView, error) {
	a, err := s.Worksheets.AgreementOf(c.Request.Context(), couple, assignment)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	paused := a.PausedAt != nil
	return &AgreementView{
		fullDay(c, a.ReviewOn), fullDay(c, a.ExpiresOn), paused,
		!paused && !a.Holds(s.Now().In(web.LoginOf(c).Zone())),
	}, nil
}

// fullDay is a day as 2006-01-02, in words with its year.
func fullDay(c *gin.Context, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return web.Date(c, at, "date.day")
}
