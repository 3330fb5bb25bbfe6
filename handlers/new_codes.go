package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// refuseCode closes the code that somebody made for one's own sign-in.
func (s *server) refuseCode(c *gin.Context) error {
	l := login(c)
	if err := s.Accounts.RefuseCode(c.Request.Context(), l, s.Now()); err != nil {
		return err
	}
	return redirect(c, securityPath(l), "refused")
}

// passkeyForCode is what a passkey is to sign to open a code that waits: "" unless that
// is what was wrong with a form, and the code's person has a passkey.
func (s *server) passkeyForCode(c *gin.Context, code string, problems fault.Fields) (string, error) {
	if problems["proof"] == "" {
		return "", nil
	}
	options, err := s.Accounts.AskForCode(c.Request.Context(), s.party, code, s.Now())
	return string(options), err
}

type waitForm struct {
	Hours string `form:"hours"`
}

// setWaitHours has an owner choose how long a new code waits.
func (s *server) setWaitHours(c *gin.Context) error {
	form, err := bind[waitForm](c)
	if err != nil {
		return err
	}
	l := login(c)
	hours, err := strconv.Atoi(form.Hours)
	if err != nil {
		hours = 0
	}
	err = s.Accounts.SetWaitHours(c.Request.Context(), l.PracticeID, l.CounselorID, hours)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawColleagues(c, http.StatusUnprocessableEntity, colleaguesView{Problems: problems, Hours: form.Hours})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/colleagues", "saved")
}

// A newCodeLine is a code that was made for a sign-in that is in use.
type newCodeLine struct{ Who, When, Opens, State string }

// newCodes are those for whoever is signed in, and for a counselor also those that
// they made for partners and colleagues.
func (s *server) newCodes(c *gin.Context) ([]newCodeLine, error) {
	ctx, l := c.Request.Context(), login(c)
	list, err := s.Accounts.NewCodes(ctx, l.PracticeID, l.Person(), s.Now())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := s.Accounts.Names(ctx, l.PracticeID)
	if err != nil {
		return nil, err
	}
	var lines []newCodeLine
	for _, code := range list {
		lines = append(lines, newCodeLine{
			makerOf(code, people), date(c, code.MadeAt.In(l.Zone()), "January 2, 3:04 PM MST"),
			date(c, code.OpensAt.In(l.Zone()), "January 2, 3:04 PM MST"), code.State(s.Now()),
		})
	}
	return lines, nil
}

// makerOf is who made a code, by name where it is known.
func makerOf(code accounts.NewCode, people []accounts.Counselor) string {
	if name := nameOf(people, code.MadeBy); name != "" {
		return name
	}
	return "Somebody at your practice"
}
