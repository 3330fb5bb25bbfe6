package staff

import (
	"cmp"
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/notes"
	"mend/sessions"
)

// standaloneNote returns the standalone note in the path: of the joint record or, if the path names
// a partner, of that partner's individual file.
func (s *Server) standaloneNote(c *gin.Context) (notes.Standalone, error) {
	ctx, l, note := c.Request.Context(), web.LoginOf(c), c.Param("note")
	f := notes.Standalone{Counselor: l.CounselorID}
	var err error
	if partner := c.Param("partner"); partner != "" {
		var p couples.Partner
		if f.Couple, p, err = s.Couples.FindByPartner(ctx, l.PracticeID, l.CounselorID, partner); err == nil {
			f.Note, err = s.Sessions.FindStandalone(ctx, f.Couple, p.Side, note)
		}
		return f, err
	}
	couple, err := s.Sessions.CoupleOfNote(ctx, l.PracticeID, l.CounselorID, note)
	if err == nil {
		f.Couple, err = s.Couples.Find(ctx, l.PracticeID, l.CounselorID, couple)
	}
	if err == nil {
		f.Note, err = s.Sessions.FindStandalone(ctx, f.Couple, "", note)
	}
	return f, err
}

// standalonePath returns the path of a note in the individual file of the partner on a side, or in
// the joint record.
func standalonePath(c couples.Couple, side couples.Side, note string) string {
	if side == "" {
		return "/notes/" + note
	}
	return "/partners/" + c.Partner(side).ID + "/notes/" + note
}

// standaloneView is a standalone note, unsigned or signed.
type standaloneView struct {
	web.Base
	Couple   couples.Couple
	Path     string
	Partner  couples.Partner // whose individual file it is in
	IsJoint  bool
	Hint     string
	Signed   bool
	Blocks   []pdf.Block // the note as it prints
	Fields   map[string]web.SaveText
	How      web.RadioField
	Missing  []missingPart
	Signer   string
	Seen     string
	Key      string
	Addendum addendumForm
	Passkey  bool // a passkey can be used instead of the password
	Problems fault.Fields
	// Misprinted holds the words that a PDF cannot print as typed.
	Misprinted []string
	// The review template reads these two; they stay empty, as nothing is drafted from a session.
	NoRoutine bool
	Untouched []string
}

var standalonePage = web.NewPage[standaloneView]("staff/notes/show.html")

func (s *Server) showStandalone(c *gin.Context) error {
	f, err := s.standaloneNote(c)
	if err != nil {
		return err
	}
	return s.drawStandalone(c, http.StatusOK, f, typedNote{})
}

func (s *Server) drawStandalone(c *gin.Context, status int, f notes.Standalone, typed typedNote) error {
	kind, _ := f.Note.Kind.Info()
	view := standaloneView{
		Base: web.PageBase(c, kind.Title), Couple: f.Couple, Path: standalonePath(f.Couple, f.Note.Side, f.Note.ID),
		IsJoint: f.Note.Side == "", Hint: kind.Hint, Signed: f.Note.Signed(), Key: rand.Text(),
		Addendum: typed.addendum, Problems: typed.problems, Passkey: s.HasPasskey(web.LoginOf(c)),
	}
	if !view.IsJoint {
		view.Partner = f.Couple.Partner(f.Note.Side)
	}
	sheet, err := s.fillStandalone(c, &view, f, typed)
	if err != nil {
		return err
	}
	view.Blocks, view.Misprinted = sheet.Blocks, sheet.Misprinted()
	return web.Render(c, status, standalonePage, view)
}

// fillStandalone fills in the view and returns the note for printing.
func (s *Server) fillStandalone(c *gin.Context, view *standaloneView, f notes.Standalone, typed typedNote) (
	pdf.Sheet, error,
) {
	if view.Signed {
		return s.Sessions.SignedSheet(c.Request.Context(), f.Note.Filing, f.Note.Note)
	}
	ctx, l := c.Request.Context(), web.LoginOf(c)
	w, in, err := s.Notes.WriteStandalone(ctx, f, s.Now())
	if err != nil {
		return pdf.Sheet{}, err
	}
	if err := s.Sessions.AddStandaloneCopies(ctx, f.Note, l.Person(), w.Saved); err != nil {
		return pdf.Sheet{}, err
	}
	web.LocalTimes(w.Saved, l.Zone())
	for field, value := range typed.fields { // show what was typed next to its problem
		saved := w.Saved[field]
		saved.Value = value
		w.Saved[field] = saved
	}
	view.Seen, view.Signer, view.Missing = w.Hash, in.Counselor.Signature(), missingStandalone(w)
	view.Fields = map[string]web.SaveText{}
	for field, label := range standaloneLabels {
		text := web.Texts(field, label, w.Saved[field], view.Problems[field])
		text.Limit = sessions.StandaloneLimits[field]
		view.Fields[field] = text
	}
	var modes []web.Radio
	for _, m := range sessions.ContactModes {
		modes = append(modes, web.Radio{Value: m.ID, Label: m.Name})
	}
	view.How = web.Radios("how", "How", w.Saved["how"], modes)
	return w.Document.Sheet("", nil, f.Note.HappenedAt), nil
}

// standaloneLabels maps the text fields of a standalone note to their labels.
var standaloneLabels = map[string]string{
	"day": "Date", "time": "Time (optional)", "with": "With", "minutes": "Minutes (optional)", "what": "What happened",
	"plan": "Plan (optional)",
}

// missingStandalone returns what the note needs before it can be signed.
func missingStandalone(w sessions.StandaloneWriting) []missingPart {
	var list []missingPart
	for _, field := range []string{"day", "time", "with", "minutes", "what"} {
		if problem := w.Missing[field]; problem != "" {
			list = append(list, missingPart{field, problem})
		}
	}
	return list
}

