// Package homework holds what a partner and their counselor both see of homework:
// a worksheet as a form, what was answered, agreements, comments and promises.
package homework

import "mend/handlers/web"

// A Server answers these pages.
type Server struct{ *web.Server }

// New returns a server of these pages.
func New(s *web.Server) *Server { return &Server{s} }
