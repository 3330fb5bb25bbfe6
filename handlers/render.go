package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/templates"
)

// base is what every page shows.
type base struct {
	Title  string
	Login  accounts.Login
	Frame  accounts.PublicFrame // around a page that a partner may see
	Notice string
	Look   string      // classes of the body: door, run, my, filling
	Draft  string      // the partner's page that is being written
	At     string      // what a door's links carry on: the language picked there
	Glass  []glassLine // records that are open to an owner for an hour

	Spelling bool // the browser may check spelling, as its person chose here

	Rehearsed string // everybody's password in a practice run, "" in the real place
}

// door is the base of a page before anybody is signed in.
func (s *server) door(c *gin.Context, title string) base {
	return base{Title: title, Frame: s.front(c), Look: "door", At: asPicked(c), Rehearsed: c.GetString(rehearsedKey)}
}

// Handed tells whether the page is on a device that is handed over: it has
// nothing around it that leads elsewhere.
func (b base) Handed() bool { return strings.HasPrefix(b.Look, "handover") }

// Outer tells whether a partner may see the page. Such a page has the practice's
// frame around it: the way out and the crisis lines.
func (b base) Outer() bool { return b.Frame.AppName != "" }

// Tab is what the browser shows and remembers of the page. Of one that a
// partner may see it says nothing.
func (b base) Tab() string {
	if b.Outer() {
		return b.Frame.AppName
	}
	return b.Title + " · Mend"
}

// Private tells whether the page may hold private text, which no service of the
// browser's maker is to be sent.
func (b base) Private() bool { return b.In() || b.Handed() }

// In tells whether anybody is signed in.
func (b base) In() bool { return b.Login.ID != "" }

// Jumps tells whether the jump box is in reach: not on the screen of a running
// session, for it names other couples.
func (b base) Jumps() bool {
	return b.In() && !b.Handed() && b.Login.LeadsCouples() && b.Look != "run"
}

// Home is the first page of whoever is signed in.
func (b base) Home() string { return homeOf(b.Login) }

// notices are what a page says after something was done; the redirect names
// one of them.
var notices = map[string]string{
	"saved": "Saved.", "published": "Published. You can now assign it.",
	"given":     "Assigned. It’s now on their home page.",
	"withdrawn": "Withdrawn.", "read": "Marked as read.",
	"planned": "Session planned.", "moved": "Step updated.", "added": "Added.",
	"signed": "Signed and locked.",
	"sent":   "Sent to your counselor. Thank you.", "kept": "Saved. You can finish this any time.",
	"ended":  "Session ended. The note is drafted.",
	"policy": "Thank you. You’re all set.", "kept-word": "Saved. You can change your mind.",
	"active":   "Both partners can now write on this worksheet.",
	"refused":  "Code refused. It no longer works.",
	"noted":    "Noted.",
	"closed":   "Record closed.",
	"role":     "Role changed. They were signed out and need to sign in again.",
	"disabled": "Access ended. They were signed out.",
	"erased":   "Deleted permanently. The log keeps a record of the deletion.",
	"aside": "Withdrawn and reassigned. The old account no longer works; invite the right person again. The new code " +
		"opens after your practice’s waiting period.",
	"welcome": "Welcome. This space is private to you.", "reviewed": "Confirmed. Partners now see these resources.",
}

// page declares a page and the view it draws.
func page[V any](name string) templates.Page[V] { return templates.New[V](name) }

// frame returns the base of a page that anybody may see: with what stands around
// the pages of whoever is signed in, or else before a sign-in.
func (s *server) frame(c *gin.Context, title string) base {
	if _, in := c.Get(loginKey); in && !c.GetBool(handedKey) {
		return pageBase(c, title)
	}
	return base{Title: title, Frame: s.front(c)}
}

// pageBase returns the base of a page for whoever is signed in.
func pageBase(c *gin.Context, title string) base {
	b := base{Title: title, Login: login(c), Notice: notices[c.Query("did")]}
	b.Glass, b.Rehearsed, b.Spelling = glassesOf(c), c.GetString(rehearsedKey), checksSpelling(c)
	if !b.Login.IsCounselor() {
		b.Look, b.Frame = "my", b.Login.Frame
	}
	return b
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render answers with page, drawn whole before any of it is sent.
func render[V any](c *gin.Context, status int, page templates.Page[V], view V) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := page.Execute(buf, speaks(c), view); err != nil {
		return err
	}
	if err := recordOpened(c); err != nil {
		return err
	}
	c.Data(status, "text/html; charset=utf-8", buf.Bytes())
	return nil
}

// recordOpened writes what was opened for the answer that is about to be sent.
// What cannot be recorded is not shown.
func recordOpened(c *gin.Context) error {
	if err := audit.Flush(c.Request.Context()); err != nil {
		return fmt.Errorf("%w: %w", fault.Busy, err)
	}
	return nil
}

// isDownload answers with sheet as a PDF file to be saved under name.
func download(c *gin.Context, name string, sheet pdf.Sheet) error {
	if err := exports(c); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := pdf.Draw(&buf, sheet); err != nil {
		return err
	}
	return handOut(c, name, "application/pdf", buf.Bytes())
}

// exports returns fault.Full while there is little room on the disk: what
// people write comes first.
func exports(c *gin.Context) error {
	if c.GetBool(littleKey) {
		return fault.Full
	}
	return nil
}

// privateWords are what, by whatever route, is taken out of Mend as a file only
// by somebody whose password was given of late.
var privateWords = []string{audit.PageObject, "joint page", "individual file", "note", "process note"}

// errStale says that the password is to be given again first.
var errStale = errors.New("the login is not fresh")

// handOut answers with a file, once what was read for it is in the log.
func handOut(c *gin.Context, name, kind string, content []byte) error {
	if err := exports(c); err != nil {
		return err
	}
	if c.GetBool(staleKey) && audit.HasOpened(c.Request.Context(), privateWords) {
		return errStale
	}
	if err := recordOpened(c); err != nil {
		return err
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, kind, content)
	return nil
}

// redirect sends the browser to path, which says what was done.
func redirect(c *gin.Context, path, did string) error {
	switch {
	case did != "" && strings.Contains(path, "?"):
		path += "&did=" + did
	case did != "":
		path += "?did=" + did
	}
	c.Redirect(http.StatusSeeOther, path)
	return nil
}
