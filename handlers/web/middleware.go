package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/handlers/surface"
	"mend/internal/fault"
	"mend/internal/i18n"
)

// mostBody is the maximum size of a request body in bytes: twice a worksheet with fifty rows.
const mostBody = 1 << 20

// mostUpload is how many bytes of an upload are read, though not stored, before the connection is
// closed.
const mostUpload = 32 << 20

// log writes one line per request. It has the route's pattern instead of the URL, which may hold a
// couple's id, and never a name, a note or an address.
func (s *Server) log(c *gin.Context) {
	start := time.Now()
	id := rand.Text()[:12]
	c.Set("request", id)
	c.Next()
	if s.CountResponse != nil {
		s.CountResponse(c.Request.Method, c.FullPath(), c.Writer.Status(), time.Since(start))
	}
	level := slog.LevelInfo
	if c.Writer.Status() >= 500 {
		level = slog.LevelError
	}
	person := ""
	if l, ok := c.Get(LoginKey); ok {
		person = l.(accounts.Login).Person()
	}
	slog.Log(c.Request.Context(), level, "request", "id", id, "method", c.Request.Method, "route", c.FullPath(),
		"status", c.Writer.Status(), "ms", time.Since(start).Milliseconds(), "person", person)
}

// recover turns a panic into the error page. The panic value may contain a person's text, so only
// its type is logged.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		v := recover()
		if v == http.ErrAbortHandler {
			panic(v) // an aborted download: the browser must notice
		}
		if v != nil {
			err := fmt.Errorf("panic: %T", v)
			if re, ok := v.(interface{ RuntimeError() }); ok {
				err = fmt.Errorf("panic: %v", re)
			}
			s.Fail(c, err)
		}
	}()
	c.Next()
}

// ContentSecurity is the Content-Security-Policy of every response: nothing is loaded from other
// sites.
const ContentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src " +
	"'self'; manifest-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers sets the headers of every response and limits the request body.
func (s *Server) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", ContentSecurity)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
	h.Set("Cache-Control", "no-store")
	if s.Secure {
		lasts := "max-age=31536000"
		if s.HSTSSubdomains {
			lasts += "; includeSubDomains"
		}
		h.Set("Strict-Transport-Security", lasts)
	}
	most := int64(mostBody)
	if RouteOf(c).Who.uploads {
		most = mostUpload
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
}

// refuseWhenFull refuses requests that write while the disk is almost full, because a partial write
// would be worse than none. Signing out and leaving still work.
func (s *Server) refuseWhenFull(c *gin.Context) {
	safe := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
	if s.CriticalSpace != nil && !safe && !RouteOf(c).Who.leaves && s.CriticalSpace() {
		s.Fail(c, fault.Full)
	}
}

// statuses maps each kind of error to its HTTP status and message. Messages are for people; the
// details go to the log.
var statuses = []struct {
	kind    error
	status  int
	title   i18n.Message
	message i18n.Message
}{
	{fault.NotFound, http.StatusNotFound, "error.page.not_found.title", "error.page.not_found.message"},
	{fault.SignedOut, http.StatusUnauthorized, "error.page.signed_out.title", "error.page.signed_out.message"},
	{fault.Forbidden, http.StatusForbidden, "error.page.forged.title", "error.page.forged.message"},
	{
		couples.ErrHeld, http.StatusConflict, "A decision is needed first",
		"Joint work is paused until you make a decision under Follow-ups. Nothing was changed.",
	},
	{fault.Conflict, http.StatusConflict, "error.page.conflict.title", "error.page.conflict.message"},
	{fault.Locked, http.StatusLocked, "error.page.locked.title", "error.page.locked.message"},
	{fault.Malformed, http.StatusBadRequest, "error.page.malformed.title", "error.page.malformed.message"},
	{fault.TooLarge, http.StatusRequestEntityTooLarge, "error.page.too_large.title", "error.page.too_large.message"},
	{fault.Full, http.StatusInsufficientStorage, "error.page.full.title", "error.page.full.message"},
	{fault.Broken, http.StatusServiceUnavailable, "error.page.broken.title", "error.page.broken.message"},
	{fault.Busy, http.StatusServiceUnavailable, "error.page.busy.title", "error.page.busy.message"},
}

type errorView struct {
	Base
	Message i18n.Message
	Request string
	Typed   []string // the texts of the form, so that nobody loses them
}

var errorPage = NewPage[errorView]("web/error.html")

// errorBase returns the base of an error page. It is the same at every address, so it does not
// reveal whether a page exists.
func (s *Server) errorBase(c *gin.Context) Base {
	b := s.PublicBase(c, "error.page.failed.title")
	if b.SignedIn() {
		b.Surface, b.InSession = surface.Public.For(b.Login.IsCounselor()), true
	}
	return b
}

// Fail responds with an error. It redirects to the sign-in if a page needs a login; scripts get the
// status instead.
func (s *Server) Fail(c *gin.Context, err error) {
	c.Abort()
	if errors.Is(err, errStale) {
		s.AskPassword(c, Access{file: true})
		return
	}
	view := errorView{
		Base: s.errorBase(c), Request: c.GetString("request"),
		Message: "error.page.failed.message",
	}
	status := http.StatusInternalServerError
	for _, known := range statuses {
		if errors.Is(err, known.kind) {
			status, view.Title, view.Message, view.Request = known.status, string(known.title), known.message, ""
			break
		}
	}
	if status == http.StatusInternalServerError {
		slog.ErrorContext(c.Request.Context(), "request failed", "id", c.GetString("request"),
			"method", c.Request.Method, "route", c.FullPath(), "err", err.Error())
	}
	switch status {
	case http.StatusNotFound:
		s.logDenied(c)
	case http.StatusServiceUnavailable:
		c.Header("Retry-After", "3")
	}
	switch {
	case WantsJSON(c):
		c.JSON(status, gin.H{"problem": Tell(c, view.Message)})
	case status == http.StatusUnauthorized:
		s.toLogin(c)
	default:
		view.Typed = typedTexts(c, status)
		if err := Render(c, status, errorPage, view); err != nil {
			c.String(status, Tell(c, i18n.Message(view.Title)))
		}
	}
}

// typedTexts returns what somebody typed into a form that was refused, without short values and
// secrets. A form that comes from elsewhere, or is too large, is not read.
func typedTexts(c *gin.Context, status int) (texts []string) {
	unread := []int{http.StatusForbidden, http.StatusRequestEntityTooLarge}
	if c.Request.Method != http.MethodPost || slices.Contains(unread, status) {
		return nil
	}
	form, err := Values(c)
	if err != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, text := range form[name] {
			text = strings.TrimSpace(text)
			if !slices.Contains(secretFields, name) && utf8.RuneCountInString(text) >= 12 && strings.Contains(text, " ") {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// secretFields are the form fields that are never shown again.
var secretFields = []string{
	"password", reauthPassword, "old", "new", "passphrase", "repeated", "passkey", reauthPasskey, "code",
}

// WantsJSON reports whether a script sent the request.
func WantsJSON(c *gin.Context) bool { return c.GetHeader("Accept") == "application/json" }
