package live

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/worksheets"
)

// jointPage returns the active joint page in the path, which both partners fill in together on the
// counselor's screen, in the language of both.
func (s *Server) jointPage(c *gin.Context) (worksheets.OpenPage, error) { return s.jointQuestions(c) }

// jointQuestions returns the same page with only the named questions, or with all of them.
func (s *Server) jointQuestions(c *gin.Context, only ...string) (worksheets.OpenPage, error) {
	session, couple, err := s.Session(c)
	if err != nil {
		return worksheets.OpenPage{}, err
	}
	f, err := s.Worksheets.JointPage(c.Request.Context(), couple, c.Param("assignment"), only...)
	if err == nil && (f.ActiveAt == nil || session.State == "planned") {
		err = fault.NotFound
	}
	if err != nil {
		return f, err
	}
	spoken, err := s.ForBoth(c.Request.Context(), couple)
	c.Set(web.SpeaksKey, spoken)
	s.InWords(c, &f.Page)
	return f, err
}

// inSession returns the FormContext of a joint page that is filled in during the session.
func inSession(c *gin.Context) homework.FormContext {
	return homework.FormContext{Path: "/sessions/" + c.Param("session") + "/pages/" + c.Param("assignment")}
}

func (s *Server) showJointPage(c *gin.Context) error {
	f, err := s.jointPage(c)
	if err != nil {
		return err
	}
	return s.AskPage(c, http.StatusOK, f, f.Values, inSession(c), nil)
}

func (s *Server) saveJointPage(c *gin.Context) error {
	f, err := s.jointPage(c)
	if err != nil {
		return err
	}
	return s.SavePage(c, f, s.jointPage, inSession(c), "/sessions/"+c.Param("session")+"/run")
}

func (s *Server) saveJointField(c *gin.Context) error {
	f, err := s.jointQuestions(c, c.Param("field"))
	if err != nil {
		return err
	}
	return s.SavePageField(c, f)
}
