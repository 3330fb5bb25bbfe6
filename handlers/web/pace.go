package web

import (
	"sync"
	"time"
)

// A pace counts each login's requests within the current minute.
type pace struct {
	mu     sync.Mutex
	minute time.Time
	asked  map[string]int
}

// Allows counts a request for what and reports whether it is within most per minute.
func (s *Server) Allows(what string, most int) bool { return s.pace.allows(what, most, s.Now()) }

// allows counts a request of a login and reports whether it is within most per minute; 0 means no
// limit.
func (p *pace) allows(login string, most int, now time.Time) bool {
	if most == 0 {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if minute := now.Truncate(time.Minute); p.asked == nil || !minute.Equal(p.minute) {
		p.minute, p.asked = minute, map[string]int{}
	}
	p.asked[login]++
	return p.asked[login] <= most
}
