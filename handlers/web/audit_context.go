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

// BeginAudit starts the audit context of a request: what it changes and opens is logged under the
// login, or under nobody.
func (s *Server) BeginAudit(c *gin.Context, l accounts.Login) {
	c.Request = c.Request.WithContext(s.Audit.Begin(c.Request.Context(), whoIs(c, l)))
}

// whoIs returns who makes a request, and from where, for the log.
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

// network returns the network of an address (/24 or /64), which does not identify the device.
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

// addressOf returns the key under which failures are counted: an IPv4 address itself, because many
// homes share a network, or the /64 that one home has in IPv6.
func addressOf(remote string) string {
	address, err := netip.ParseAddr(remote)
	if err == nil && address.Unmap().Is4() {
		return address.Unmap().String()
	}
	return network(remote)
}

// deviceOf returns a short hash of the user agent, which distinguishes devices in the log without
// storing it.
func deviceOf(r *http.Request) string {
	sum := sha256.Sum256([]byte("mend/device/1" + r.UserAgent()))
	return hex.EncodeToString(sum[:4])
}

// logDenied logs that a signed-in person asked for something that is not theirs.
func (s *Server) logDenied(c *gin.Context) {
	l, ok := c.Get(LoginKey)
	if !ok {
		return
	}
	event := audit.Event{Action: audit.Denied, Object: c.FullPath(), Reason: c.Request.Method}
	if err := s.Audit.Refuse(c.Request.Context(), whoIs(c, l.(accounts.Login)), event); err != nil {
		slog.ErrorContext(c.Request.Context(), "audit", "id", c.GetString("request"), "err", err.Error())
	}
}
