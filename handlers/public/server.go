// Package public serves people who are not signed in: sign-in, invitations, setup, about and health
// checks.
package public

import "mend/handlers/web"

// A Server handles these pages.
type Server struct{ *web.Server }

// New returns a Server.
func New(s *web.Server) *Server { return &Server{s} }
