// Package staff serves the people who work in the practice: the counselor's couples, sessions and
// notes, the supervisor, the front desk, and the owner's settings.
package staff

import "mend/handlers/homework"

// A Server handles these pages.
type Server struct{ *homework.Server }

// New returns a Server.
func New(s *homework.Server) *Server { return &Server{s} }
