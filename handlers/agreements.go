package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/worksheets"
)

// agreementView is where a closed agreement stands, in the same words for both
// partners and the counselor: who paused it is nobody's to know.
type agreementView struct {
	Review, Expires string
	Paused, Ended   bool
}

func (s *server) agreement(c *gin.Context, couple couples.Couple, assignment string) (*agreementView, error) {
	a, err := s.Worksheets.AgreementOf(c.Request.Context(), couple, assignment)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	paused := a.PausedAt != nil
	return &agreementView{
		fullDay(c, a.ReviewOn), fullDay(c, a.ExpiresOn), paused,
		!paused && !a.Holds(s.Now().In(login(c).Zone())),
	}, nil
}

// fullDay is a day as 2006-01-02, in words with its year.
func fullDay(c *gin.Context, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return date(c, at, "January 2, 2006")
}

type closeForm struct {
	Review  string `form:"review_on"`
	Expires string `form:"expires_on"`
}

// closeJoint ends the work on a joint page; an agreement is given its days.
func (s *server) closeJoint(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := bind[closeForm](c)
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
	return redirect(c, "/assignments/"+id, "saved")
}

// turnAgreement pauses an agreement or has it hold again, for the counselor.
func (s *server) turnAgreement(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := bind[turnForm](c)
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
	return redirect(c, "/assignments/"+id, "saved")
}

// pauseAgreement is a partner's way to pause, at any time and without a reason.
func (s *server) pauseAgreement(c *gin.Context) error {
	couple, _, err := s.me(c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.PauseAgreement(c.Request.Context(), couple, c.Param("assignment"), s.Now()); err != nil {
		return err
	}
	return redirect(c, "/my/worksheets/"+c.Param("assignment"), "noted")
}
