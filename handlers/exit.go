package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
	"mend/worksheets"
)

// front returns what stands around a page that needs no login. It is the same
// whether or not somebody is signed in: a page that does not exist must not
// differ from one that is hidden. Where the database does not answer, the
// default stands.
func (s *server) front(c *gin.Context) accounts.PublicFrame {
	ctx, cancel := context.WithTimeout(c.Request.Context(), time.Second)
	defer cancel()
	s.detectLanguage(ctx, c)
	shell, err := s.Accounts.FrontFrame(ctx)
	if err != nil {
		slog.WarnContext(ctx, "crisis lines", "err", err.Error())
	}
	return shell
}

// wipe has the browser forget what it holds of this site.
func wipe(c *gin.Context) { c.Header("Clear-Site-Data", `"cache", "storage"`) }

// endOldLogin revokes the login that this browser had, if any, and has the
// browser forget what it holds of it: a new person in the same browser finds
// nothing of the last one.
func (s *server) endOldLogin(c *gin.Context) {
	if old, err := c.Cookie(s.cookieName()); err == nil {
		_ = s.Accounts.SignOut(c.Request.Context(), old, s.Now()) // it would fall idle anyhow
		wipe(c)
	}
}

func (s *server) signOut(c *gin.Context) error {
	ctx := c.Request.Context()
	if token, err := c.Cookie(s.cookieName()); err == nil {
		l, _ := s.Accounts.Authenticate(ctx, token, s.Now()) // nobody, if it has ended before
		if err := s.Accounts.SignOut(ctx, token, s.Now()); err != nil {
			return err
		}
		if err := s.Sessions.LeaveRooms(ctx, l.ID); err != nil {
			return err
		}
	}
	if s.EndRehearsal != nil {
		s.EndRehearsal(c.Writer, c.Request)
	}
	s.setCookie(c, "")
	wipe(c)
	return redirect(c, "/login", "")
}

var exitPage = page[base]("exit.html")

// exit is the way out of every page that a partner may see: it keeps the page
// that was being written, ends the login, and leaves a page that says nothing
// and goes on to the practice's neutral site. Nothing keeps it from that.
func (s *server) exit(c *gin.Context) error {
	shell := s.front(c)
	if login, err := s.enter(c, false); err == nil {
		s.leavesTrail(c, login)
		shell = login.Frame
		s.keepDraft(c)
	}
	s.endOldLogin(c)
	s.setCookie(c, "")
	s.forgetDevice(c)
	wipe(c)
	return render(c, http.StatusOK, exitPage, base{Title: "One moment", Frame: shell})
}

// keepDraft saves what came of a worksheet page with a quick exit: with scripts
// on the saves that had not arrived yet, otherwise the whole page as it was
// typed.
func (s *server) keepDraft(c *gin.Context) {
	got, err := values(c)
	if err != nil || got.Get("page") == "" || login(c).IsCounselor() {
		return
	}
	c.AddParam("assignment", got.Get("page"))
	f, err := s.myFilling(c)
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

// keepSaves stores saves of single fields that were still on their way. What
// clashes is kept beside the other text, for the next visit.
func (s *server) keepSaves(c *gin.Context, f worksheets.OpenPage, saves []string) error {
	var failed error
	for _, save := range saves {
		got, err := url.ParseQuery(save)
		if err != nil {
			return fault.Malformed
		}
		field := got.Get("field")
		got.Del("field")
		edit, err := s.editFrom(c, field, got)
		if err == nil {
			_, _, _, err = s.saveAnswer(c, f, edit, got)
		}
		if !errors.Is(err, fault.Conflict) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// keepAnswers saves a page with nobody there to put a mistake right: an answer
// that cannot be kept stays as it was, and one that was changed elsewhere
// meanwhile is kept beside the other.
func (s *server) keepAnswers(c *gin.Context, f worksheets.OpenPage, got url.Values) error {
	form := worksheets.Form{Key: got.Get("key"), By: login(c).Person()}
	form.Seen, _ = strconv.Atoi(got.Get("seen"))
	var problems fault.Fields
	form.Values, problems = readAnswers(f, got)
	for _, field := range f.Page.Worksheet.Fields {
		if problems["a."+field.ID] != "" {
			form.Values[field.ID] = f.Values[field.ID]
		}
	}
	err := s.Worksheets.SaveForm(c.Request.Context(), f, form, s.Now())
	if errors.Is(err, fault.Conflict) {
		return nil // kept beside the other text
	}
	return err
}

// here tells a page who is signed in and for how many seconds more. A GET only
// looks; a POST is a person who is still there.
func (s *server) here(c *gin.Context) error {
	ask := s.Accounts.Peek
	if c.Request.Method == http.MethodPost {
		ask = s.Accounts.Authenticate
	}
	token, _ := c.Cookie(s.cookieName())
	login, err := ask(c.Request.Context(), token, s.Now())
	if errors.Is(err, fault.SignedOut) {
		c.JSON(http.StatusOK, gin.H{"me": "", "left": 0})
		return nil
	}
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"me": login.Person(), "left": int(login.Left(s.Now()).Seconds())})
	return nil
}
