// Package live serves the running session and the couple's screen.
package live

import "mend/handlers/homework"

// A Server handles these pages.
type Server struct{ *homework.Server }

// New returns a Server.
func New(s *homework.Server) *Server { return &Server{s} }
