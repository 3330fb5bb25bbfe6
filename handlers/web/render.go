package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/surface"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/templates"
)

// Base is what every page shows.
type Base struct {
	Title       string // a key, or words that nobody translates
	Login       accounts.Login
	Surface     surface.Surface
	Frame       accounts.PublicFrame // around a page that a partner may see
	Notice      i18n.Message
	Look        string       // a class of the body, for styles alone
	Draft       string       // the partner's page that is being written
	At          string       // what the links of a page before a sign-in carry on: the language picked there
	OpenRecords []OpenRecord // records that are open to an owner for an hour

	NamesHidden bool // the counselor chose to see couples by their record numbers
	Spelling    bool // the browser may check spelling, as its person chose here
	InSession   bool // a session of the counselor runs

	Rehearsed string // everybody's password in a practice run, "" in the real place
}

// Door is the base of a page before anybody is signed in.
func (s *Server) Door(c *gin.Context, title string) Base {
	return Base{
		Title: title, Surface: surface.Public, Frame: s.Front(c), Look: "door", At: asPicked(c),
		Rehearsed: c.GetString(rehearsedKey),
	}
}

// SetUpDoor is the base of a page before anybody of the staff has an account.
func SetUpDoor(title string) Base { return Base{Title: title, Surface: surface.Staff, Look: "door"} }

// Tab is what the browser shows and remembers of the page. Of one that a
// partner may see it says nothing.
func (b Base) Tab() string {
	if b.Surface.HasWayOut() {
		return b.Frame.AppName
	}
	return i18n.English.Say(i18n.Message(b.Title)) + " · Mend"
}

// IsPrivate reports whether the page may hold private text, which no service of the
// browser's maker is to be sent.
func (b Base) IsPrivate() bool { return b.SignedIn() || b.Surface.FacesCouple() }

// SignedIn reports whether anybody is signed in.
func (b Base) SignedIn() bool { return b.Login.ID != "" }

// HasHeader reports whether the navigation of whoever is signed in stands above.
func (b Base) HasHeader() bool { return b.SignedIn() && !b.Surface.FacesCouple() }

// HasJumpBox reports whether the jump box is in reach.
func (b Base) HasJumpBox() bool {
	return b.Login.LeadsCouples() && b.SignedIn() && b.Surface.MayNameOthers(b.InSession)
}

// Home is the first page of whoever is signed in.
func (b Base) Home() string { return HomeOf(b.Login) }

// notices are what a page says after something was done; the redirect names
// one of them.
var notices = map[string]i18n.Message{
	"asked": "appointment.requested", "kept": "done.saved_for_later", "kept-word": "done.sharing_saved",
	"noted": "done.noted", "policy": "done.policy_signed", "refused": "done.code_refused", "saved": "done.saved",
	"sent": "done.sent", "welcome": "done.joined",

	// To staff alone.
	"active": "Both partners can now write on this worksheet.",
	"added":  "Added.",
	"aside": "Withdrawn and reassigned. The old account no longer works; invite the right person again. The new code " +
		"opens after your practice’s waiting period.",
	"booked": "Appointment booked.", "moved": "Appointment moved.", "canceled": "Appointment canceled.",
	"closed":         "Record closed.",
	"disabled":       "Access ended. They were signed out.",
	"ended":          "Session ended. The note is drafted.",
	"erased":         "Deleted permanently. The log keeps a record of the deletion.",
	"form published": "Published. You can now assign it to a partner.",
	"given":          "Assigned. It’s now on their home page.",
	"missed":         "Recorded as missed.",
	"plan shared":    "Shared. Both partners can now read it.",
	"planned":        "Session planned.", "step-moved": "Step updated.",
	"published": "Published. You can now assign it.",
	"read":      "Marked as read.", "withdrawn": "Withdrawn.",
	"released": "Records released. Download the PDF to send it.",
	"reviewed": "Confirmed. Partners now see these resources.",
	"role":     "Role changed. They were signed out and need to sign in again.",
	"signed":   "Signed and locked.",
}

