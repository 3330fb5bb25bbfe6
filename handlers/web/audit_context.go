package web

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/audit"
)

// BeginAudit begins what is logged of a request: from here on, what it changes and
// opens is recorded as done by whoever is signed in, or by nobody.
func (s *Server) BeginAudit(c *gin.Context, l accounts.Login) {
	c.Request = c.Request.WithContext(s.Audit.Begin(c.Request.Context(), whoIs(c, l)))
}

// whoIs tells the log who makes a request, and from where.
func whoIs(c *gin.Context, l accounts.Login) audit.Who {
	who := audit.Who{
		Practice: l.PracticeID, Person: l.Person(), Login: l.ID, Address: network(c.ClientIP()),
		Device: deviceOf(c.Request),
	}
	switch {
	case l.IsCounselor():
		who.Role = string(l.Role)
	case l.PartnerID != "":
		who.Role = "partner"
	}
	return who
}

// network returns the network of an address, not the device: /24 or /64.
func network(remote string) string {
	address, err := netip.ParseAddr(remote)
	if err != nil {
		return ""
	}
	bits := 64
	if address = address.Unmap(); address.Is4() {
		bits = 24
	}
	prefix, err := address.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// addressOf returns what failures are counted for: an IPv4 address itself, for many
// homes share a network, and of IPv6 the /64 that one home has.
func addressOf(remote string) string {
	address, err := netip.ParseAddr(remote)
	if err == nil && address.Unmap().Is4() {
		return address.Unmap().String()
	}
	return network(remote)
}

// deviceOf tells devices apart in the log without keeping what they say.
func deviceOf(r *http.Request) string {
	sum := sha256.Sum256([]byte("mend/device/1" + r.UserAgent()))
	return hex.EncodeToString(sum[:4])
}

// denied records that somebody signed in asked for what is not theirs.
func (s *Server) denied(c *gin.Context) {
	l, ok := c.Get(LoginKey)
	if !ok {
		return
	}
	event := audit.Event{Action: audit.Denied, Object: c.FullPath(), Reason: c.Request.Method}
	if err := s.Audit.Refuse(c.Request.Context(), whoIs(c, l.(accounts.Login)), event); err != nil {
		slog.ErrorContext(c.Request.Context(), "audit", "id", c.GetString("request"), "err", err.Error())
	}
}
