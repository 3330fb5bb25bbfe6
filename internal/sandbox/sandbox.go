// Package sandbox lets a counselor practice with fictional couples. A browser in practice mode gets
// its own copy of Mend, with an invented practice in a temporary place, at the same URLs; nothing
// it does reaches the real one. It is a separate package because it runs in front of the handlers
// and knows nothing of them.
package sandbox

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"
	"time"

	"mend/internal/fault"
)

// MaxDuration is how long a practice run lasts, and MaxRuns how many can run at once.
const (
	MaxDuration = 2 * time.Hour
	MaxRuns     = 8
)

// LeavePath is the path that ends a practice run. It is a route of the real site.
const LeavePath = "/practice-run/end"

// A Copy is a copy of Mend for one browser.
type Copy struct {
	Handler http.Handler
	Person  string         // its counselor, whose id its pages carry
	Cookies []*http.Cookie // that sign its counselor in
	Close   func()         // removes the copy
}

// A Server serves the real site, and to browsers in practice mode their copies.
type Server struct {
	real   http.Handler
	site   *url.URL
	secure bool
	open   func() (Copy, error)

	mu   sync.Mutex
	runs map[string]*run // by the token in the browser's cookie; nil while being opened
}

// A run is the practice run of one browser.
type run struct {
	Copy
	jar    http.CookieJar // the copy's cookies, which never reach the browser
	ending *time.Timer
}

// New returns a Server for the site at address. Call SetHandler before using it; open creates a copy.
func New(address string, open func() (Copy, error)) (*Server, error) {
	site, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return &Server{site: site, secure: site.Scheme == "https", open: open, runs: map[string]*run{}}, nil
}

// SetHandler sets the handler for everybody not in practice mode.
func (s *Server) SetHandler(real http.Handler) { s.real = real }

// Begin opens a copy and sets the browser's cookie in w to use it. It returns fault.Busy if too
// many copies are open or being opened.
func (s *Server) Begin(w http.ResponseWriter) error {
	token, err := s.reserve()
	if err != nil {
		return err
	}
	made, err := s.open()
	if err != nil {
		s.end(token)
		return err
	}
	jar, err := cookiejar.New(nil)
	if err != nil { // without options it cannot fail
		panic(err)
	}
	jar.SetCookies(s.site, made.Cookies)
	s.mu.Lock()
	_, reserved := s.runs[token]
	if reserved {
		s.runs[token] = &run{made, jar, time.AfterFunc(MaxDuration, func() { s.end(token) })}
	}
	s.mu.Unlock()
	if !reserved { // the server is stopping
		made.Close()
		return fault.Busy
	}
	s.setCookie(w, token, 0)
	return nil
}

// reserve reserves a place for a copy before it is opened, which takes a while.
func (s *Server) reserve() (token string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.runs) >= MaxRuns {
		return "", fault.Busy
	}
	token = rand.Text()
	s.runs[token] = nil
	return token, nil
}

func (s *Server) cookieName() string {
	if s.secure {
		return "__Host-practice"
	}
	return "practice"
}

func (s *Server) setCookie(w http.ResponseWriter, token string, age int) {
	http.SetCookie(w,
		&http.Cookie{
			Name: s.cookieName(), Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.secure,
			SameSite: http.SameSiteLaxMode,
		})
}

// end removes a copy.
func (s *Server) end(token string) {
	s.mu.Lock()
	r := s.runs[token]
	delete(s.runs, token)
	s.mu.Unlock()
	if r != nil {
		r.ending.Stop()
		r.Close()
	}
}

// Close removes all copies.
func (s *Server) Close() {
	s.mu.Lock()
	var tokens []string
	for token := range s.runs {
		tokens = append(tokens, token)
	}
	s.mu.Unlock()
	for _, token := range tokens {
		s.end(token)
	}
}

// ServeHTTP serves the browser's copy if it has one. Leaving and signing out go to the real site,
// which checks where a request comes from before it calls End. Saves from a tab of the real site
// also still go there.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	running := s.runOf(r)
	leaving := r.URL.Path == LeavePath || r.URL.Path == "/logout"
	if running == nil || leaving || running.isFromRealSite(r) {
		s.real.ServeHTTP(w, r)
		return
	}
	running.serve(s.site, w, r)
}

// runOf returns the run of the requesting browser, or nil.
func (s *Server) runOf(r *http.Request) *run {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[cookie.Value]
}

// End ends the run of the requesting browser, if it has one.
func (s *Server) End(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(s.cookieName()); err == nil {
		s.setCookie(w, "", -1)
		s.end(cookie.Value)
	}
}

// isFromRealSite reports whether a request comes from a tab of the real site that was open before: its
// page carries another person's id.
func (r *run) isFromRealSite(request *http.Request) bool {
	whose := request.Header.Get("Mend-Person")
	return whose != "" && whose != r.Person
}

// serve serves the copy, with the copy's own cookies.
func (r *run) serve(site *url.URL, w http.ResponseWriter, request *http.Request) {
	inner, at := request.Clone(request.Context()), &url.URL{Scheme: site.Scheme, Host: site.Host, Path: request.URL.Path}
	inner.Header.Del("Cookie")
	for _, c := range r.jar.Cookies(at) {
		inner.AddCookie(c)
	}
	r.Handler.ServeHTTP(&cookieFilter{ResponseWriter: w, run: r, at: at}, inner)
}

// A cookieFilter keeps the copy's cookies out of the response.
type cookieFilter struct {
	http.ResponseWriter
	run  *run
	at   *url.URL
	kept bool
}

func (f *cookieFilter) moveCookies() {
	if f.kept {
		return
	}
	f.kept = true
	answer := http.Response{Header: f.Header()}
	f.run.jar.SetCookies(f.at, answer.Cookies())
	f.Header().Del("Set-Cookie")
}

// WriteHeader implements http.ResponseWriter.
func (f *cookieFilter) WriteHeader(status int) {
	f.moveCookies()
	f.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (f *cookieFilter) Write(b []byte) (int, error) {
	f.moveCookies()
	return f.ResponseWriter.Write(b)
}

// Flush sends what was written, for streams.
func (f *cookieFilter) Flush() {
	f.moveCookies()
	if err := http.NewResponseController(f.ResponseWriter).Flush(); err != nil {
		slog.Debug("flush", "err", err.Error())
	}
}

// Unwrap is for http.ResponseController.
func (f *cookieFilter) Unwrap() http.ResponseWriter { return f.ResponseWriter }
