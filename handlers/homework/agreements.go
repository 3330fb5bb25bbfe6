package homework

import (
	"errors"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// AgreementView is the state of a closed agreement, worded the same for both partners and the
// counselor. It does not name who paused it.
type AgreementView struct {
	Review, Expires string
	Paused, Ended   bool
}

// Agreement returns the agreement of an assignment as both partners see it, or nil if the worksheet
// is not an agreement.
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

// fullDay formats a day given as 2006-01-02 as a date with its year.
func fullDay(c *gin.Context, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return web.Date(c, at, "date.day")
}
