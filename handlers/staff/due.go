package staff

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/records"
)

// dueWithin is how many days before its due date a request appears among the follow-ups.
const dueWithin = 7

// A requestDue is a request that is due soon.
type requestDue struct{ Path, Names, When string }

// requestsDue returns the requests that are due soon. Each is about one partner, so they appear
// among the follow-ups and not on Today, which the couple may see.
func (s *Server) requestsDue(c *gin.Context) ([]requestDue, error) {
	l := web.LoginOf(c)
	today := s.Now().In(l.Zone())
	by := time.Date(today.Year(), today.Month(), today.Day()+dueWithin, 0, 0, 0, 0, time.UTC)
	list, err := s.Records.Due(c.Request.Context(), l.PracticeID, l.CounselorID, by)
	var lines []requestDue
	for _, r := range list {
		lines = append(lines, requestDue{
			"/partners/" + r.PartnerID + "/requests/" + r.ID, web.NamesOf(c, r.RecordNo, r.Names),
			r.On.Format("Monday, January 2"),
		})
	}
	return lines, err
}

// A noteDue is an unsigned standalone note.
type noteDue struct{ Path, Names, Kind, Age string }

// standaloneDue returns the unsigned standalone notes of individual files, which Today never shows,
// or of joint records.
func (s *Server) standaloneDue(c *gin.Context, individual bool) ([]noteDue, error) {
	l := web.LoginOf(c)
	list, err := s.Sessions.UnsignedStandalone(c.Request.Context(), l.PracticeID, l.CounselorID, individual)
	var lines []noteDue
	for _, n := range list {
		info, _ := n.Kind.Info()
		line := noteDue{
			"/notes/" + n.ID, web.NamesOf(c, n.RecordNo, n.Names), info.Title, age(n.HappenedAt, s.Now(), l.Zone()),
		}
		if individual {
			line.Path = "/partners/" + n.PartnerID + "/notes/" + n.ID
		}
		lines = append(lines, line)
	}
	return lines, err
}

type answerDaysForm struct {
	Days string `form:"days"`
}

// saveAnswerDays stores the number of days within which record requests are answered.
func (s *Server) saveAnswerDays(c *gin.Context) error {
	form, err := web.Bind[answerDaysForm](c)
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(form.Days) // a non-number becomes 0, which is refused
	err = s.Records.SaveSettings(c.Request.Context(), web.LoginOf(c).PracticeID, records.Settings{AnswerDays: days})
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.practiceAgain(c, http.StatusUnprocessableEntity, practiceNumbers{Days: form.Days}, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/practice", "saved")
}
