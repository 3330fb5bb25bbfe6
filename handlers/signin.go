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
func (s *server) cookieName() string {
	if s.secure {
		return "__Host-mend"
	}
	return "mend"
}

// setCookie gives the browser the token of its login; an empty one takes it
// away. The cookie ends with the browser.
func (s *server) setCookie(c *gin.Context, token string) {
	age := 0
	if token == "" {
		age = -1
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: s.cookieName(), Value: token, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode})
}

type loginForm struct {
	SignIn   string `form:"sign_in"`
	Password string `form:"password"`
	Same     string `form:"same"`   // the person who must sign in again, in place
	Shared   string `form:"shared"` // "no" when nobody else uses the device
}

type loginView struct {
	base
	Form     loginForm
	Problems fault.Fields
}

var loginPage = page[loginView]("login.html")

func (s *server) showLogin(c *gin.Context) error {
	return render(c, http.StatusOK, loginPage, loginView{base: door("Sign in")})
}

func (s *server) signIn(c *gin.Context) error {
	form, err := bind[loginForm](c)
	if err != nil {
		return err
	}
	token, err := s.Accounts.SignInFrom(c.Request.Context(), browserOf(c, form.Shared == "yes"), form.SignIn, form.Password, form.Same, s.Now())
	problems, wrong := errors.AsType[fault.Fields](err)
	switch {
	case wrong && wantsJSON(c):
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": problems["sign_in"]})
		return nil
	case wrong:
		form.Password = ""
		return render(c, http.StatusUnprocessableEntity, loginPage, loginView{door("Sign in"), form, problems})
	case err != nil:
		return err
	}
	s.endOldLogin(c)
	s.setCookie(c, token)
	l, err := s.Accounts.Authenticate(c.Request.Context(), token, s.Now())
	due := errors.Is(err, accounts.ErrFactorDue)
	switch {
	case err != nil && !due:
		return err
	case wantsJSON(c):
		c.JSON(http.StatusOK, gin.H{"code": due})
		return nil
	case due:
		return redirect(c, "/login/code", "")
	}
	return redirect(c, homeOf(l), "")
}

// endOldLogin revokes the login that this browser had, if any: a new person in
// the same browser leaves nothing of the last one open.
func (s *server) endOldLogin(c *gin.Context) {
	if old, err := c.Cookie(s.cookieName()); err == nil {
		_ = s.Accounts.SignOut(c.Request.Context(), old, s.Now()) // it would fall idle anyhow
	}
}

func (s *server) signOut(c *gin.Context) error {
	if token, err := c.Cookie(s.cookieName()); err == nil {
		if err := s.Accounts.SignOut(c.Request.Context(), token, s.Now()); err != nil {
			return err
		}
	}
	s.setCookie(c, "")
	c.Header("Clear-Site-Data", `"cache"`)
	return redirect(c, "/login", "")
}

var exitPage = page[base]("exit.html")

// exit is the way out of every partner's page: it ends the login at once and
// leaves a page that says nothing and goes on to the weather.
func (s *server) exit(c *gin.Context) error {
	s.endOldLogin(c)
	s.setCookie(c, "")
	c.Header("Clear-Site-Data", `"cache"`)
	return render(c, http.StatusOK, exitPage, base{Title: "Weather"})
}

type setupForm struct {
	Token        string `form:"token"`
	Practice     string `form:"practice"`
	Address      string `form:"address"`
	Telephone    string `form:"telephone"`
	TimeZone     string `form:"time_zone"`
	Letterhead   string `form:"letterhead"`
	Paper        string `form:"paper"`
	Name         string `form:"name"`
	Credentials  string `form:"credentials"`
	LicenseType  string `form:"license_type"`
	LicenseNo    string `form:"license_no"`
	LicenseState string `form:"license_state"`
	Email        string `form:"email"`
	Password     string `form:"password"`
}

func (f setupForm) practice() accounts.Practice {
	return accounts.Practice{Name: strings.TrimSpace(f.Practice), Address: unix(f.Address), Telephone: strings.TrimSpace(f.Telephone),
		TimeZone: f.TimeZone, Letterhead: unix(f.Letterhead), Paper: f.Paper}
}

func (f setupForm) owner() accounts.Counselor {
	return accounts.Counselor{Name: strings.TrimSpace(f.Name), Credentials: strings.TrimSpace(f.Credentials),
		LicenseType: strings.TrimSpace(f.LicenseType), LicenseNo: strings.TrimSpace(f.LicenseNo),
		LicenseState: strings.TrimSpace(f.LicenseState), Email: strings.TrimSpace(f.Email)}
}

// unix turns the line ends of a browser into plain ones.
func unix(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }

type setupView struct {
	base
	Form     setupForm
	Zones    []string
	Problems fault.Fields
}

var setupPage = page[setupView]("setup.html")

// commonZones are offered; any other of the time zone database may be typed.
var commonZones = []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
	"America/Anchorage", "Pacific/Honolulu", "America/Toronto", "America/Vancouver", "Europe/London", "Europe/Dublin",
	"Europe/Berlin", "Europe/Madrid", "Australia/Sydney", "Pacific/Auckland", "UTC"}

func (s *server) showSetup(c *gin.Context) error {
	token := c.Query("token")
	if err := s.Accounts.MaySetUp(c.Request.Context(), token); err != nil {
		return err
	}
	form := setupForm{Token: token, TimeZone: "America/New_York", Paper: "Letter"}
	return render(c, http.StatusOK, setupPage, setupView{door("Set up your practice"), form, commonZones, nil})
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
		return render(c, http.StatusUnprocessableEntity, setupPage, setupView{door("Set up your practice"), form, commonZones, problems})
	}
	if err != nil {
		return err
	}
	token, err := s.Accounts.SignIn(c.Request.Context(), owner.Email, form.Password, "", s.Now())
	if err != nil {
		return err
	}
	s.setCookie(c, token)
	return redirect(c, "/", "")
}

type joinForm struct {
	Code       string `form:"code"`
	Name       string `form:"name"`
	Passphrase string `form:"passphrase"`
}

type joinView struct {
	base
	Form     joinForm
	Problems fault.Fields
}

var joinPage = page[joinView]("join.html")

func (s *server) showJoin(c *gin.Context) error {
	return render(c, http.StatusOK, joinPage, joinView{door("Welcome"), joinForm{Name: accounts.SuggestName()}, nil})
}

func (s *server) join(c *gin.Context) error {
	form, err := bind[joinForm](c)
	if err != nil {
		return err
	}
	token, err := s.Accounts.Join(c.Request.Context(), form.Code, form.Name, form.Passphrase, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		if problems["name"] != "" {
			form.Name = accounts.SuggestName()
		}
		form.Passphrase = ""
		return render(c, http.StatusUnprocessableEntity, joinPage, joinView{door("Welcome"), form, problems})
	}
	if err != nil {
		return err
	}
	s.endOldLogin(c)
	s.setCookie(c, token)
	return redirect(c, "/my", "welcome")
}
