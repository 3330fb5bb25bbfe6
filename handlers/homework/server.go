// Package homework holds the homework pages that a partner and their counselor share: a worksheet
// as a form, its answers, agreements, comments and promises.
package homework

import "mend/handlers/web"

// A Server handles these pages.
type Server struct{ *web.Server }

// New returns a Server.
func New(s *web.Server) *Server { return &Server{s} }