// standaloneDone redirects to the note after a change, or renders it with the problems.
func (s *Server) standaloneDone(c *gin.Context, f notes.Standalone, did string, typed typedNote, err error) error {
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		typed.problems = problems
		return s.drawStandalone(c, http.StatusUnprocessableEntity, f, typed)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, standalonePath(f.Couple, f.Note.Side, f.Note.ID), did)
}

// saveStandalone stores the note's whole form, submitted without scripts.
func (s *Server) saveStandalone(c *gin.Context) error {
	f, err := s.standaloneNote(c)
	if err != nil {
		return err
	}
	form, err := s.ReadFields(c)
	if err != nil {
		return err
	}
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	err = s.Sessions.SaveStandalone(ctx, f.Note, form.Values, form.Key, zone, s.Now())
	if err == nil && form.Decision != nil {
		_, err = s.Sessions.SaveStandaloneField(ctx, f.Note, *form.Decision, zone)
	}
	return s.standaloneDone(c, f, "saved", typedNote{fields: form.Values}, err)
}

func (s *Server) saveStandaloneField(c *gin.Context) error {
	f, err := s.standaloneNote(c)
	if err != nil {
		return err
	}
	edit, err := s.ReadValue(c)
	if err != nil {
		return err
	}
	zone := web.LoginOf(c).Zone()
	saved, err := s.Sessions.SaveStandaloneField(c.Request.Context(), f.Note, edit, zone)
	return web.Saved(c, saved, err, zone, web.AsIs)
}

func (s *Server) signStandalone(c *gin.Context) error {
	f, err := s.standaloneNote(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[signForm](c)
	if err != nil {
		return err
	}
	return s.standaloneDone(c, f, "signed", typedNote{}, s.signStandaloneAs(c, f, form))
}

// signStandaloneAs signs the note after confirming the counselor's identity. A wrong password or
// passkey is reported together with the note's other problems.
func (s *Server) signStandaloneAs(c *gin.Context, f notes.Standalone, form signForm) error {
	ctx, sign := c.Request.Context(), sessions.Signing{Reviewed: form.Reviewed == "yes", Seen: form.Seen}
	err := s.confirmIdentity(c, "signature", form.identityProof)
	problems, ok := errors.AsType[fault.Fields](err)
	if ok && !f.Note.Signed() {
		w, _, failed := s.Notes.WriteStandalone(ctx, f, s.Now())
		if failed != nil {
			return failed
		}
		maps.Copy(problems, w.Problems(sign.Reviewed))
	}
	if err != nil {
		return err
	}
	return s.Notes.SignStandalone(ctx, f, sign, s.Now())
}

func (s *Server) appendStandalone(c *gin.Context) error {
	f, err := s.standaloneNote(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[addendumForm](c)
	if err != nil {
		return err
	}
	if err = s.confirmIdentity(c, "addendum", form.identityProof); err == nil {
		now := s.Now().In(web.LoginOf(c).Zone())
		err = s.Notes.AppendStandalone(c.Request.Context(), f, form.Reason, web.UnixLines(form.Text), form.Key, now)
	}
	form.identityProof = identityProof{}
	return s.standaloneDone(c, f, "signed", typedNote{addendum: form}, err)
}

func (s *Server) printStandalone(c *gin.Context) error {
	f, err := s.standaloneNote(c)
	if err != nil {
		return err
	}
	name := "note-" + f.Note.HappenedAt.In(web.LoginOf(c).Zone()).Format(time.DateOnly) + ".pdf"
	if f.Note.Signed() {
		return s.downloadSigned(c, name, f.Note.Filing, f.Note.Note)
	}
	w, _, err := s.Notes.WriteStandalone(c.Request.Context(), f, s.Now())
	if err != nil {
		return err
	}
	return web.Download(c, name, w.Document.Sheet("", nil, f.Note.HappenedAt))
}

// newNoteView holds the form that asks for the kind of a standalone note and where it is filed.
type newNoteView struct {
	web.Base
	Couple   couples.Couple
	Kinds    []sessions.NoteKindInfo
	Form     newNoteForm
	Problems fault.Fields
}

// A newNoteForm is the kind and place of a new note.
type newNoteForm struct {
	Kind  string `form:"kind"`
	Filed string `form:"filed"` // "joint", "A" or "B"
	Key   string `form:"key"`
}

var newNotePage = web.NewPage[newNoteView]("staff/notes/new.html")

func (s *Server) newNote(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form := newNoteForm{Kind: storableText(c.Query("kind")), Filed: storableText(c.Query("with"))}
	return s.askNewNote(c, http.StatusOK, couple, form, nil)
}

func (s *Server) askNewNote(c *gin.Context, status int, couple couples.Couple, form newNoteForm,
	problems fault.Fields,
) error {
	form.Key = cmp.Or(form.Key, rand.Text())
	return web.Render(c, status, newNotePage, newNoteView{
		Base: web.PageBase(c, "New note"), Couple: couple, Kinds: sessions.NoteKinds, Form: form, Problems: problems,
	})
}

// beginNote creates the note. After this neither its kind nor its place can change.
func (s *Server) beginNote(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[newNoteForm](c)
	if err != nil {
		return err
	}
	side := couples.Side(cmp.Or(form.Filed, "nowhere"))
	if form.Filed == "joint" {
		side = ""
	}
	draft := notes.Draft{Kind: sessions.NoteKind(form.Kind), Side: side, At: s.Now()}
	note, err := s.Notes.Draft(c.Request.Context(), couple, draft, form.Key, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askNewNote(c, http.StatusUnprocessableEntity, couple, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, standalonePath(couple, note.Side, note.ID), "")
}
