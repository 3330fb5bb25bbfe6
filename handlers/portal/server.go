// Package portal answers partners: their homework, answers, promises and privacy
// policy, and the way out. It imports nothing that staff pages use.
package portal

import "mend/handlers/homework"

// A Server answers these pages.
type Server struct{ *homework.Server }

// New returns a server of these pages.
func New(s *homework.Server) *Server { return &Server{s} }
