package staff

import (
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/pdf"
	"mend/notes"
	"mend/sessions"
)

// A noteOf is the note in the path with its session and couple.
type noteOf struct {
	session sessions.Session
	couple  couples.Couple
	note    sessions.Note
}

// file returns the note's session as a notes.File of the signed-in counselor.
func (d noteOf) file(c *gin.Context) notes.File {
	return notes.File{Session: d.session, Couple: d.couple, Counselor: web.LoginOf(c).CounselorID}
}

func (s *Server) noteInPath(c *gin.Context) (noteOf, error) {
	var d noteOf
	var err error
	if d.session, d.couple, err = s.Session(c); err != nil {
		return d, err
	}
	d.note, err = s.Sessions.FindNote(c.Request.Context(), d.session)
	return d, err
}

// noteDraft returns the current draft of d's note and its context.
func (s *Server) noteDraft(c *gin.Context, d noteOf) (sessions.NoteDraft, sessions.NoteContext, error) {
	return s.Notes.Write(c.Request.Context(), d.file(c), d.note)
}

// typedNote holds what was typed into a form of the note, and its problems.
type typedNote struct {
	fields   map[string]string
	times    *timesForm
	addendum addendumForm
	problems fault.Fields
}

func (s *Server) showNote(c *gin.Context) error {
	d, err := s.noteInPath(c)
	if err != nil {
		return err
	}
	return s.drawNote(c, http.StatusOK, d, typedNote{})
}

func (s *Server) drawNote(c *gin.Context, status int, d noteOf, typed typedNote) error {
	zone := web.LoginOf(c).Zone()
	view := noteView{
		Base:   web.PageBase(c, "Note of "+d.session.When().In(zone).Format("January 2, 2006")),
		Couple: d.couple, Session: d.session,
		When: web.Moment(d.session.When(), zone), Signed: d.note.Signed(), Format: d.note.Format, Key: rand.Text(),
		Addendum: typed.addendum, Problems: typed.problems, Passkey: s.HasPasskey(web.LoginOf(c)),
	}
	if d.note.Signed() {
		sheet, err := s.SignedSheet(c, d.session, d.note)
		if err != nil {
			return err
		}
		view.Blocks, view.Misprinted = sheet.Blocks, sheet.Misprinted()
		return web.Render(c, status, notePage, view)
	}
	w, in, err := s.noteDraft(c, d)
	if err != nil {
		return err
	}
	if err := s.Sessions.AddNoteCopies(c.Request.Context(), d.session, w, web.LoginOf(c).Person()); err != nil {
		return err
	}
	web.LocalTimes(w.Saved, zone)
	web.LocalTimes(w.Record, zone)
	w.Retype(typed.fields) // show what was typed next to its problem
	s.writeNote(&view, w, in)
	view.Times = timesFormOf(d.session, w.Facts.Times, zone)
	if typed.times != nil {
		view.Times = typed.times.on(view.Times.Base)
	}
	sheet := w.Document.Sheet("", nil, d.session.When())
	view.Blocks, view.Misprinted = sheet.Blocks, sheet.Misprinted()
	if err := s.lastNote(c, &view, d); err != nil {
		return err
	}
	return web.Render(c, status, notePage, view)
}

// lastNote loads the plan of the couple's last signed note before this session.
func (s *Server) lastNote(c *gin.Context, view *noteView, d noteOf) error {
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	listed, err := s.Sessions.ForCouple(ctx, d.couple)
	if err != nil {
		return err
	}
	for _, l := range listed { // newest first
		if l.Note != "signed" || !l.When().Before(d.session.When()) {
			continue
		}
		last := l.Session
		last.Reader = d.couple.Reader
		view.Earlier, view.LastDate = last.ID, last.When().In(zone).Format("January 2, 2006")
		view.LastPlan, err = s.Sessions.PlannedInNote(ctx, last)
		return err
	}
	return nil
}

// noteDone redirects to the note after a change, or renders it with the problems.
func (s *Server) noteDone(c *gin.Context, d noteOf, did string, typed typedNote, err error) error {
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		typed.problems = problems
		return s.drawNote(c, http.StatusUnprocessableEntity, d, typed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+d.session.ID+"/note", did)
}

// SignedSheet returns a session's signed note with its addenda, for printing.
func (s *Server) SignedSheet(c *gin.Context, session sessions.Session, note sessions.Note) (pdf.Sheet, error) {
	return s.Sessions.SignedSheet(c.Request.Context(), session.Filing(), note)
}

// downloadSigned sends the signed PDF that was stored with the note. If none was stored, it renders
// one without a signature.
func (s *Server) downloadSigned(c *gin.Context, name string, f sessions.Filing, note sessions.Note) error {
	file, err := s.Sessions.SignedFile(c.Request.Context(), f, note)
	if err == nil {
		return web.HandOut(c, name, "application/pdf", file)
	}
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	sheet, err := s.Sessions.SignedSheet(c.Request.Context(), f, note)
	if err != nil {
		return err
	}
	return web.Download(c, name, sheet)
}

