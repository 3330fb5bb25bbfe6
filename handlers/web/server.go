package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/calendar"
	"mend/calendar/reminders"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/notes"
	"mend/records"
	"mend/records/caseload"
	"mend/records/export"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// Site holds what the handlers depend on.
type Site struct {
	Accounts       *accounts.Store
	Couples        *couples.Store
	Consents       *consents.Store
	Treatment      *treatment.Store
	Calendar       *calendar.Store
	Sessions       *sessions.Store
	Worksheets     *worksheets.Store
	Promises       *promises.Store
	Notes          *notes.Store
	Records        *records.Store
	Reminders      *reminders.Store
	Caseload       *caseload.Store
	Export         *export.Store
	Audit          *audit.Log
	Ready          func(*http.Request) error // checks that the database responds
	Now            func() time.Time
	Stopping       <-chan struct{} // closed when the server stops, so that streams end; nil for never
	URL            string          // the site's public address: https://... or http://...
	HSTSSubdomains bool            // HSTS covers subdomains, too
	Proxies        []string        // networks of proxies whose client address is trusted; none by default

	// LowSpace reports that disk space is low, which stops exports; CriticalSpace, that it is nearly
	// used up, which stops writing. CountResponse records a response. Any may be nil.
	LowSpace, CriticalSpace func() bool
	CountResponse           func(method, route string, status int, took time.Duration)

	// OnErased is called after something was erased; BackupLate reports whether the last good backup
	// is too old. Either may be nil.
	OnErased   func(context.Context) error
	BackupLate func() bool

	// LastInspection returns the result of the last integrity check, which finds changes made to the
	// database by other programs; nil before the first. It may be nil.
	LastInspection func() *Inspection

	// BeginSandbox starts a practice run in the browser, and EndSandbox ends it; nil if there are
	// none. SandboxPassword is set inside a practice run: the password of all its accounts.
	BeginSandbox    func(http.ResponseWriter) error
	EndSandbox      func(http.ResponseWriter, *http.Request)
	SandboxPassword string

	// MailFrom is the sender of reminders, to which replies and bounces go; "" if no mail server is
	// configured, so that none are sent.
	MailFrom string

	// MostAMinute limits the requests per minute of one login; 0 for no limit. People stay far
	// below it; it stops programs that use their login.
	MostAMinute int

	// RequireSetup makes counselors set up a second factor, and owners keep a copy of the master key,
	// before anything else. In the demo both are optional.
	RequireSetup bool
}

// A Server holds what the pages of all audiences share.
type Server struct {
	Site
	Party    accounts.RelyingParty
	Secure   bool // served over TLS, so that cookies are Secure
	pace     pace
	table    []Route
	routes   map[string]Route // by method and path
	escrowed atomic.Bool      // a copy of the master key exists
}

// NewServer returns a server without routes.
func NewServer(site Site) *Server {
	return &Server{
		Site: site, Party: accounts.NewRelyingParty(site.URL), Secure: strings.HasPrefix(site.URL, "https://"),
	}
}

// Keys of a request's context.
const (
	LoginKey           = "login"
	routeKey           = "route"
	inSessionKey       = "in session" // one of the counselor's sessions is running
	staleKey           = "stale"      // the login is not fresh: downloads need the password again
	sandboxPasswordKey = "rehearsed"
	LowSpaceKey        = "little room" // disk space is low: nothing is exported
)

// Authenticate authenticates the request and stores the login in its context. A page names its person in
// the Mend-Person header; if somebody else has signed in since in the same browser, it gets
// fault.SignedOut.
func (s *Server) Authenticate(c *gin.Context, quiet bool) (accounts.Login, error) {
	token, err := c.Cookie(s.CookieName())
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
		c.Set(LoginKey, login)
	}
	return login, err
}

// LoginOf returns the login of a request, on a route that requires one.
func LoginOf(c *gin.Context) accounts.Login {
	l, _ := c.Get(LoginKey)
	return l.(accounts.Login)
}

// Couple returns the couple in the path, if it is the counselor's.
func (s *Server) Couple(c *gin.Context) (couples.Couple, error) {
	l := LoginOf(c)
	return s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"))
}

// Session returns the session in the path with its couple, if it is in the counselor's caseload.
func (s *Server) Session(c *gin.Context) (sessions.Session, couples.Couple, error) {
	l := LoginOf(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return session, couples.Couple{}, err
	}
	couple, err := s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, session.CoupleID)
	return session, couple, err
}

// Me returns the partner who is signed in and their couple.
func (s *Server) Me(c *gin.Context) (couples.Couple, couples.Partner, error) {
	l := LoginOf(c)
	return s.Couples.FindForPartner(c.Request.Context(), l.PracticeID, l.PartnerID)
}

// NameOf returns the name of the counselor with id, or "".
func NameOf(people []accounts.Counselor, id string) string {
	for _, p := range people {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// PublicFrame returns the frame of a page that needs no login. It does not depend on who is signed in,
// because a page that does not exist must look like one that is hidden. If the database does not
// respond it returns the default frame.
func (s *Server) PublicFrame(c *gin.Context) accounts.PublicFrame {
	ctx, cancel := context.WithTimeout(c.Request.Context(), time.Second)
	defer cancel()
	s.detectLanguage(ctx, c)
	shell, err := s.Accounts.FrontFrame(ctx)
	if err != nil {
		slog.WarnContext(ctx, "crisis lines", "err", err.Error())
	}
	return shell
}
