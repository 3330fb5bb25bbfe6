package live

import (
	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/sessions"
)

// startSession starts a planned session, or resumes one that ended a short time ago.
func (s *Server) startSession(c *gin.Context) error {
	session, _, err := s.Session(c)
	if err != nil {
		return err
	}
	begin := s.Sessions.Start
	if session.State == sessions.Ended {
		begin = s.Sessions.Resume
	}
	if err := begin(c.Request.Context(), session, s.Now()); err != nil {
		return err
	}
	if err := s.follow(c, session); err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID+"/run", "")
}

func (s *Server) endSession(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	if err := s.end(c, session, couple); err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID, "ended")
}

// end ends a session and shows on the couple's screen that it is over.
func (s *Server) end(c *gin.Context, session sessions.Session, couple couples.Couple) error {
	ctx := c.Request.Context()
	if err := s.Sessions.End(ctx, session, s.Now()); err != nil {
		return err
	}
	spoken, err := s.ForBoth(ctx, couple)
	if err != nil {
		return err
	}
	return s.Sessions.Show(ctx, session, sessions.Screen{Mode: sessions.ScreenOver, Language: spoken.Tag})
}
