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

// Site is what the handlers serve from.
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

	// Erased is told after something was erased; BackupLate reports whether the
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

	// MailFrom is the address that reminders come from, and that replies and bounces go to;
	// "" where no mail server is set up, so that none are sent.
	MailFrom string

	// MostAMinute is how many requests of one login are answered in a minute; 0 for
	// any. People do not come near it: it is for what asks in their name.
	MostAMinute int

	// Demanding has counselors set up a second factor, and owners keep a copy
	// of the master key, before anything else; the demo only offers both.
	Demanding bool
}

// A Server holds what the pages of every audience share.
type Server struct {
	Site
	Party    accounts.RelyingParty
	Secure   bool // served over TLS, so that cookies are Secure
	pace     pace
	table    []Route
	routes   map[string]Route // of the table, by method and path
	escrowed atomic.Bool      // a copy of the master key is known to be kept
}

// NewServer returns a server without routes.
func NewServer(site Site) *Server {
	return &Server{
		Site: site, Party: accounts.NewRelyingParty(site.URL), Secure: strings.HasPrefix(site.URL, "https://"),
	}
}

// What is known of a request, in its context.
const (
	LoginKey      = "login"
	routeKey      = "route"
	inSessionKey  = "in session" // a session of the counselor runs
	staleKey      = "stale"      // the login is not fresh: what is taken out asks for the password again
	rehearsedKey  = "rehearsed"
	LittleRoomKey = "little room" // the disk has so little room that nothing is exported
)

// Enter returns who is signed in, and remembers it for the request. A page
// that says whose it is gets nothing in another person's name: somebody else
// may have signed in beside it.
func (s *Server) Enter(c *gin.Context, quiet bool) (accounts.Login, error) {
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

// LoginOf returns who is signed in, on a route that admits only such.
func LoginOf(c *gin.Context) accounts.Login {
	l, _ := c.Get(LoginKey)
	return l.(accounts.Login)
}

// Couple returns the couple named in the path, if it is the counselor's.
func (s *Server) Couple(c *gin.Context) (couples.Couple, error) {
	l := LoginOf(c)
	return s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"))
}

// Session returns the session named in the path, if it is of the counselor's
// caseload, and its couple.
func (s *Server) Session(c *gin.Context) (sessions.Session, couples.Couple, error) {
	l := LoginOf(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return session, couples.Couple{}, err
	}
	couple, err := s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, session.CoupleID)
	return session, couple, err
}

// Me returns the partner who is signed in, with the couple.
func (s *Server) Me(c *gin.Context) (couples.Couple, couples.Partner, error) {
	l := LoginOf(c)
	return s.Couples.FindForPartner(c.Request.Context(), l.PracticeID, l.PartnerID)
}

// NameOf is the name of the counselor with id, "" if there is none.
func NameOf(people []accounts.Counselor, id string) string {
	for _, p := range people {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

// Front returns what stands around a page that needs no login. It is the same
// whether or not somebody is signed in: a page that does not exist must not
// differ from one that is hidden. Where the database does not answer, the
// default stands.
func (s *Server) Front(c *gin.Context) accounts.PublicFrame {
	ctx, cancel := context.WithTimeout(c.Request.Context(), time.Second)
	defer cancel()
	s.detectLanguage(ctx, c)
	shell, err := s.Accounts.FrontFrame(ctx)
	if err != nil {
		slog.WarnContext(ctx, "crisis lines", "err", err.Error())
	}
	return shell
}
