// Package sandbox lets a counselor practice on people who do not exist. A
// browser that rehearses gets a whole Mend of its own, with an invented
// practice in a throw-away place, at the same addresses; nothing that it does
// reaches the real one. It is a package of its own because it stands before the
// handlers and knows nothing of what they do.
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

// Longest is how long one lasts, and Most how many there are at once.
const (
	Longest = 2 * time.Hour
	Most    = 8
)

// Leave is the path that ends a practice, of the real site's table.
const Leave = "/practice-run/end"

// A Copy of Mend is what a browser practices on.
type Copy struct {
	Handler http.Handler
	Person  string         // who its counselor is, as pages say whose they are
	Cookies []*http.Cookie // that sign its counselor in
	Close   func()         // takes all of it away
}

// A Stage serves the real site, and to each browser that practices its copy.
type Stage struct {
	real   http.Handler
	site   *url.URL
	secure bool
	open   func() (Copy, error)

	mu   sync.Mutex
	runs map[string]*run // by the token in the browser's cookie; nil while it is opened
}

// A run is one browser's practice.
type run struct {
	Copy
	jar    http.CookieJar // the copy's cookies never reach the browser
	ending *time.Timer
}

// New returns a Stage before the site at address. Serve is to be set before it
// is used; open makes a copy.
func New(address string, open func() (Copy, error)) (*Stage, error) {
	site, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	return &Stage{site: site, secure: site.Scheme == "https", open: open, runs: map[string]*run{}}, nil
}

// Serve has real be what everybody gets who does not practice.
func (s *Stage) Serve(real http.Handler) { s.real = real }

// Begin opens a copy and has the answer w make its browser practice on it. It
// is fault.Busy while as many practice, or are about to, as may.
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
	if err != nil { // without options it cannot be
		panic(err)
	}
	jar.SetCookies(s.site, made.Cookies)
	s.mu.Lock()
	_, reserved := s.runs[token]
	if reserved {
		s.runs[token] = &run{made, jar, time.AfterFunc(Longest, func() { s.end(token) })}
	}
	s.mu.Unlock()
	if !reserved { // the server stops
		made.Close()
		return fault.Busy
	}
	s.setCookie(w, token, 0)
	return nil
}

// reserve takes a place for a copy before it is opened, which takes a while.
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

// end takes a copy away.
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

// Close takes all copies away.
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

// ServeHTTP answers from the browser's copy if it practices. Leaving and signing
// out are the real site's, which looks where a request comes from before it calls
// End; what a page of the real site saves still goes there.
func (s *Stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	running := s.runOf(r)
	leaving := r.URL.Path == Leave || r.URL.Path == "/logout"
	if running == nil || leaving || running.elsewhere(r) {
		s.real.ServeHTTP(w, r)
		return
	}
	running.serve(s.site, w, r)
}

// runOf returns the practice of the browser that asks, nil for none.
func (s *Stage) runOf(r *http.Request) *run {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[cookie.Value]
}

// End ends the practice of the browser that asks, if it has one.
func (s *Stage) End(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(s.cookieName()); err == nil {
		s.setCookie(w, "", -1)
		s.end(cookie.Value)
	}
}

// elsewhere tells whether a request is of a page of the real site that was open
// before: it says whose it is, and that is nobody of the copy.
func (r *run) elsewhere(request *http.Request) bool {
	whose := request.Header.Get("Mend-Person")
	return whose != "" && whose != r.Person
}

// serve answers from the copy, with its own cookies.
func (r *run) serve(site *url.URL, w http.ResponseWriter, request *http.Request) {
	inner, at := request.Clone(request.Context()), &url.URL{Scheme: site.Scheme, Host: site.Host, Path: request.URL.Path}
	inner.Header.Del("Cookie")
	for _, c := range r.jar.Cookies(at) {
		inner.AddCookie(c)
	}
	r.Handler.ServeHTTP(&keeper{ResponseWriter: w, run: r, at: at}, inner)
}

// A keeper keeps the copy's cookies from the browser.
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

// WriteHeader is that of a http.ResponseWriter.
func (k *keeper) WriteHeader(status int) {
	k.keep()
	k.ResponseWriter.WriteHeader(status)
}

// Write is that of a http.ResponseWriter.
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
