package public

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/web"
	"mend/internal/fault"
)

type loginForm struct {
	SignIn   string `form:"sign_in"`
	Password string `form:"password"`
	Same     string `form:"same"`   // the person who has to sign in again in an open page
	Shared   string `form:"shared"` // "no" if nobody else uses the device
	Then     string `form:"then"`   // the page on which the login expired
}

type loginView struct {
	web.Base
	Ended    string // why the person was signed out, if their login expired
	Form     loginForm
	Problems fault.Fields
}

var loginPage = web.NewPage[loginView]("public/login.html")

// showLogin shows the sign-in page, or redirects somebody who is signed in to their first page.
func (s *Server) showLogin(c *gin.Context) error {
	if login, err := s.Authenticate(c, false); err == nil {
		return web.Redirect(c, web.HomeOf(login), "")
	}
	return s.drawLogin(c, http.StatusOK, loginForm{Then: c.Query("then")}, nil)
}

func (s *Server) drawLogin(c *gin.Context, status int, form loginForm, problems fault.Fields) error {
	ended, err := s.EndedLogin(c)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	view := loginView{s.SignInBase(c, "action.sign_in"), web.WhyEnded(c, ended), form, problems}
	return web.Render(c, status, loginPage, view)
}

func (s *Server) signIn(c *gin.Context) error {
	form, err := web.Bind[loginForm](c)
	if err != nil {
		return err
	}
	from := web.BrowserOf(c, accounts.SharedDevice(form.Shared, form.SignIn))
	from.Known = s.DeviceToken(c)
	token, err := s.Accounts.SignInFrom(c.Request.Context(), from, form.SignIn, form.Password, form.Same, s.Now())
	problems, wrong := errors.AsType[fault.Fields](err)
	switch {
	case wrong && web.WantsJSON(c):
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": web.Tell(c, problems["sign_in"])})
		return nil
	case wrong:
		form.Password = ""
		return s.drawLogin(c, http.StatusUnprocessableEntity, form, problems)
	case err != nil:
		return err
	}
	back, err := s.ReturnPath(c, form.Then, token)
	if err != nil {
		return err
	}
	s.EndOldLogin(c)
	if err := s.BeginLogin(c, token); err != nil {
		return err
	}
	l, err := s.Accounts.Authenticate(c.Request.Context(), token, s.Now())
	due := errors.Is(err, accounts.ErrFactorDue)
	switch {
	case err != nil && !due:
		return err
	case web.WantsJSON(c):
		passkey, err := s.Accounts.HasPasskey(c.Request.Context(), token, s.Now())
		if err == nil {
			c.JSON(http.StatusOK, gin.H{"code": due, "passkey": passkey})
		}
		return err
	case due:
		return web.Redirect(c, "/login/code"+web.SecondStepQuery(c, back), "")
	}
	if err := s.SaveLanguage(c, l); err != nil {
		return err
	}
	return web.Redirect(c, s.SafeTarget(back, l), "")
}

type setupForm struct {
	web.PracticeForm
	web.CounselorForm
	Token    string `form:"token"`
	Email    string `form:"email"`
	Password string `form:"password"`
}

func (f setupForm) owner() accounts.Counselor {
	c := f.Profile()
	c.Email = strings.TrimSpace(f.Email)
	return c
}

type setupView struct {
	web.Base
	Form     setupForm
	Problems fault.Fields
}

// More reports whether a collapsed field has a problem.
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

// setupBase is the base of the setup page, which partners do not see.
var setupBase = web.StaffSetupBase("Set up your practice")

var setupPage = web.NewPage[setupView]("public/setup.html")

func (s *Server) showSetup(c *gin.Context) error {
	token := c.Query("token")
	if err := s.Accounts.MaySetUp(c.Request.Context(), token); err != nil {
		return err
	}
	form := setupForm{Token: token, PracticeForm: web.PracticeForm{TimeZone: "America/New_York", Paper: "Letter"}}
	return web.Render(c, http.StatusOK, setupPage, setupView{setupBase, form, nil})
}

func (s *Server) setUp(c *gin.Context) error {
	form, err := web.Bind[setupForm](c)
	if err != nil {
		return err
	}
	practice, owner := form.Details(), form.owner()
	err = s.Accounts.SetUp(c.Request.Context(), form.Token, &practice, &owner, form.Password, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		form.Password = ""
		return web.Render(c, http.StatusUnprocessableEntity, setupPage, setupView{setupBase, form, problems})
	}
	if err != nil {
		return err
	}
	token, err := s.Accounts.SignInFrom(c.Request.Context(), web.BrowserOf(c, false), owner.Email,
		form.Password, "", s.Now())
	if err != nil {
		return err
	}
	if err := s.BeginLogin(c, token); err != nil {
		return err
	}
	return web.Redirect(c, "/", "")
}

type joinForm struct {
	Code       string `form:"code"`
	Name       string `form:"name"`
	Passphrase string `form:"passphrase"`
	Proof      string `form:"proof"`
	Passkey    string `form:"passkey"` // the response of a passkey
	Shared     string `form:"shared"`
}

type joinView struct {
	web.Base
	Form     joinForm
	Problems fault.Fields
	Passkey  string // a challenge for a passkey, as JSON
}

var joinPage = web.NewPage[joinView]("public/join.html")

func (s *Server) showJoin(c *gin.Context) error {
	form := joinForm{Name: accounts.SuggestName()}
	return web.Render(c, http.StatusOK, joinPage, joinView{s.SignInBase(c, "join.title"), form, nil, ""})
}

func (s *Server) join(c *gin.Context) error {
	form, err := web.Bind[joinForm](c)
	if err != nil {
		return err
	}
	from := web.BrowserOf(c, accounts.SharedDevice(form.Shared, form.Name))
	from.Language = web.Speaks(c).Tag
	token, err := s.Accounts.JoinWith(c.Request.Context(), from, accounts.JoinRequest{
		Code: form.Code, Name: form.Name, Password: form.Passphrase,
		Proof: form.Proof, Passkey: form.Passkey, Party: s.Party,
	}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		if problems["name"] != "" {
			form.Name = accounts.SuggestName()
		}
		form.Passphrase, form.Proof = "", ""
		asked, err := s.PasskeyForCode(c, form.Code, problems)
		if err != nil {
			return err
		}
		return web.Render(c, http.StatusUnprocessableEntity, joinPage,
			joinView{s.SignInBase(c, "join.title"), form, problems, asked})
	}
	if err != nil {
		return err
	}
	s.EndOldLogin(c)
	if err := s.BeginLogin(c, token); err != nil {
		return err
	}
	return web.Redirect(c, "/my", "welcome")
}
