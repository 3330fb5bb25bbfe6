package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
	"mend/internal/vault"
)

// browserOf is where a request comes from, as a login keeps it.
func browserOf(c *gin.Context, shared bool) accounts.Browser {
	return accounts.Browser{Address: addressOf(c.ClientIP()), Device: deviceLabel(c.Request.UserAgent()), Shared: shared}
}

// deviceLabel is what a person would call their browser.
func deviceLabel(agent string) string {
	pick := func(names ...string) string {
		for _, name := range names {
			key, label, _ := strings.Cut(name, "=")
			if strings.Contains(agent, key) {
				return label
			}
		}
		return ""
	}
	browser := pick("Edg=Edge", "Firefox=Firefox", "FxiOS=Firefox", "CriOS=Chrome", "Chrome=Chrome", "Safari=Safari")
	system := pick("iPhone=iPhone", "iPad=iPad", "Android=Android", "Windows=Windows", "Mac OS=Mac",
		"CrOS=Chromebook", "Linux=Linux")
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser+system != "":
		return browser + system
	}
	return "another browser"
}

// deviceIn is the label of a device in the language of its reader.
func deviceIn(c *gin.Context, label string) string {
	if browser, system, ok := strings.Cut(label, " on "); ok {
		return tell(c, "%s on %s", browser, system)
	}
	return tell(c, label)
}

type codeForm struct {
	Code string `form:"code"`
}

type codeView struct {
	base
	Passkey  bool // a passkey can be used as well
	Problems fault.Fields
}

var codePage = page[codeView]("code.html")

func (s *server) showCode(c *gin.Context) error {
	return s.drawCode(c, http.StatusOK, nil)
}

// drawCode draws the second step with the ways that the person has set up.
func (s *server) drawCode(c *gin.Context, status int, problems fault.Fields) error {
	pending, _ := c.Cookie(s.cookieName())
	passkey, err := s.Accounts.HasPasskey(c.Request.Context(), pending, s.Now())
	if err != nil && !errors.Is(err, fault.SignedOut) {
		return err
	}
	door := s.door(c, "Your second step")
	door.At = carriedOn(c, c.Query("then"))
	return render(c, status, codePage, codeView{door, passkey && s.party.Possible(), problems})
}

// giveCode completes a sign-in with the second factor.
func (s *server) giveCode(c *gin.Context) error {
	form, err := bind[codeForm](c)
	if err != nil {
		return err
	}
	pending, err := c.Cookie(s.cookieName())
	if err != nil {
		return fault.SignedOut
	}
	token, err := s.Accounts.GiveFactor(c.Request.Context(), pending, browserOf(c, false), form.Code, s.Now())
	return s.completed(c, token, err)
}

// completed answers to a second step that opened the login of token, or failed.
func (s *server) completed(c *gin.Context, token string, err error) error {
	problems, wrong := errors.AsType[fault.Fields](err)
	switch {
	case wrong && wantsJSON(c):
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": tell(c, cmp.Or(problems["code"], problems["passkey"]))})
		return nil
	case wrong:
		return s.drawCode(c, http.StatusUnprocessableEntity, problems)
	case err != nil:
		return err
	}
	if err := s.begin(c, token); err != nil {
		return err
	}
	if wantsJSON(c) {
		c.JSON(http.StatusOK, gin.H{})
		return nil
	}
	l, err := s.Accounts.Authenticate(c.Request.Context(), token, s.Now())
	if err != nil {
		return err
	}
	if err := s.saveLanguage(c, l); err != nil {
		return err
	}
	return redirect(c, s.within(c.Query("then"), l), "")
}

// homeOf is the first page of whoever is signed in.
func homeOf(l accounts.Login) string {
	switch {
	case l.LeadsCouples():
		return "/"
	case l.Role == accounts.Supervisor:
		return "/supervision"
	case l.Role == accounts.FrontDesk:
		return "/desk"
	}
	return "/my"
}

// securityView is one's own password, second factor and logins.
type securityView struct {
	base
	Path      string // below which the forms go
	Secret    string // of a factor that waits for its first code
	QR        qrCode
	Codes     []string // recovery codes, shown once
	Must      bool     // a second factor is demanded
	SettingUp bool     // an owner is still setting up the practice
	Offered   bool
	Passkeys  []passkeyLine
	Possible  bool // the site's address can have passkeys
	Logins    []loginLine
	SignIn    string // what a partner signs in with
	Problems  fault.Fields
}

