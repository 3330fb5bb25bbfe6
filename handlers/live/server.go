// Package live answers the running session and the couple's screen.
package live

import "mend/handlers/homework"

// A Server answers these pages.
type Server struct{ *homework.Server }

// New returns a server of these pages.
func New(s *homework.Server) *Server { return &Server{s} }
