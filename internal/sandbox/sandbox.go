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

// Longest is how long a practice run lasts, and Most how many can run at once.
const (
	Longest = 2 * time.Hour
	Most    = 8
)

// Leave is the path that ends a practice run. It is a route of the real site.
const Leave = "/practice-run/end"

// A Copy is a copy of Mend for one browser.
type Copy struct {
	Handler http.Handler
	Person  string         // its counselor, whose id its pages carry
	Cookies []*http.Cookie // that sign its counselor in
	Close   func()         // removes the copy
}

// A Stage serves the real site, and to browsers in practice mode their copies.
type Stage struct {
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

// New returns a Stage for the site at address. Call Serve before using it; open creates a copy.
func New(address string, open func() (Copy, error)) (*Stage, error) {
	site, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return &Stage{site: site, secure: site.Scheme == "https", open: open, runs: map[string]*run{}}, nil
}

// Serve sets the handler for everybody not in practice mode.
func (s *Stage) Serve(real http.Handler) { s.real = real }

// Begin opens a copy and sets the browser's cookie in w to use it. It returns fault.Busy if too
// many copies are open or being opened.
func (s *Stage) Begin(w http.ResponseWriter) error {
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
		s.runs[token] = &run{made, jar, time.AfterFunc(Longest, func() { s.end(token) })}
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
func (s *Stage) reserve() (token string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.runs) >= Most {
		return "", fault.Busy
	}
	token = rand.Text()
	s.runs[token] = nil
	return token, nil
}

func (s *Stage) cookieName() string {
	if s.secure {
		return "__Host-practice"
	}
	return "practice"
}

func (s *Stage) setCookie(w http.ResponseWriter, token string, age int) {
	http.SetCookie(w,
		&http.Cookie{
			Name: s.cookieName(), Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.secure,
			SameSite: http.SameSiteLaxMode,
		})
}

// end removes a copy.
func (s *Stage) end(token string) {
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
func (s *Stage) Close() {
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
func (s *Stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	running := s.runOf(r)
	leaving := r.URL.Path == Leave || r.URL.Path == "/logout"
	if running == nil || leaving || running.isFromRealSite(r) {
		s.real.ServeHTTP(w, r)
		return
	}
	running.serve(s.site, w, r)
}

// runOf returns the run of the requesting browser, or nil.
func (s *Stage) runOf(r *http.Request) *run {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[cookie.Value]
}

// End ends the run of the requesting browser, if it has one.
func (s *Stage) End(w http.ResponseWriter, r *http.Request) {
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
	r.Handler.ServeHTTP(&keeper{ResponseWriter: w, run: r, at: at}, inner)
}

// A keeper keeps the copy's cookies out of the response.
type keeper struct {
	http.ResponseWriter
	run  *run
	at   *url.URL
	kept bool
}

func (k *keeper) keep() {
	if k.kept {
		return
	}
	k.kept = true
	answer := http.Response{Header: k.Header()}
	k.run.jar.SetCookies(k.at, answer.Cookies())
	k.Header().Del("Set-Cookie")
}

// WriteHeader implements http.ResponseWriter.
func (k *keeper) WriteHeader(status int) {
	k.keep()
	k.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (k *keeper) Write(b []byte) (int, error) {
	k.keep()
	return k.ResponseWriter.Write(b)
}

// Flush sends what was written, for streams.
func (k *keeper) Flush() {
	k.keep()
	if err := http.NewResponseController(k.ResponseWriter).Flush(); err != nil {
		slog.Debug("flush", "err", err.Error())
	}
}

// Unwrap is for http.ResponseController.
func (k *keeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }
