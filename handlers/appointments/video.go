package appointments

import (
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/handlers/web"
	"mend/internal/fault"
)

// A videoForm holds a counselor's settings for video sessions as typed.
type videoForm struct {
	Revision int    `form:"base"`
	Link     string `form:"link"`
	Licenses string `form:"licenses"`
}

// saveVideoSettings stores a counselor's own video link and licenses.
func (s *Server) saveVideoSettings(c *gin.Context) error {
	form, err := web.Bind[videoForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	set := calendar.VideoSettings{Link: form.Link, Revision: form.Revision}
	var unknown string
	if set.Licenses, unknown = calendar.ParseLicenses(form.Licenses); unknown != "" {
		return s.redrawVideo(c, http.StatusUnprocessableEntity, form, fault.Fields{
			"licenses": "Enter each state by its name or two letters, separated by commas, such as NY, NJ.",
		})
	}
	err = s.Calendar.SaveVideoSettings(c.Request.Context(), l.PracticeID, l.CounselorID, set)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.redrawVideo(c, http.StatusUnprocessableEntity, form, problems)
	}
	if errors.Is(err, fault.Conflict) {
		stored, err := s.Calendar.VideoSettings(c.Request.Context(), l.PracticeID, l.CounselorID)
		if err != nil {
			return err
		}
		form.Revision = stored.Revision
		return s.redrawVideo(c, http.StatusConflict, form, fault.Fields{"main": changedElsewhere})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/calendar", "saved")
}

func (s *Server) redrawVideo(c *gin.Context, status int, form videoForm, problems fault.Fields) error {
	return s.drawSettings(c, status, &settingsView{Video: form}, offForm{Key: rand.Text()}, problems)
}
