package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// reauthView asks for the password again, either to open a page or to submit a form that was held.
type reauthView struct {
	Base
	Then     string
	Back     string // for a download: the page it was requested from
	Download bool
	Action   string // for a form: the address it is sent to
	Carried  []carriedField
	Passkey  bool // a passkey can be used instead
	Problems fault.Fields
}

// A carriedField is a field of a held form.
type carriedField struct{ Name, Value string }

var (
	reauthPage   = NewPage[reauthView]("web/reauthenticate.html")
	downloadPage = NewPage[reauthView]("web/download.html")
)

// Fields that are added to a held form when it is sent on.
const (
	reauthPassword = "reauth_password"
	reauthPasskey  = "reauth_passkey"
)

// ShowReauthentication asks for the password before it opens a page.
func (s *Server) ShowReauthentication(c *gin.Context) error {
	return s.drawReauthentication(c, http.StatusOK,
		reauthView{Then: c.Query("then"), Back: c.Query("back"), Download: c.Query("download") != ""})
}

func (s *Server) drawReauthentication(c *gin.Context, status int, view reauthView) error {
	l := LoginOf(c)
	view.Base, view.Then = PageBase(c, "Is it you?"), s.SafeTarget(view.Then, l)
	view.Passkey = s.HasPasskey(l)
	return Render(c, status, reauthPage, view)
}

// HasPasskey reports whether the person signed in can use a passkey on this site.
func (s *Server) HasPasskey(l accounts.Login) bool { return l.Passkeys > 0 && s.Party.Possible() }

type reauthForm struct {
	Password string `form:"password"`
	Answer   string `form:"answer"` // of the passkey
	Then     string `form:"then"`
	Back     string `form:"back"`
	Download string `form:"download"`
}

// Reauthenticate checks the password.
func (s *Server) Reauthenticate(c *gin.Context) error {
	form, err := Bind[reauthForm](c)
	if err != nil {
		return err
	}
	return s.reauthenticated(c, form, s.reauthenticateWith(c, form.Password, ""))
}

// ReauthenticateWithPasskey checks a passkey's response instead of the password.
func (s *Server) ReauthenticateWithPasskey(c *gin.Context) error {
	form, err := Bind[reauthForm](c)
	if err != nil {
		return err
	}
	return s.reauthenticated(c, form, s.reauthenticateWith(c, "", form.Answer))
}

// reauthenticated continues after a successful check. A download does not leave the page it was
// requested from, so it starts from an intermediate page that says so.
func (s *Server) reauthenticated(c *gin.Context, form reauthForm, err error) error {
	l := LoginOf(c)
	view := reauthView{Then: s.SafeTarget(form.Then, l), Back: s.SafeTarget(form.Back, l), Download: form.Download != ""}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		view.Problems = problems
		return s.drawReauthentication(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	if view.Download {
		view.Base = PageBase(c, "Your download")
		return Render(c, http.StatusOK, downloadPage, view)
	}
	c.Redirect(http.StatusSeeOther, view.Then)
	return nil
}

// AskPassword asks for the password if the login is no longer fresh. A page is opened afterward; a
// form is held with all its fields and submitted once.
func (s *Server) AskPassword(c *gin.Context, who Access) {
	if c.Request.Method != http.MethodGet && !WantsJSON(c) {
		s.holdForm(c)
		return
	}
	c.Abort()
	to := "/reauthenticate?then=" + s.SafeTarget(c.Request.URL.Path, LoginOf(c))
	if c.Request.Method != http.MethodGet {
		to = "/reauthenticate?then=" + url.QueryEscape(s.referredFrom(c))
	}
	if who.file {
		to += "&download=yes&back=" + url.QueryEscape(s.referredFrom(c))
	}
	c.Redirect(http.StatusSeeOther, to)
}

// referredFrom returns the page that a request came from.
func (s *Server) referredFrom(c *gin.Context) string {
	_, path, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(c.Request.Referer(), "https://"), "http://"), "/")
	return s.SafeTarget("/"+path, LoginOf(c))
}

// holdForm passes a form that includes a valid password or passkey response, and otherwise asks for
// it on a page that carries the form's fields.
func (s *Server) holdForm(c *gin.Context) {
	fields, err := Values(c)
	if err != nil {
		s.Fail(c, err)
		return
	}
	view := reauthView{Action: c.Request.URL.RequestURI()}
	password, answer := fields.Get(reauthPassword), fields.Get(reauthPasskey)
	given := fields.Has(reauthPassword) || fields.Has(reauthPasskey)
	fields.Del(reauthPassword)
	fields.Del(reauthPasskey)
	if given {
		err := s.reauthenticateWith(c, password, answer)
		if err == nil {
			return
		}
		problems, wrong := errors.AsType[fault.Fields](err)
		if !wrong {
			s.Fail(c, err)
			return
		}
		view.Problems = problems
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[name] {
			view.Carried = append(view.Carried, carriedField{name, value})
		}
	}
	c.Abort()
	if err := s.drawReauthentication(c, http.StatusUnprocessableEntity, view); err != nil {
		s.Fail(c, err)
	}
}

// reauthenticateWith marks the login as fresh after checking a password or passkey response, and
// replaces its token.
func (s *Server) reauthenticateWith(c *gin.Context, password, answer string) error {
	ctx, l := c.Request.Context(), LoginOf(c)
	var token string
	var err error
	if answer != "" {
		token, err = s.Accounts.ReauthenticateWithPasskey(ctx, s.Party, l, BrowserOf(c, false), answer, s.Now())
	} else {
		token, err = s.Accounts.Reauthenticate(ctx, l, BrowserOf(c, false), "re-authentication", password, s.Now())
	}
	if err == nil {
		s.SetCookie(c, token)
	}
	return err
}

// PasswordGiven lets the password of a signature count as re-authentication. It does not while a
// couple may see the screen, because the password was not given to open pages.
func (s *Server) PasswordGiven(c *gin.Context) error {
	ctx, l := c.Request.Context(), LoginOf(c)
	_, running, err := s.Sessions.Presenting(ctx, l.PracticeID, l.CounselorID)
	if err != nil || running {
		return err
	}
	return s.Accounts.Freshen(ctx, l, s.Now())
}
