package account

import (
	"cmp"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/vault"
)

type codeForm struct {
	Code string `form:"code"`
}

type codeView struct {
	web.Base
	Passkey  bool // a passkey can be used instead
	Problems fault.Fields
}

var codePage = web.NewPage[codeView]("account/code.html")

func (s *Server) showCode(c *gin.Context) error {
	return s.drawCode(c, http.StatusOK, nil)
}

// drawCode renders the second step with the methods that the person has set up.
func (s *Server) drawCode(c *gin.Context, status int, problems fault.Fields) error {
	pending, _ := c.Cookie(s.CookieName())
	passkey, err := s.Accounts.HasPasskey(c.Request.Context(), pending, s.Now())
	if err != nil && !errors.Is(err, fault.SignedOut) {
		return err
	}
	door := s.SignInBase(c, "Your second step")
	door.At = web.SecondStepQuery(c, c.Query("then"))
	return web.Render(c, status, codePage, codeView{door, passkey && s.Party.Possible(), problems})
}

// completeWithCode completes a sign-in with the second factor.
func (s *Server) completeWithCode(c *gin.Context) error {
	form, err := web.Bind[codeForm](c)
	if err != nil {
		return err
	}
	pending, err := c.Cookie(s.CookieName())
	if err != nil {
		return fault.SignedOut
	}
	token, err := s.Accounts.CompleteWithCode(c.Request.Context(), pending, web.BrowserOf(c, false), form.Code, s.Now())
	return s.completed(c, token, err)
}

// completed responds to the second step: it starts the login of token, or shows the problem.
func (s *Server) completed(c *gin.Context, token string, err error) error {
	problems, wrong := errors.AsType[fault.Fields](err)
	switch {
	case wrong && web.WantsJSON(c):
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": web.Tell(c, cmp.Or(problems["code"], problems["passkey"]))})
		return nil
	case wrong:
		return s.drawCode(c, http.StatusUnprocessableEntity, problems)
	case err != nil:
		return err
	}
	if err := s.BeginLogin(c, token); err != nil {
		return err
	}
	if web.WantsJSON(c) {
		c.JSON(http.StatusOK, gin.H{})
		return nil
	}
	l, err := s.Accounts.Authenticate(c.Request.Context(), token, s.Now())
	if err != nil {
		return err
	}
	if err := s.SaveLanguage(c, l); err != nil {
		return err
	}
	return web.Redirect(c, s.SafeTarget(c.Query("then"), l), "")
}

// securityView holds a person's own password, second factor and logins.
type securityView struct {
	web.Base
	Path      string // the prefix of the forms' addresses
	Secret    string // of a factor that was not confirmed yet
	QR        web.QrCode
	Codes     []string // recovery codes, shown once
	Must      bool     // a second factor is required
	Practice  bool     // a practice run can be started
	SettingUp bool     // an owner is still setting up the practice
	Offered   bool
	Passkeys  []passkeyLine
	Possible  bool // the site's address supports passkeys
	Logins    []loginLine
	SignIn    string // the partner's username
	Reminders couples.Reminders
	Problems  fault.Fields
}

type loginLine struct {
	ID, Device, Since, Seen string
	Here                    bool
}

var securityPage = web.NewPage[securityView]("account/security.html")

func (s *Server) showSecurity(c *gin.Context) error {
	return s.drawSecurity(c, http.StatusOK, securityView{})
}

func (s *Server) drawSecurity(c *gin.Context, status int, view securityView) error {
	l := web.LoginOf(c)
	view.Base, view.Path = web.PageBase(c, "security.title"), "/settings"
	if !l.IsCounselor() {
		view.Path = "/my/settings"
	}
	view.Must = s.MustHaveFactor(l)
	next, err := s.SetupStep(c, l)
	if err != nil {
		return err
	}
	view.SettingUp = next != "" && l.IsOwner()
	view.Practice = s.BeginSandbox != nil && l.LeadsCouples()
	view.Offered, view.Possible = !l.Shared, s.Party.Possible()
	keys, err := s.Accounts.Passkeys(c.Request.Context(), l)
	if err != nil {
		return err
	}
	view.Passkeys = passkeyLines(c, keys, l.Zone())
	logins, err := s.Accounts.Logins(c.Request.Context(), l, s.Now())
	if err != nil {
		return err
	}
	short := func(t time.Time) string { return web.Date(c, t.In(l.Zone()), "date.day_time_zone") }
	for _, o := range logins {
		view.Logins = append(view.Logins,
			loginLine{o.ID, web.DeviceIn(c, o.Device), short(o.CreatedAt), short(o.SeenAt), o.ID == l.ID})
	}
	if view.SignIn, err = s.ownSignInName(c); err != nil {
		return err
	}
	if !l.IsCounselor() {
		view.Reminders, err = s.Couples.Reminders(c.Request.Context(), l.PracticeID, l.PartnerID)
		if err != nil {
			return err
		}
	}
	return web.Render(c, status, securityPage, view)
}

