package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/sessions"
	"mend/worksheets"
)

// setting gathers what surrounds a session's note.
func (s *server) setting(ctx context.Context, l accounts.Login, session sessions.Session, couple couples.Couple) (sessions.Setting, error) {
	in := sessions.Setting{Couple: couple}
	var err error
	if in.Practice, in.Counselor, err = s.Accounts.Desk(ctx, l.PracticeID, l.CounselorID); err != nil {
		return in, err
	}
	pages, err := s.Worksheets.ForCouple(ctx, couple)
	if err != nil {
		return in, err
	}
	in.Homework = worksheets.Homework(pages)
	next, err := s.Sessions.NextJoint(ctx, l.PracticeID, couple.ID, session.When())
	if err == nil {
		in.Next = &next.StartsAt
	} else if !errors.Is(err, fault.NotFound) {
		return in, err
	}
	return in, nil
}

type noteView struct {
	base
	Couple    couples.Couple
	Session   sessions.Session
	When      string
	Signed    bool
	Blocks    []pdf.Block // of the signed note
	Hash      string
	Format    string
	Formats   []string
	Parts     []notePart
	Goals     []goalFields
	Status    radioField
	Risk      saveTick
	Routine   string
	Prompts   map[string]saveText
	Seen      string
	Signer    string
	Untouched int
	Key       string
	Addendum  addendumForm
	Problems  fault.Fields
}

// A notePart is a section of the note being written.
type notePart struct {
	Name   string
	Blocks []noteBlock
}

// A noteBlock is one block: its text, whether it is only drafted, and the
// prompts that feed it.
type noteBlock struct {
	ID, Label, Text, Draft, Problem string
	Drafted, Required               bool
	Revision, AcceptRevision        int
	Prompts                         []saveText
}

type goalFields struct {
	Text   string
	Choice radioField
	Words  saveText
}

var notePage = page[noteView]("sessions/note.html")

// blockPrompts are the typed prompts that feed a block, with their words.
var blockPrompts = map[string][][2]string{
	"a_reported": {{"a_reported", "… reported"}}, "b_reported": {{"b_reported", "… reported"}},
	"impression": {{"impression", "In my judgment…"}},
	"risk":       {{"risk_text", "What you add about risk, so that both may read it"}},
	"next":       {{"plan_text", "The plan"}},
}

func (s *server) showNote(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	return s.drawNote(c, http.StatusOK, session, couple, addendumForm{Key: rand.Text()}, nil)
}

func (s *server) drawNote(c *gin.Context, status int, session sessions.Session, couple couples.Couple, addendum addendumForm, problems fault.Fields) error {
	note, err := s.Sessions.FindNote(c.Request.Context(), session)
	if err != nil {
		return err
	}
	view := noteView{base: top(c, "Note of "+session.When().In(login(c).Zone()).Format("January 2, 2006")), Couple: couple, Session: session,
		When: moment(session.When(), login(c).Zone()), Signed: note.Signed(), Format: note.Format, Key: rand.Text(), Addendum: addendum, Problems: problems}
	if note.Signed() {
		sheet, err := s.signedSheet(c, session, note)
		if err != nil {
			return err
		}
		view.Blocks, view.Hash = sheet.Blocks, sessions.ShortHash(note.Hash)
		return render(c, status, notePage, view)
	}
	in, err := s.setting(c.Request.Context(), login(c), session, couple)
	if err != nil {
		return err
	}
	writing, err := s.Sessions.Write(c.Request.Context(), session, note, in)
	if err != nil {
		return err
	}
	s.writeNote(&view, writing, in)
	return render(c, status, notePage, view)
}

// signedSheet is a signed note with its addenda, as printed.
func (s *server) signedSheet(c *gin.Context, session sessions.Session, note sessions.Note) (pdf.Sheet, error) {
	doc, err := note.Document()
	if err != nil {
		return pdf.Sheet{}, err
	}
	addenda, err := s.Sessions.Addenda(c.Request.Context(), session, note)
	if err != nil {
		return pdf.Sheet{}, err
	}
	made := *note.SignedAt
	if len(addenda) > 0 {
		made = addenda[len(addenda)-1].SignedAt
	}
	return doc.Sheet(note.Hash, addenda, login(c).Zone(), made), nil
}

// writeNote fills the view of a note that is being written.
func (s *server) writeNote(view *noteView, w sessions.Writing, in sessions.Setting) {
	view.Seen, view.Signer, view.Untouched = w.Hash, in.Counselor.Signature(), len(w.Untouched)
	view.Routine = s.Sessions.Method().Note.RoutineRisk
	view.Risk = ticked("risk.routine", view.Routine, w.Saved["risk.routine"])
	view.Prompts = map[string]saveText{"service": texts("service", "Kind of service or code, if you bill", w.Saved["service"], view.Problems["service"])}
	for _, f := range s.Sessions.Method().Note.Formats {
		view.Formats = append(view.Formats, f.Name)
	}
	for _, g := range w.Facts.Couple.OpenGoals() {
		view.Goals = append(view.Goals, goalFields{g.Text, radios("progress."+g.ID, g.Text, w.Saved["progress."+g.ID], named4(sessions.ProgressChoices)),
			texts("progress_text."+g.ID, "In words", w.Saved["progress_text."+g.ID], view.Problems["progress_text."+g.ID])})
	}
	view.Status = radios("status_choice", "The couple will", w.Saved["status_choice"], named4(sessions.StatusChoices))
	format, _ := s.Sessions.Method().Format(w.Note.Format)
	for _, section := range format.Sections {
		part := notePart{Name: section.Name}
		for _, id := range section.Blocks {
			part.Blocks = append(part.Blocks, s.noteBlock(id, w, view.Problems))
		}
		view.Parts = append(view.Parts, part)
	}
}