// saveNote stores the note's whole form, submitted without scripts.
func (s *Server) saveNote(c *gin.Context) error {
	d, err := s.noteInPath(c)
	if err != nil {
		return err
	}
	form, err := s.ReadFields(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	typed := typedNote{times: takeTimes(form.Values), fields: form.Values}
	w, _, err := s.noteDraft(c, d)
	if err != nil {
		return err
	}
	err = s.Sessions.SaveNote(ctx, d.session, d.note, w.Own(form.Values), form.Key, s.Now())
	if err == nil && form.Decision != nil {
		_, err = s.Sessions.SaveNoteField(ctx, d.session, d.note, *form.Decision)
	}
	if err == nil && typed.times != nil {
		_, err = s.saveTimes(c, d.session, *typed.times)
	}
	if err == nil {
		err = s.Sessions.Changed(ctx, d.session.ID)
	}
	return s.noteDone(c, d, "saved", typed, err)
}

func (s *Server) saveNoteField(c *gin.Context) error {
	d, err := s.noteInPath(c)
	if err != nil {
		return err
	}
	var f fields.Field
	if c.Param("field") == "times" {
		f, err = s.saveTimesField(c, d.session)
	} else {
		var edit fields.Edit
		if edit, err = s.ReadValue(c); err != nil {
			return err
		}
		f, err = s.Sessions.SaveNoteField(c.Request.Context(), d.session, d.note, edit)
	}
	if err == nil {
		err = s.Sessions.Changed(c.Request.Context(), d.session.ID)
	}
	return web.Saved(c, f, err, web.LoginOf(c).Zone(), web.AsIs)
}

type formatForm struct {
	Format string `form:"format"`
}

func (s *Server) setFormat(c *gin.Context) error {
	d, err := s.noteInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[formatForm](c)
	if err != nil {
		return err
	}
	return s.noteDone(c, d, "saved", typedNote{},
		s.Sessions.SetFormat(c.Request.Context(), d.session, d.note, form.Format))
}

type signForm struct {
	identityProof
	Reviewed string `form:"reviewed"`
	Seen     string `form:"seen"`
}

func (s *Server) signNote(c *gin.Context) error {
	d, err := s.noteInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[signForm](c)
	if err != nil {
		return err
	}
	return s.noteDone(c, d, "signed", typedNote{}, s.sign(c, d, form))
}

// sign signs the note after confirming the counselor’s identity.
func (s *Server) sign(c *gin.Context, d noteOf, form signForm) error {
	if err := s.confirmIdentity(c, "signature", form.identityProof); err != nil {
		return s.withProblems(c, d, form, err)
	}
	sign := sessions.Signing{Reviewed: form.Reviewed == "yes", Seen: form.Seen}
	return s.Notes.Sign(c.Request.Context(), d.file(c), sign, s.Now())
}

// withProblems adds the note's other problems to a wrong password or passkey, so that all are shown
// at once.
func (s *Server) withProblems(c *gin.Context, d noteOf, form signForm, err error) error {
	problems, ok := errors.AsType[fault.Fields](err)
	if !ok || d.note.Signed() {
		return err
	}
	w, _, failed := s.noteDraft(c, d)
	if failed != nil {
		return failed
	}
	maps.Copy(problems, w.Problems(form.Reviewed == "yes"))
	return problems
}

type addendumForm struct {
	identityProof
	Key    string `form:"key"`
	Reason string `form:"reason"`
	Text   string `form:"text"`
}

func (s *Server) addAddendum(c *gin.Context) error {
	d, err := s.noteInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[addendumForm](c)
	if err != nil {
		return err
	}
	if err = s.confirmIdentity(c, "addendum", form.identityProof); err == nil {
		now := s.Now().In(web.LoginOf(c).Zone())
		err = s.Notes.Append(c.Request.Context(), d.file(c), form.Reason, web.UnixLines(form.Text), form.Key, now)
	}
	form.identityProof = identityProof{}
	return s.noteDone(c, d, "signed", typedNote{addendum: form}, err)
}

func (s *Server) printNote(c *gin.Context) error {
	d, err := s.noteInPath(c)
	if err != nil {
		return err
	}
	name := "note-" + d.session.When().In(web.LoginOf(c).Zone()).Format(time.DateOnly) + ".pdf"
	if d.note.Signed() {
		return s.downloadSigned(c, name, d.session.Filing(), d.note)
	}
	w, _, err := s.noteDraft(c, d)
	if err != nil {
		return err
	}
	return web.Download(c, name, w.Document.Sheet("", nil, d.session.When()))
}