// ownSignInName returns the username of the partner who is signed in, or "" for staff.
func (s *Server) ownSignInName(c *gin.Context) (string, error) {
	if web.LoginOf(c).IsCounselor() {
		return "", nil
	}
	couple, me, err := s.Me(c)
	if err != nil {
		return "", err
	}
	name, _, err := s.Accounts.SignInName(c.Request.Context(), couple.Reader, couple.ID, vault.Side(me.Side), me.ID)
	return name, err
}

type factorForm struct {
	Do   string `form:"do"` // "begin", "confirm" or "remove"
	Code string `form:"code"`
}

func (s *Server) changeFactor(c *gin.Context) error {
	form, err := web.Bind[factorForm](c)
	if err != nil {
		return err
	}
	l, ctx := web.LoginOf(c), c.Request.Context()
	switch form.Do {
	case "begin":
		secret, uri, err := s.Accounts.BeginFactor(ctx, l, shownName(l), s.Now())
		if err != nil {
			return err
		}
		qr, err := web.DrawQR(uri)
		if err != nil {
			return err
		}
		return s.drawSecurity(c, http.StatusOK, securityView{Secret: secret, QR: qr})
	case "confirm":
		codes, err := s.Accounts.ConfirmFactor(ctx, l, form.Code, s.Now())
		if problems, ok := errors.AsType[fault.Fields](err); ok {
			return s.drawSecurity(c, http.StatusUnprocessableEntity, securityView{Secret: "-", Problems: problems})
		}
		if err != nil {
			return err
		}
		l.Factor, l.Generator = true, true
		c.Set(web.LoginKey, l)
		return s.drawSecurity(c, http.StatusOK, securityView{Codes: codes})
	case "remove":
		if err := s.Accounts.RemoveFactor(ctx, l, s.Now()); err != nil {
			return err
		}
		return web.Redirect(c, web.SecurityPath(l), "saved")
	}
	return fault.Malformed
}

type passwordForm struct {
	Old string `form:"old"`
	New string `form:"new"`
}

func (s *Server) changePassword(c *gin.Context) error {
	form, err := web.Bind[passwordForm](c)
	if err != nil {
		return err
	}
	token, err := s.Accounts.ChangePassword(c.Request.Context(), web.LoginOf(c), web.BrowserOf(c, false),
		form.Old, form.New, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSecurity(c, http.StatusUnprocessableEntity, securityView{Problems: problems})
	}
	if err != nil {
		return err
	}
	s.SetCookie(c, token)
	return web.Redirect(c, web.SecurityPath(web.LoginOf(c)), "saved")
}

type revokeForm struct {
	ID string `form:"id"` // "" for all other logins
}

func (s *Server) revokeLogin(c *gin.Context) error {
	form, err := web.Bind[revokeForm](c)
	if err != nil {
		return err
	}
	if err := s.Accounts.Revoke(c.Request.Context(), web.LoginOf(c), form.ID, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, web.SecurityPath(web.LoginOf(c)), "saved")
}

func (s *Server) signOut(c *gin.Context) error {
	ctx := c.Request.Context()
	if token, err := c.Cookie(s.CookieName()); err == nil {
		l, _ := s.Accounts.Authenticate(ctx, token, s.Now()) // the zero Login if it has ended
		if err := s.Accounts.SignOut(ctx, token, s.Now()); err != nil {
			return err
		}
		if err := s.Sessions.CloseScreensOfLogin(ctx, l.ID); err != nil {
			return err
		}
	}
	if s.EndSandbox != nil {
		s.EndSandbox(c.Writer, c.Request)
	}
	s.SetCookie(c, "")
	web.Wipe(c)
	return web.Redirect(c, "/login", "")
}

// chooseSpelling turns spell checking on or off in this browser. On a shared device the choice is
// deleted when the browser closes.
func (s *Server) chooseSpelling(c *gin.Context) error {
	form, err := web.Bind[spellingForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	cookie := &http.Cookie{
		Name: web.SpellingCookie, Value: form.Spelling, Path: "/", HttpOnly: true, Secure: s.Secure,
		SameSite: http.SameSiteLaxMode,
	}
	switch {
	case form.Spelling != "on":
		cookie.Value, cookie.MaxAge = "", -1
	case !l.Shared:
		cookie.MaxAge = web.SpellingLife
	}
	http.SetCookie(c.Writer, cookie)
	return web.Redirect(c, web.SecurityPath(l), "saved")
}
