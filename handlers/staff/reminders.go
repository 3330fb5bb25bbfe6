package staff

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar/reminders"
	"mend/handlers/web"
	"mend/internal/fault"
)

// An unsentLine is a reminder that was not delivered, shown to the couple's own counselor.
type unsentLine struct {
	ID, Partner, Name, When string
	Unknown                 bool // it may have been delivered
}

// unsentReminders returns the undelivered reminders to show to the counselor.
func (s *Server) unsentReminders(c *gin.Context) (lines []unsentLine, err error) {
	l := web.LoginOf(c)
	list, err := s.Reminders.Troubles(c.Request.Context(), l.PracticeID, l.CounselorID)
	for _, r := range list {
		zone, err := time.LoadLocation(r.Zone)
		if err != nil {
			zone = l.Zone()
		}
		lines = append(lines, unsentLine{
			r.ID, r.PartnerID, r.Name, r.StartsAt.In(zone).Format("Monday, January 2, 3:04 PM MST"),
			r.State == reminders.Unknown,
		})
	}
	return lines, err
}

// markReminderSeen removes an undelivered reminder from the list.
func (s *Server) markReminderSeen(c *gin.Context) error {
	if _, err := web.Bind[struct{}](c); err != nil {
		return err
	}
	l := web.LoginOf(c)
	err := s.Reminders.MarkSeen(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("reminder"), s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, "/", "saved")
}

type reminderForm struct {
	Hours string `form:"hours"`
}

// saveReminders stores how long before an appointment partners are reminded.
func (s *Server) saveReminders(c *gin.Context) error {
	form, err := web.Bind[reminderForm](c)
	if err != nil {
		return err
	}
	hours, _ := strconv.Atoi(form.Hours) // a non-number becomes 0, which is refused
	err = s.Reminders.SaveSettings(c.Request.Context(), web.LoginOf(c).PracticeID, reminders.Settings{Hours: hours})
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.practiceAgain(c, http.StatusUnprocessableEntity, practiceNumbers{Hours: form.Hours}, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/practice", "saved")
}
