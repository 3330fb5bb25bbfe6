// Package public answers whoever is not signed in: sign-in, invitations, set-up,
// about, and health.
package public

import "mend/handlers/web"

// A Server answers these pages.
type Server struct{ *web.Server }

// New returns a server of these pages.
func New(s *web.Server) *Server { return &Server{s} }
