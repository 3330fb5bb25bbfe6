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

// Base is the data that every page has.
type Base struct {
	Title       string // a key, or an untranslated title
	Login       accounts.Login
	Surface     surface.Surface
	Frame       accounts.PublicFrame // for a page that a partner may see
	Notice      i18n.Message
	Look        string       // a class of the body, for styles only
	Draft       string       // the id of the partner's page being written
	At          string       // query for links before sign-in: the language picked there
	OpenRecords []OpenRecord // records that an owner has open for an hour

	NamesHidden bool // the counselor chose to see couples by their record numbers
	Spelling    bool // the browser may check spelling, as chosen in this browser
	InSession   bool // one of the counselor's sessions is running

	SandboxPassword string // the password of every account in a practice run, "" otherwise
}

// SignInBase returns the base of a page before sign-in.
func (s *Server) SignInBase(c *gin.Context, title string) Base {
	return Base{
		Title: title, Surface: surface.Public, Frame: s.PublicFrame(c), Look: "door", At: pickedLanguageQuery(c),
		SandboxPassword: c.GetString(sandboxPasswordKey),
	}
}

// StaffSetupBase returns the base of a page before a staff member has an account.
func StaffSetupBase(title string) Base {
	return Base{Title: title, Surface: surface.Staff, Look: "door"}
}

// Tab returns the title for the browser's tab and history. For a page that a partner may see it is
// only the app's neutral name.
func (b Base) Tab() string {
	if b.Surface.HasWayOut() {
		return b.Frame.AppName
	}
	return i18n.English.Say(i18n.Message(b.Title)) + " · Mend"
}

// IsPrivate reports whether the page may contain private text, which the browser must not send to
// its vendor's services.
func (b Base) IsPrivate() bool { return b.SignedIn() || b.Surface.FacesCouple() }

// SignedIn reports whether somebody is signed in.
func (b Base) SignedIn() bool { return b.Login.ID != "" }

// HasHeader reports whether the page has the navigation for the person signed in.
func (b Base) HasHeader() bool { return b.SignedIn() && !b.Surface.FacesCouple() }

// HasJumpBox reports whether the page has the jump box.
func (b Base) HasJumpBox() bool {
	return b.Login.LeadsCouples() && b.SignedIn() && b.Surface.MayNameOthers(b.InSession)
}

// Home returns the first page of the person signed in.
func (b Base) Home() string { return HomeOf(b.Login) }

// notices maps the names used by redirects to the message shown after an action.
var notices = map[string]i18n.Message{
	"asked": "appointment.requested", "kept": "done.saved_for_later", "kept-word": "done.sharing_saved",
	"policy": "done.policy_signed", "refused": "done.code_refused", "saved": "done.saved", "sent": "done.sent",
	"welcome": "done.joined",

	// For staff only.
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

// NewPage declares a page and the type of its view.
func NewPage[V any](name string) templates.Page[V] { return templates.New[V](name) }

// PublicBase returns the base of a public page: in the frame of the person signed in, or else in
// the one before sign-in.
func (s *Server) PublicBase(c *gin.Context, title string) Base {
	if _, in := c.Get(LoginKey); in && !RouteOf(c).Surface.FacesCouple() {
		return PageBase(c, title)
	}
	return Base{Title: title, Surface: surface.Public, Frame: s.PublicFrame(c)}
}

// PageBase returns the base of a page for the person signed in.
func PageBase(c *gin.Context, title string) Base {
	b := Base{Title: title, Login: LoginOf(c), Notice: notices[c.Query("did")], InSession: c.GetBool(inSessionKey)}
	b.SandboxPassword, b.Spelling, b.NamesHidden = c.GetString(sandboxPasswordKey), checksSpelling(c), choseToHide(c)
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

// Render responds with page, which is rendered completely before anything is sent.
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

// recordOpened logs what was read for the response about to be sent. If it cannot be logged,
// nothing is shown.
func recordOpened(c *gin.Context) error {
	if err := audit.Flush(c.Request.Context()); err != nil {
		return fmt.Errorf("%w: %w", fault.Busy, err)
	}
	return nil
}

// Download responds with sheet as a PDF file called name.
func Download(c *gin.Context, name string, sheet pdf.Sheet) error {
	if err := checkExportSpace(c); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := pdf.Draw(&buf, sheet); err != nil {
		return err
	}
	return HandOut(c, name, "application/pdf", buf.Bytes())
}

// checkExportSpace returns fault.Full if disk space is low, to reserve it for what people write.
func checkExportSpace(c *gin.Context) error {
	if c.GetBool(LowSpaceKey) {
		return fault.Full
	}
	return nil
}

// PrivateWords lists the objects that can be downloaded, by any route, only after recent
// re-authentication.
var PrivateWords = []string{audit.PageObject, "joint page", "individual file", "note", "process note"}

// errStale means that the password has to be given again first.
var errStale = errors.New("the login is not fresh")

// HandOut responds with a file after logging what was read for it.
func HandOut(c *gin.Context, name, kind string, content []byte) error {
	if err := checkExportSpace(c); err != nil {
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

// StepTime is the time a browser has to receive each part of a streamed file.
const StepTime = 2 * time.Minute

// Stream responds with a file while write produces it. write calls step before each part, and must
// log what it read before writing it. If it fails midway, the connection is aborted so that the
// browser does not keep a partial file.
func Stream(c *gin.Context, name, kind string, write func(w io.Writer, step func() error) error) error {
	if err := checkExportSpace(c); err != nil {
		return err
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Header("Content-Type", kind)
	line := http.NewResponseController(c.Writer)
	err := write(c.Writer, func() error {
		late := line.SetWriteDeadline(time.Now().Add(StepTime))
		if errors.Is(late, http.ErrNotSupported) {
			late = nil // this writer supports no deadlines
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

// Redirect sends the browser to path, with the name of the notice to show there.
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
