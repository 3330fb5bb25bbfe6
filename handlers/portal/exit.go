package portal

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/worksheets"
)

var exitPage = web.NewPage[web.Base]("portal/exit.html")

// exit handles the quick exit on every page that a partner may see: it saves the page being
// written, ends the login, and renders a neutral page that redirects to the practice's chosen site.
// A failure to save does not stop it.
func (s *Server) exit(c *gin.Context) error {
	shell := s.PublicFrame(c)
	if login, err := s.Authenticate(c, false); err == nil {
		s.BeginAudit(c, login)
		shell = login.Frame
		s.keepDraft(c)
	}
	s.EndOldLogin(c)
	s.SetCookie(c, "")
	s.ForgetDevice(c)
	web.Wipe(c)
	return web.Render(c, http.StatusOK, exitPage, web.Base{Title: "frame.one_moment", Frame: shell})
}

// keepDraft saves the worksheet page that was sent along with a quick exit: with scripts, the field
// saves that were still pending; without, the whole page as typed.
func (s *Server) keepDraft(c *gin.Context) {
	got, err := web.Values(c)
	if err != nil || got.Get("page") == "" || web.LoginOf(c).IsCounselor() {
		return
	}
	c.AddParam("assignment", got.Get("page"))
	f, err := s.myOpenPage(c)
	switch {
	case err != nil || f.Sent():
	case len(got["save"]) > 0:
		err = s.keepSaves(c, f, got["save"])
	default:
		err = s.keepAnswers(c, f, got)
	}
	if err != nil {
		slog.ErrorContext(c.Request.Context(), "page not kept at a quick exit", "id",
			c.GetString("request"), "err", err.Error())
	}
}

// keepSaves stores pending saves of single fields. A conflicting save is stored as a copy for the
// next visit.
func (s *Server) keepSaves(c *gin.Context, f worksheets.OpenPage, saves []string) error {
	var failed error
	for _, save := range saves {
		got, err := url.ParseQuery(save)
		if err != nil {
			failed = errors.Join(failed, fault.Malformed)
			continue // the others are kept
		}
		field := got.Get("field")
		got.Del("field")
		edit, err := s.EditFrom(c, field, got)
		if err == nil {
			_, _, _, err = s.SaveAnswer(c, f, edit, got)
		}
		if !errors.Is(err, fault.Conflict) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// keepAnswers saves a whole page without asking for corrections: an invalid answer leaves the
// stored one unchanged, and one that was changed elsewhere is stored as a copy.
func (s *Server) keepAnswers(c *gin.Context, f worksheets.OpenPage, got url.Values) error {
	form := worksheets.Form{Key: got.Get("key"), By: web.LoginOf(c).Person()}
	form.Seen, _ = strconv.Atoi(got.Get("seen"))
	var problems fault.Fields
	form.Values, problems = homework.ReadAnswers(f, got)
	for _, field := range f.Page.Worksheet.Fields {
		if problems["a."+field.ID] != "" {
			form.Values[field.ID] = f.Values[field.ID]
		}
	}
	err := s.Worksheets.SaveForm(c.Request.Context(), f, form, s.Now())
	if errors.Is(err, fault.Conflict) {
		return nil // stored as a copy
	}
	return err
}

// loginStatus returns, as JSON, who is signed in and how many seconds the login has left. A GET does not
// extend the login; a POST, which follows something the person did, does.
func (s *Server) loginStatus(c *gin.Context) error {
	ask := s.Accounts.Peek
	if c.Request.Method == http.MethodPost {
		ask = s.Accounts.Authenticate
	}
	token, _ := c.Cookie(s.CookieName())
	login, err := ask(c.Request.Context(), token, s.Now())
	if errors.Is(err, fault.SignedOut) {
		c.JSON(http.StatusOK, gin.H{"me": "", "left": 0})
		return nil
	}
	if err != nil {
		return err
	}
	// Rounded up: a page that locks early would find its login alive, and could extend it.
	left := int(math.Ceil(login.Left(s.Now()).Seconds()))
	c.JSON(http.StatusOK, gin.H{"me": login.Person(), "left": left})
	return nil
}
