package handlers

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
)

// mostBody is the largest request body, in bytes: a whole worksheet of fifty
// rows fits twice.
const mostBody = 1 << 20

// log writes one line per request: the route's pattern, never the URL, for ids
// of couples do not belong in a log; and never a name, a note or an address.
func (s *server) log(c *gin.Context) {
	start := time.Now()
	id := rand.Text()[:12]
	c.Set("request", id)
	c.Next()
	if s.Answered != nil {
		s.Answered(c.Request.Method, c.FullPath(), c.Writer.Status(), time.Since(start))
	}
	level := slog.LevelInfo
	if c.Writer.Status() >= 500 {
		level = slog.LevelError
	}
	person := ""
	if l, ok := c.Get(loginKey); ok {
		person = l.(accounts.Login).Person()
	}
	slog.Log(c.Request.Context(), level, "request", "id", id, "method", c.Request.Method, "route", c.FullPath(),
		"status", c.Writer.Status(), "ms", time.Since(start).Milliseconds(), "person", person)
}

// recover turns a panic into the error page. What panicked may hold somebody's
// words, so the log gets its type alone.
func (s *server) recover(c *gin.Context) {
	defer func() {
		if v := recover(); v != nil {
			err := fmt.Errorf("panic: %T", v)
			if re, ok := v.(interface{ RuntimeError() }); ok {
				err = fmt.Errorf("panic: %v", re)
			}
			s.fail(c, err)
		}
	}()
	c.Next()
}

const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src " +
	"'self'; manifest-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers sets what every answer carries, and limits the body.
func (s *server) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", contentSecurity)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
	h.Set("Cache-Control", "no-store")
	if s.secure {
		lasts := "max-age=31536000"
		if s.HSTSSubdomains {
			lasts += "; includeSubDomains"
		}
		h.Set("Strict-Transport-Security", lasts)
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, mostBody)
}

// room refuses what would be written while there is next to no room for it:
// half of it would be worse than none. Signing out and leaving go on.
func (s *server) room(c *gin.Context) {
	safe := c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead
	leaving := c.FullPath() == "/logout" || c.FullPath() == "/exit" || c.FullPath() == "/here"
	if s.Least != nil && !safe && !leaving && s.Least() {
		s.fail(c, fault.Full)
	}
}

// statuses is what each kind of failure answers and says. The words are for
// people; what went wrong in detail is for the log.
var statuses = []struct {
	kind    error
	status  int
	title   string
	message string
}{
	{fault.NotFound, http.StatusNotFound, "Nothing here", "This page does not exist, or it is not yours to see."},
	{fault.SignedOut, http.StatusUnauthorized, "Please sign in", "You are signed out."},
	{
		fault.Forbidden, http.StatusForbidden, "Not from here",
		"This did not come from Mend itself, so nothing was done. Please go back and try again.",
	},
	{
		couples.ErrHeld, http.StatusConflict, "Before joint work goes on",
		"Something waits for your decision first. You find it under Follow-ups; nothing was changed.",
	},
	{
		fault.Conflict, http.StatusConflict, "Changed meanwhile",
		"This was changed in another window meanwhile, so nothing was overwritten. Please go back, look at it, " +
			"and try again.",
	},
	{
		fault.Locked, http.StatusLocked, "This can no longer change",
		"It was sent, signed or ended. What it says stays as it is.",
	},
	{
		fault.Malformed, http.StatusBadRequest, "This could not be read",
		"Something in the request was not as it should be, so nothing was changed. Please go back and try again.",
	},
	{
		fault.TooLarge, http.StatusRequestEntityTooLarge, "This is too much at once",
		"What was sent is larger than Mend takes. Nothing was changed; please go back and shorten it.",
	},
	{
		fault.Full, http.StatusInsufficientStorage, "No room left",
		"There is no room left on the disk of this Mend, so this was not done. What was saved before is safe, and what you " +
			"typed stays on this page. Please tell whoever keeps it.",
	},
	{
		fault.Broken, http.StatusServiceUnavailable, "Nothing can be saved now",
		"The disk of this Mend has failed. What you typed stays on this page; keep it open, and tell whoever keeps " +
			"this Mend.",
	},
	{
		fault.Busy, http.StatusServiceUnavailable, "One moment, please",
		"Many people are here at the moment. Please try again in a few seconds.",
	},
}

type errorView struct {
	base
	Message string
	Request string
}

var errorPage = page[errorView]("error.html")

// fail answers with the error. A page that needs a login leads to it; a script
// is told so.
func (s *server) fail(c *gin.Context, err error) {
	c.Abort()
	if errors.Is(err, errStale) {
		s.askAgain(c, access{file: true})
		return
	}
	view := errorView{
		base: s.frame(c, "Something went wrong"), Request: c.GetString("request"),
		Message: "This is our fault, not yours. What was saved is safe. Please try again; if it happens again, tell your " +
			"practice the number below.",
	}
	status := http.StatusInternalServerError
	for _, known := range statuses {
		if errors.Is(err, known.kind) {
			status, view.Title, view.Message, view.Request = known.status, known.title, known.message, ""
			break
		}
	}
	if status == http.StatusInternalServerError {
		slog.ErrorContext(c.Request.Context(), "request failed", "id", c.GetString("request"),
			"method", c.Request.Method, "route", c.FullPath(), "err", err.Error())
	}
	switch status {
	case http.StatusNotFound:
		s.denied(c)
	case http.StatusServiceUnavailable:
		c.Header("Retry-After", "3")
	}
	switch {
	case wantsJSON(c):
		c.JSON(status, gin.H{"problem": tell(c, view.Message)})
	case status == http.StatusUnauthorized:
		s.toLogin(c)
	default:
		if err := render(c, status, errorPage, view); err != nil {
			c.String(status, view.Title)
		}
	}
}

func wantsJSON(c *gin.Context) bool { return c.GetHeader("Accept") == "application/json" }
