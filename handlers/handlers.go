// Package handlers answers the browser: it reads a request, makes one or two
// calls to the domain, and draws a page or redirects. It decides no rule and
// holds no SQL. Who may use a route stands in the table in routes.go.
package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/vault"
	"mend/sessions"
	"mend/worksheets"
)

// Site is what the handlers serve from.
type Site struct {
	Accounts       *accounts.Store
	Couples        *couples.Store
	Sessions       *sessions.Store
	Worksheets     *worksheets.Store
	Audit          *audit.Log
	Ready          func(*http.Request) error // whether the database answers
	Now            func() time.Time
	Stopping       <-chan struct{} // closed when the server stops, so that streams say goodbye; nil for never
	URL            string          // how browsers reach the site: https://... or http://...
	HSTSSubdomains bool            // what browsers are told of https holds for subdomains, too
	Proxies        []string        // networks whose word on who asks is taken; none unless configured

	// Little tells that the disk has so little room that nothing is exported,
	// Least that nothing new is taken; Answered counts an answer. Any may be nil.
	Little, Least func() bool
	Answered      func(method, route string, status int, took time.Duration)

	// Erased is told after something was erased; BackupLate tells whether the
	// last good backup is too old. Either may be nil.
	Erased     func(context.Context) error
	BackupLate func() bool

	// Inspected returns what the program last found of what was changed in the
	// database by anything else; nil before the first look. It may be nil.
	Inspected func() *Inspection

	// Rehearse has the browser practice on a copy of Mend; nil where there is
	// none. EndRehearsal ends that. Rehearsed is of such a copy: what everybody's
	// password is.
	Rehearse     func(http.ResponseWriter) error
	EndRehearsal func(http.ResponseWriter, *http.Request)
	Rehearsed    string

	// MostAMinute is how many requests of one login are answered in a minute; 0 for
	// any. People do not come near it: it is for what asks in their name.
	MostAMinute int

	// Demanding has counselors set up a second factor, and owners keep a copy
	// of the master key, before anything else; the demo only offers both.
	Demanding bool
}

type server struct {
	Site
	party    accounts.RelyingParty
	secure   bool // served over TLS, so that cookies are Secure
	pace     pace
	escrowed atomic.Bool // a copy of the master key is known to be kept
}

// New returns the handler of the whole site.
func New(site Site) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	s := &server{Site: site, party: accounts.NewRelyingParty(site.URL), secure: strings.HasPrefix(site.URL, "https://")}
	r := gin.New()
	r.HandleMethodNotAllowed = false
	r.RedirectTrailingSlash = false
	if err := r.SetTrustedProxies(site.Proxies); err != nil {
		panic(err)
	}
	r.Use(s.log, s.recover, s.headers, s.sameHost, s.sameOrigin, s.room, func(c *gin.Context) {
		c.Set(rehearsedKey, s.Rehearsed)
		c.Set(littleKey, s.Little != nil && s.Little())
	})
	r.NoRoute(s.answer(s.nothingHere))
	for _, route := range declared(s.routes()) {
		r.Handle(route.method, route.path, s.admit(route.who), s.answer(route.handle))
	}
	return r
}

// answer adapts a handler that can fail: fail is the one exit of every error.
func (s *server) answer(handle func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.IsAborted() {
			return
		}
		if err := handle(c); err != nil {
			s.fail(c, err)
		}
	}
}

const (
	loginKey     = "login"
	handedKey    = "handed over"
	staleKey     = "stale" // the login is not fresh: what is taken out asks for the password again
	rehearsedKey = "rehearsed"
	littleKey    = "little room"
)

// admit lets in whom the route is for. Somebody signed in as another kind of
// person gets the answer of a page that does not exist.
func (s *server) admit(who access) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Request = c.Request.WithContext(vault.WithMaterials(c.Request.Context(), who.opens))
		if who.role == anyone.role {
			s.leavesTrail(c, accounts.Login{})
			return
		}
		login, err := s.enter(c, who.quiet)
		if err == nil && !s.pace.allows(login.ID, s.MostAMinute, s.Now()) {
			err = fault.Busy
		}
		if err == nil && !who.admits(login) {
			err = fault.NotFound
		}
		if errors.Is(err, accounts.ErrFactorDue) && !wantsJSON(c) {
			c.Abort()
			c.Redirect(http.StatusSeeOther, "/login/code")
			return
		}
		if err != nil {
			s.fail(c, err)
			return
		}
		c.Set(handedKey, who.handed)
		s.leavesTrail(c, login)
		c.Set(staleKey, s.Now().After(login.FreshUntil))
		first, err := s.setupStep(c, login)
		hidden := false
		if err == nil && (who.role == counselor.role || who.role == owner.role && len(who.opens) > 0) {
			hidden, err = s.blockedDuringSession(c, login)
		}
		if err == nil {
			err = s.loadEmergencyAccess(c, login)
		}
		switch {
		case err != nil:
			s.fail(c, err)
		case first != "" && !who.early:
			c.Abort()
			c.Redirect(http.StatusSeeOther, first)
		case hidden || who.reauthenticates && s.Now().After(login.FreshUntil):
			s.askAgain(c, who)
		}
	}
}

// nothingHere answers an address that is no route's, as one answers that is not
// of whoever asks.
func (s *server) nothingHere(c *gin.Context) error {
	_, _ = s.enter(c, true) // nobody may be signed in
	return fault.NotFound
}

// enter returns who is signed in, and remembers it for the request. A page
// that says whose it is gets nothing in another person's name: somebody else
// may have signed in beside it.
func (s *server) enter(c *gin.Context, quiet bool) (accounts.Login, error) {
	token, err := c.Cookie(s.cookieName())
	if err != nil {
		return accounts.Login{}, fault.SignedOut
	}
	ask := s.Accounts.Authenticate
	if quiet {
		ask = s.Accounts.Peek
	}
	login, err := ask(c.Request.Context(), token, s.Now())
	if whose := c.GetHeader("Mend-Person"); err == nil && whose != "" && whose != login.Person() {
		err = fault.SignedOut
	}
	if err == nil {
		c.Set(loginKey, login)
	}
	return login, err
}

// login returns who is signed in, on a route that admits only such.
func login(c *gin.Context) accounts.Login {
	l, _ := c.Get(loginKey)
	return l.(accounts.Login)
}

// coupleMaterials returns the couple named in the path, if it is the counselor's.
func (s *server) couple(c *gin.Context) (couples.Couple, error) {
	l := login(c)
	return s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"))
}

// session returns the session named in the path, if it is of the counselor's
// caseload, and its couple.
func (s *server) session(c *gin.Context) (sessions.Session, couples.Couple, error) {
	l := login(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return session, couples.Couple{}, err
	}
	couple, err := s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, session.CoupleID)
	return session, couple, err
}

// me returns the partner who is signed in, with the couple.
func (s *server) me(c *gin.Context) (couples.Couple, couples.Partner, error) {
	l := login(c)
	return s.Couples.FindForPartner(c.Request.Context(), l.PracticeID, l.PartnerID)
}
