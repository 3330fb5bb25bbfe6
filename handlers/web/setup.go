package web

import (
	"github.com/gin-gonic/gin"

	"mend/accounts"
)

// SetupStep returns the page that somebody has to complete before anything else, or "": a second
// factor or, for owners, a copy of the master key.
func (s *Server) SetupStep(c *gin.Context, l accounts.Login) (string, error) {
	switch {
	case !s.RequireSetup:
		return "", nil
	case s.MustHaveFactor(l):
		return "/settings/security", nil
	case l.Role != accounts.Owner || s.escrowed.Load():
		return "", nil
	}
	kept, err := s.Accounts.Escrowed(c.Request.Context())
	if err != nil || !kept {
		return "/settings/key", err
	}
	s.escrowed.Store(true)
	return "", nil
}
