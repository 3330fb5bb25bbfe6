// Package account holds the pages of a person's own account, the same for staff and partners:
// second factor, passkeys, password and logins.
package account

import "mend/handlers/web"

// A Server handles these pages.
type Server struct{ *web.Server }

// New returns a Server.
func New(s *web.Server) *Server { return &Server{s} }
