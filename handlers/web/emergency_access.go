package web

import (
	"github.com/gin-gonic/gin"

	"mend/accounts"
)

const openRecordsKey = "open records"

// An OpenRecord is a record that an owner has open, as shown on each page.
type OpenRecord struct{ Couple, RecordNo, Until string }

func openRecordsOf(c *gin.Context) []OpenRecord {
	lines, _ := c.Get(openRecordsKey)
	list, _ := lines.([]OpenRecord)
	return list
}

// loadEmergencyAccess stores the owner's open records in the request's context, so that every page
// can show them.
func (s *Server) loadEmergencyAccess(c *gin.Context, l accounts.Login) error {
	if !l.IsOwner() {
		return nil
	}
	open, err := s.Couples.OpenAccesses(c.Request.Context(), l.PracticeID, l.CounselorID, s.Now())
	if err != nil {
		return err
	}
	var lines []OpenRecord
	for _, g := range open {
		lines = append(lines, OpenRecord{g.CoupleID, g.RecordNo, g.Until.In(l.Zone()).Format("3:04 PM")})
	}
	c.Set(openRecordsKey, lines)
	return nil
}