// NewPage declares a page and the view it draws.
func NewPage[V any](name string) templates.Page[V] { return templates.New[V](name) }

// PublicBase returns the base of a page that anybody may see: with what stands
// around the pages of whoever is signed in, or else before a sign-in.
func (s *Server) PublicBase(c *gin.Context, title string) Base {
	if _, in := c.Get(LoginKey); in && !RouteOf(c).Surface.FacesCouple() {
		return PageBase(c, title)
	}
	return Base{Title: title, Surface: surface.Public, Frame: s.Front(c)}
}

// PageBase returns the base of a page for whoever is signed in.
func PageBase(c *gin.Context, title string) Base {
	b := Base{Title: title, Login: LoginOf(c), Notice: notices[c.Query("did")], InSession: c.GetBool(inSessionKey)}
	b.Rehearsed, b.Spelling, b.NamesHidden = c.GetString(rehearsedKey), checksSpelling(c), choseToHide(c)
	b.Surface = RouteOf(c).Surface.For(b.Login.IsCounselor())
	if b.Surface.MayNameOthers(b.InSession) {
		b.OpenRecords = openRecordsOf(c)
	}
	if b.Surface == surface.Portal {
		b.Frame = b.Login.Frame
	}
	return b
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with page, drawn whole before any of it is sent.
func Render[V any](c *gin.Context, status int, page templates.Page[V], view V) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := page.Execute(buf, Speaks(c), view); err != nil {
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

// Download answers with sheet as a PDF file to be saved under name.
func Download(c *gin.Context, name string, sheet pdf.Sheet) error {
	if err := exports(c); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := pdf.Draw(&buf, sheet); err != nil {
		return err
	}
	return HandOut(c, name, "application/pdf", buf.Bytes())
}

// exports returns fault.Full while there is little room on the disk: what
// people write comes first.
func exports(c *gin.Context) error {
	if c.GetBool(LittleRoomKey) {
		return fault.Full
	}
	return nil
}

// PrivateWords are what, by whatever route, is taken out of Mend as a file only
// by somebody whose password was given of late.
var PrivateWords = []string{audit.PageObject, "joint page", "individual file", "note", "process note"}

// errStale says that the password is to be given again first.
var errStale = errors.New("the login is not fresh")

// HandOut answers with a file, once what was read for it is in the log.
func HandOut(c *gin.Context, name, kind string, content []byte) error {
	if err := exports(c); err != nil {
		return err
	}
	if c.GetBool(staleKey) && audit.HasOpened(c.Request.Context(), PrivateWords) {
		return errStale
	}
	if err := recordOpened(c); err != nil {
		return err
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Data(http.StatusOK, kind, content)
	return nil
}

// StepTime is how long a browser may take to receive each part of a file that is streamed.
const StepTime = 2 * time.Minute

// Stream answers with a file that write writes as it is made, calling step before each part;
// write sees to it that what it read is in the log before it is written. When it fails midway
// the connection is cut, so that the browser keeps no half of a file.
func Stream(c *gin.Context, name, kind string, write func(w io.Writer, step func() error) error) error {
	if err := exports(c); err != nil {
		return err
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Header("Content-Type", kind)
	line := http.NewResponseController(c.Writer)
	err := write(c.Writer, func() error {
		late := line.SetWriteDeadline(time.Now().Add(StepTime))
		if errors.Is(late, http.ErrNotSupported) {
			late = nil // whoever receives it has no deadline
		}
		return errors.Join(c.Request.Context().Err(), late)
	})
	if err != nil && c.Writer.Written() {
		slog.Warn("download cut off", "err", err.Error())
		panic(http.ErrAbortHandler)
	}
	if err != nil {
		c.Writer.Header().Del("Content-Disposition")
	}
	return err
}

// Redirect sends the browser to path, which says what was done.
func Redirect(c *gin.Context, path, did string) error {
	switch {
	case did != "" && strings.Contains(path, "?"):
		path += "&did=" + did
	case did != "":
		path += "?did=" + did
	}
	c.Redirect(http.StatusSeeOther, path)
	return nil
}
