package account

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/web"
	"mend/internal/fault"
)

// passkeyLine is one of the person's passkeys.
type passkeyLine struct {
	ID, Name, Since, Used string
	Suspect               bool // it may have been cloned
}

func passkeyLines(c *gin.Context, keys []accounts.Passkey, in *time.Location) []passkeyLine {
	lines := make([]passkeyLine, len(keys))
	for i, k := range keys {
		lines[i] = passkeyLine{
			ID: k.ID, Name: k.Name, Since: web.Date(c, k.CreatedAt.In(in), "date.day"),
			Suspect: k.SuspectAt != nil,
		}
		if k.UsedAt != nil {
			lines[i].Used = web.Date(c, k.UsedAt.In(in), "date.day_time_zone")
		}
	}
	return lines
}

// challenge responds with the options that a passkey must sign, or with the reason why there are
// none.
func challenge(c *gin.Context, options []byte, err error) error {
	problems, wrong := errors.AsType[fault.Fields](err)
	switch {
	case wrong:
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": web.Tell(c, problems["passkey"])})
		return nil
	case err != nil:
		return err
	}
	c.JSON(http.StatusOK, json.RawMessage(options))
	return nil
}

func (s *Server) beginPasskey(c *gin.Context) error {
	l := web.LoginOf(c)
	options, err := s.Accounts.BeginPasskey(c.Request.Context(), s.Party, l, shownName(l), s.Now())
	return challenge(c, options, err)
}

// shownName returns the account name that an authenticator shows. On a partner's phone it does not
// reveal what the site is for.
func shownName(l accounts.Login) string {
	if l.IsCounselor() {
		return l.CounselorName
	}
	return "sign-in"
}

type passkeyForm struct {
	Name   string `form:"name"`
	Answer string `form:"answer"`
}

func (s *Server) addPasskey(c *gin.Context) error {
	form, err := web.Bind[passkeyForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	codes, err := s.Accounts.AddPasskey(c.Request.Context(), s.Party, l, form.Name, form.Answer, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSecurity(c, http.StatusUnprocessableEntity, securityView{Problems: problems})
	}
	if err != nil {
		return err
	}
	if len(codes) == 0 {
		return web.Redirect(c, web.SecurityPath(l), "saved")
	}
	l.Factor = true
	c.Set(web.LoginKey, l)
	return s.drawSecurity(c, http.StatusOK, securityView{Codes: codes})
}

type passkeyRemoval struct {
	ID string `form:"id"`
}

func (s *Server) removePasskey(c *gin.Context) error {
	form, err := web.Bind[passkeyRemoval](c)
	if err != nil {
		return err
	}
	if err := s.Accounts.RemovePasskey(c.Request.Context(), web.LoginOf(c), form.ID, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, web.SecurityPath(web.LoginOf(c)), "saved")
}

func (s *Server) challengeSecondFactor(c *gin.Context) error {
	pending, err := c.Cookie(s.CookieName())
	if err != nil {
		return fault.SignedOut
	}
	options, err := s.Accounts.ChallengeSecondFactor(c.Request.Context(), s.Party, pending, s.Now())
	return challenge(c, options, err)
}

// completeWithPasskey completes a sign-in with a passkey.
func (s *Server) completeWithPasskey(c *gin.Context) error {
	form, err := web.Bind[passkeyAnswer](c)
	if err != nil {
		return err
	}
	pending, err := c.Cookie(s.CookieName())
	if err != nil {
		return fault.SignedOut
	}
	token, err := s.Accounts.CompleteWithPasskey(c.Request.Context(), s.Party, pending,
		web.BrowserOf(c, false), form.Answer, s.Now())
	return s.completed(c, token, err)
}

func (s *Server) challengeReauthentication(c *gin.Context) error {
	options, err := s.Accounts.ChallengeReauthentication(c.Request.Context(), s.Party, web.LoginOf(c), s.Now())
	return challenge(c, options, err)
}

// challengeSignature responds with a challenge for signing the form named in the query with a passkey
// instead of the password.
func (s *Server) challengeSignature(c *gin.Context) error {
	options, err := s.Accounts.ChallengeSignature(c.Request.Context(), s.Party, web.LoginOf(c), c.Query("for"), s.Now())
	return challenge(c, options, err)
}

type passkeyAnswer struct {
	Answer string `form:"answer"`
}