type loginLine struct {
	ID, Device, Since, Seen string
	Here                    bool
}

var securityPage = page[securityView]("security.html")

func (s *server) showSecurity(c *gin.Context) error {
	return s.drawSecurity(c, http.StatusOK, securityView{})
}

func (s *server) drawSecurity(c *gin.Context, status int, view securityView) error {
	l := login(c)
	view.base, view.Path = pageBase(c, "Sign-in and devices"), "/settings"
	if !l.IsCounselor() {
		view.Path = "/my/settings"
	}
	view.Must = s.mustHaveFactor(l)
	next, err := s.setupStep(c, l)
	if err != nil {
		return err
	}
	view.SettingUp = next != "" && l.IsOwner()
	view.Offered, view.Possible = !l.Shared, s.party.Possible()
	keys, err := s.Accounts.Passkeys(c.Request.Context(), l)
	if err != nil {
		return err
	}
	view.Passkeys = passkeyLines(c, keys, l.Zone())
	logins, err := s.Accounts.Logins(c.Request.Context(), l, s.Now())
	if err != nil {
		return err
	}
	short := func(t time.Time) string { return date(c, t.In(l.Zone()), "January 2, 3:04 PM MST") }
	for _, o := range logins {
		view.Logins = append(view.Logins,
			loginLine{o.ID, deviceIn(c, o.Device), short(o.CreatedAt), short(o.SeenAt), o.ID == l.ID})
	}
	if view.SignIn, err = s.ownSignInName(c); err != nil {
		return err
	}
	return render(c, status, securityPage, view)
}

// ownSignInName is what the partner who is signed in signs in with, and "" for
// somebody who works in the practice.
func (s *server) ownSignInName(c *gin.Context) (string, error) {
	if login(c).IsCounselor() {
		return "", nil
	}
	couple, me, err := s.me(c)
	if err != nil {
		return "", err
	}
	name, _, err := s.Accounts.SignInName(c.Request.Context(), couple.Reader, couple.ID, vault.Side(me.Side), me.ID)
	return name, err
}

// mustHaveFactor tells whether somebody may do nothing before a second factor
// is set up: counselors, save in the demo.
func (s *server) mustHaveFactor(l accounts.Login) bool {
	return s.Demanding && l.IsCounselor() && !l.Factor
}

type factorForm struct {
	Do   string `form:"do"` // begin, confirm or remove
	Code string `form:"code"`
}

func (s *server) changeFactor(c *gin.Context) error {
	form, err := bind[factorForm](c)
	if err != nil {
		return err
	}
	l, ctx := login(c), c.Request.Context()
	switch form.Do {
	case "begin":
		secret, uri, err := s.Accounts.BeginFactor(ctx, l, shownName(l), s.Now())
		if err != nil {
			return err
		}
		qr, err := drawQR(uri)
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
		c.Set(loginKey, l)
		return s.drawSecurity(c, http.StatusOK, securityView{Codes: codes})
	case "remove":
		if err := s.Accounts.RemoveFactor(ctx, l, s.Now()); err != nil {
			return err
		}
		return redirect(c, securityPath(l), "saved")
	}
	return fault.Malformed
}

func securityPath(l accounts.Login) string {
	if l.IsCounselor() {
		return "/settings/security"
	}
	return "/my/settings"
}

type passwordForm struct {
	Old string `form:"old"`
	New string `form:"new"`
}

func (s *server) changePassword(c *gin.Context) error {
	form, err := bind[passwordForm](c)
	if err != nil {
		return err
	}
	token, err := s.Accounts.ChangePassword(c.Request.Context(), login(c), browserOf(c, false),
		form.Old, form.New, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSecurity(c, http.StatusUnprocessableEntity, securityView{Problems: problems})
	}
	if err != nil {
		return err
	}
	s.setCookie(c, token)
	return redirect(c, securityPath(login(c)), "saved")
}

type revokeForm struct {
	ID string `form:"id"` // "" for all others
}

func (s *server) revokeLogin(c *gin.Context) error {
	form, err := bind[revokeForm](c)
	if err != nil {
		return err
	}
	if err := s.Accounts.Revoke(c.Request.Context(), login(c), form.ID, s.Now()); err != nil {
		return err
	}
	return redirect(c, securityPath(login(c)), "saved")
}
