// Package account holds the pages of one's own account, the same for the staff and
// for partners: second factor, passkeys, password, logins.
package account

import "mend/handlers/web"

// A Server answers these pages.
type Server struct{ *web.Server }

// New returns a server of these pages.
func New(s *web.Server) *Server { return &Server{s} }
