package handlers

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// cookieName is the name of the cookie that holds the login's token. Over TLS
// it has the prefix with which browsers bind it to this host.
func (s *server) cookieName() string { return LoginCookie(s.URL, "").Name }

// LoginCookie is the cookie that holds a login's token at a site. It ends with
// the browser.
func LoginCookie(site, token string) *http.Cookie {
	cookie := &http.Cookie{Name: "mend", Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if strings.HasPrefix(site, "https://") {
		cookie.Name, cookie.Secure = "__Host-mend", true
	}
	return cookie
}

// setCookie gives the browser the token of its login; an empty one takes it
// away. The cookie ends with the browser.
func (s *server) setCookie(c *gin.Context, token string) {
	cookie := LoginCookie(s.URL, token)
	if token == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}

type loginForm struct {
	SignIn   string `form:"sign_in"`
	Password string `form:"password"`
	Same     string `form:"same"`   // the person who must sign in again, in place
	Shared   string `form:"shared"` // "no" when nobody else uses the device
	Then     string `form:"then"`   // the page on which a login ended by itself
}

type loginView struct {
	base
	Ended    string // why the person was signed out, if they did not do it
	Form     loginForm
	Problems fault.Fields
}

var loginPage = page[loginView]("login.html")

// showLogin leads somebody who is signed in to their first page.
func (s *server) showLogin(c *gin.Context) error {
	if login, err := s.enter(c, false); err == nil {
		return redirect(c, homeOf(login), "")
	}
	return s.drawLogin(c, http.StatusOK, loginForm{Then: c.Query("then")}, nil)
}

func (s *server) drawLogin(c *gin.Context, status int, form loginForm, problems fault.Fields) error {
	ended, err := s.endedLogin(c)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	return render(c, status, loginPage, loginView{s.door(c, "Sign in"), whyEnded(c, ended), form, problems})
}

func (s *server) signIn(c *gin.Context) error {
	form, err := bind[loginForm](c)
	if err != nil {
		return err
	}
	from := browserOf(c, accounts.SharedDevice(form.Shared, form.SignIn))
	from.Known = s.deviceToken(c)
	token, err := s.Accounts.SignInFrom(c.Request.Context(), from, form.SignIn, form.Password, form.Same, s.Now())
	problems, wrong := errors.AsType[fault.Fields](err)
	switch {
	case wrong && wantsJSON(c):
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": tell(c, problems["sign_in"])})
		return nil
	case wrong:
		form.Password = ""
		return s.drawLogin(c, http.StatusUnprocessableEntity, form, problems)
	case err != nil:
		return err
	}
	back, err := s.backTo(c, form.Then, token)
	if err != nil {
		return err
	}
	s.endOldLogin(c)
	if err := s.begin(c, token); err != nil {
		return err
	}
	l, err := s.Accounts.Authenticate(c.Request.Context(), token, s.Now())
	due := errors.Is(err, accounts.ErrFactorDue)
	switch {
	case err != nil && !due:
		return err
	case wantsJSON(c):
		passkey, err := s.Accounts.HasPasskey(c.Request.Context(), token, s.Now())
		if err == nil {
			c.JSON(http.StatusOK, gin.H{"code": due, "passkey": passkey})
		}
		return err
	case due:
		return redirect(c, "/login/code"+carriedOn(c, back), "")
	}
	if err := s.saveLanguage(c, l); err != nil {
		return err
	}
	return redirect(c, s.within(back, l), "")
}

type setupForm struct {
	practiceForm
	counselorForm
	Token    string `form:"token"`
	Email    string `form:"email"`
	Password string `form:"password"`
}

func (f setupForm) owner() accounts.Counselor {
	c := f.counselor()
	c.Email = strings.TrimSpace(f.Email)
	return c
}

type setupView struct {
	base
	Form     setupForm
	Problems fault.Fields
}

// More tells whether something is wrong in what is folded away.
func (v setupView) More() bool {
	for _, field := range []string{
		"address", "telephone", "letterhead", "time_zone", "paper", "credentials",
		"license_type", "license_no", "license_state",
	} {
		if v.Problems[field] != "" {
			return true
		}
	}
	return false
}

// setupBase is of a page that no partner sees.
var setupBase = base{Title: "Set up your practice", Look: "door"}

var setupPage = page[setupView]("setup.html")

func (s *server) showSetup(c *gin.Context) error {
	token := c.Query("token")
	if err := s.Accounts.MaySetUp(c.Request.Context(), token); err != nil {
		return err
	}
	form := setupForm{Token: token, practiceForm: practiceForm{TimeZone: "America/New_York", Paper: "Letter"}}
	return render(c, http.StatusOK, setupPage, setupView{setupBase, form, nil})
}

func (s *server) setUp(c *gin.Context) error {
	form, err := bind[setupForm](c)
	if err != nil {
		return err
	}
	practice, owner := form.practice(), form.owner()
	err = s.Accounts.SetUp(c.Request.Context(), form.Token, &practice, &owner, form.Password, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		form.Password = ""
		return render(c, http.StatusUnprocessableEntity, setupPage, setupView{setupBase, form, problems})
	}
	if err != nil {
		return err
	}
	token, err := s.Accounts.SignInFrom(c.Request.Context(), browserOf(c, false), owner.Email, form.Password, "", s.Now())
	if err != nil {
		return err
	}
	if err := s.begin(c, token); err != nil {
		return err
	}
	return redirect(c, "/", "")
}

type joinForm struct {
	Code       string `form:"code"`
	Name       string `form:"name"`
	Passphrase string `form:"passphrase"`
	Proof      string `form:"proof"`
	Passkey    string `form:"passkey"` // the answer of one
	Shared     string `form:"shared"`
}

type joinView struct {
	base
	Form     joinForm
	Problems fault.Fields
	Passkey  string // what one is to sign, as JSON
}

var joinPage = page[joinView]("join.html")

func (s *server) showJoin(c *gin.Context) error {
	form := joinForm{Name: accounts.SuggestName()}
	return render(c, http.StatusOK, joinPage, joinView{s.door(c, "Welcome"), form, nil, ""})
}

func (s *server) join(c *gin.Context) error {
	form, err := bind[joinForm](c)
	if err != nil {
		return err
	}
	from := browserOf(c, accounts.SharedDevice(form.Shared, form.Name))
	from.Language = speaks(c).Tag
	token, err := s.Accounts.JoinWith(c.Request.Context(), from, accounts.Joining{
		Code: form.Code, Name: form.Name, Password: form.Passphrase,
		Proof: form.Proof, Passkey: form.Passkey, Party: s.party,
	}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		if problems["name"] != "" {
			form.Name = accounts.SuggestName()
		}
		form.Passphrase, form.Proof = "", ""
		asked, err := s.passkeyForCode(c, form.Code, problems)
		if err != nil {
			return err
		}
		return render(c, http.StatusUnprocessableEntity, joinPage, joinView{s.door(c, "Welcome"), form, problems, asked})
	}
	if err != nil {
		return err
	}
	s.endOldLogin(c)
	if err := s.begin(c, token); err != nil {
		return err
	}
	return redirect(c, "/my", "welcome")
}
