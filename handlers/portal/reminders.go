package portal

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

type remindersForm struct {
	Do string `form:"do"`
}

// chosenReminders maps each button of the form to what it stores.
var chosenReminders = map[string]couples.Reminders{
	"stop": {Stopped: true}, "allow": {}, "nudge": {Nudges: true}, "no nudge": {},
}

// chooseReminders stores whether a partner wants reminders of sessions and of worksheets.
func (s *Server) chooseReminders(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[remindersForm](c)
	if err != nil {
		return err
	}
	chosen, ok := chosenReminders[form.Do]
	if !ok {
		return fault.Malformed
	}
	if err := s.Couples.ChooseReminders(c.Request.Context(), couple, me, chosen, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/my/settings", "saved")
}
