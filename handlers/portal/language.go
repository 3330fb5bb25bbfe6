package portal

import (
	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

type languageForm struct {
	Language string `form:"language"`
}

// chooseLanguage stores a partner's language.
func (s *Server) chooseLanguage(c *gin.Context) error {
	form, err := web.Bind[languageForm](c)
	if err != nil {
		return err
	}
	if !i18n.IsOffered(form.Language) {
		return fault.Malformed
	}
	if err := s.Accounts.SetLanguage(c.Request.Context(), web.LoginOf(c), form.Language); err != nil {
		return err
	}
	return web.Redirect(c, "/my/settings", "saved")
}
