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

type colleagueJoinForm struct {
	Code     string `form:"code"`
	Password string `form:"password"`
	Proof    string `form:"proof"`
	Passkey  string `form:"passkey"` // the response of a passkey
}

type colleagueJoinView struct {
	web.Base
	Form     colleagueJoinForm
	Problems fault.Fields
	Passkey  string // a challenge for a passkey, as JSON
}

var colleagueJoinPage = web.NewPage[colleagueJoinView]("public/colleague.html")

// colleagueBase is the base of pages for invited colleagues, which partners do not see.
var colleagueBase = web.StaffSetupBase("Welcome to the practice")

func (s *Server) showColleague(c *gin.Context) error {
	return web.Render(c, http.StatusOK, colleagueJoinPage, colleagueJoinView{Base: colleagueBase})
}

// joinColleague sets an invited colleague's chosen password and signs them in.
func (s *Server) joinColleague(c *gin.Context) error {
	form, err := web.Bind[colleagueJoinForm](c)
	if err != nil {
		return err
	}
	token, err := s.Accounts.JoinColleague(c.Request.Context(), web.BrowserOf(c, false), accounts.JoinRequest{
		Code: form.Code, Password: form.Password,
		Proof: form.Proof, Passkey: form.Passkey, Party: s.Party,
	}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		asked, err := s.PasskeyForCode(c, form.Code, problems)
		if err != nil {
			return err
		}
		again := colleagueJoinForm{Code: strings.TrimSpace(form.Code)}
		return web.Render(c, http.StatusUnprocessableEntity, colleagueJoinPage,
			colleagueJoinView{colleagueBase, again, problems, asked})
	}
	if err != nil {
		return err
	}
	s.EndOldLogin(c)
	if err := s.BeginLogin(c, token); err != nil {
		return err
	}
	return web.Redirect(c, "/settings/security", "")
}