// named4 are choices that are their own labels.
func named4(values []string) []radio {
	var list []radio
	for _, v := range values {
		list = append(list, radio{Value: v, Label: strings.ToUpper(v[:1]) + v[1:]})
	}
	return list
}

func (s *server) noteBlock(id string, w sessions.Writing, problems fault.Fields) noteBlock {
	own := w.Saved["text."+id]
	b := noteBlock{ID: id, Label: w.Label(id), Text: own.Value, Draft: w.Drafts[id], Revision: own.Revision,
		AcceptRevision: w.Saved["accepted."+id].Revision, Problem: problems["text."+id],
		Drafted: slices.Contains(w.Untouched, id), Required: slices.Contains(s.Sessions.Method().Note.Required, id)}
	if b.Text == "" {
		b.Text = b.Draft
	}
	for _, p := range blockPrompts[id] {
		b.Prompts = append(b.Prompts, texts(p[0], p[1], w.Saved[p[0]], problems[p[0]]))
	}
	return b
}

// Optional tells whether the block has nothing to say and needs not to: it is
// folded away.
func (b noteBlock) Optional() bool {
	return b.Text == "" && !b.Required && len(b.Prompts) == 0
}

// saveNote stores the note's form as a whole, with scripts off.
func (s *server) saveNote(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	got, err := values(c)
	if err != nil {
		return err
	}
	fields, err := prefixed(got, "v.", "key")
	if err != nil {
		return err
	}
	note, err := s.Sessions.FindNote(c.Request.Context(), session)
	if err != nil {
		return err
	}
	in, err := s.setting(c.Request.Context(), login(c), session, couple)
	if err != nil {
		return err
	}
	writing, err := s.Sessions.Write(c.Request.Context(), session, note, in)
	if err != nil {
		return err
	}
	err = s.Sessions.SaveNote(c.Request.Context(), session, writing.Note, writing.Own(fields), got.Get("key"), s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawNote(c, http.StatusUnprocessableEntity, session, couple, addendumForm{}, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID+"/note", "saved")
}

func (s *server) saveNoteField(c *gin.Context) error {
	l := login(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return err
	}
	edit, err := s.readValue(c)
	if err != nil {
		return err
	}
	note, err := s.Sessions.FindNote(c.Request.Context(), session)
	if err != nil {
		return err
	}
	f, err := s.Sessions.SaveNoteField(c.Request.Context(), session, note, edit)
	return saved(c, f, err, l.Zone(), asIs)
}

type formatForm struct {
	Format string `form:"format"`
}

func (s *server) setFormat(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	form, err := bind[formatForm](c)
	if err != nil {
		return err
	}
	note, err := s.Sessions.FindNote(c.Request.Context(), session)
	if err != nil {
		return err
	}
	err = s.Sessions.SetFormat(c.Request.Context(), session, note, form.Format)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawNote(c, http.StatusUnprocessableEntity, session, couple, addendumForm{}, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID+"/note", "saved")
}

type signForm struct {
	Password string `form:"password"`
	Reviewed string `form:"reviewed"`
	Seen     string `form:"seen"`
}

func (s *server) signNote(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	form, err := bind[signForm](c)
	if err != nil {
		return err
	}
	l := login(c)
	err = s.Accounts.CheckPassword(c.Request.Context(), l.PracticeID, l.CounselorID, form.Password)
	if err == nil {
		var in sessions.Setting
		if in, err = s.setting(c.Request.Context(), l, session, couple); err != nil {
			return err
		}
		err = s.Sessions.Sign(c.Request.Context(), session, in, sessions.Signing{Reviewed: form.Reviewed == "yes", Seen: form.Seen}, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawNote(c, http.StatusUnprocessableEntity, session, couple, addendumForm{}, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID+"/note", "signed")
}

type addendumForm struct {
	Key      string `form:"key"`
	Reason   string `form:"reason"`
	Text     string `form:"text"`
	Password string `form:"password"`
}

func (s *server) addAddendum(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	form, err := bind[addendumForm](c)
	if err != nil {
		return err
	}
	l := login(c)
	signer, err := s.Accounts.FindCounselor(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	err = s.Accounts.CheckPassword(c.Request.Context(), l.PracticeID, l.CounselorID, form.Password)
	if err == nil {
		err = s.Sessions.Append(c.Request.Context(), session, signer, form.Reason, unix(form.Text), form.Key, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		form.Password = ""
		return s.drawNote(c, http.StatusUnprocessableEntity, session, couple, form, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID+"/note", "signed")
}

func (s *server) printNote(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	note, err := s.Sessions.FindNote(c.Request.Context(), session)
	if err != nil {
		return err
	}
	name := "note-" + session.When().In(login(c).Zone()).Format(time.DateOnly) + ".pdf"
	if note.Signed() {
		sheet, err := s.signedSheet(c, session, note)
		if err != nil {
			return err
		}
		return download(c, name, sheet)
	}
	in, err := s.setting(c.Request.Context(), login(c), session, couple)
	if err != nil {
		return err
	}
	writing, err := s.Sessions.Write(c.Request.Context(), session, note, in)
	if err != nil {
		return err
	}
	return download(c, name, writing.Document.Sheet("", nil, login(c).Zone(), session.When()))
}
