package web

import (
	"github.com/gin-gonic/gin"

	"mend/accounts"
)

const glassKey = "glass"

// A GlassLine is a record that is open to an owner, as each page says.
type GlassLine struct{ Couple, RecordNo, Until string }

func glassesOf(c *gin.Context) []GlassLine {
	lines, _ := c.Get(glassKey)
	list, _ := lines.([]GlassLine)
	return list
}

// loadEmergencyAccess remembers for the request which records are open to an owner, so
// that every page says so.
func (s *Server) loadEmergencyAccess(c *gin.Context, l accounts.Login) error {
	if !l.IsOwner() {
		return nil
	}
	open, err := s.Couples.Glasses(c.Request.Context(), l.PracticeID, l.CounselorID, s.Now())
	if err != nil {
		return err
	}
	var lines []GlassLine
	for _, g := range open {
		lines = append(lines, GlassLine{g.CoupleID, g.RecordNo, g.Until.In(l.Zone()).Format("3:04 PM")})
	}
	c.Set(glassKey, lines)
	return nil
}
