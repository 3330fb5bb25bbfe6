// Package portal serves partners: their homework, answers, promises and privacy policy, and the
// quick exit. It imports nothing that staff pages use.
package portal

import "mend/handlers/homework"

// A Server handles these pages.
type Server struct{ *homework.Server }

// New returns a Server.
func New(s *homework.Server) *Server { return &Server{s} }
