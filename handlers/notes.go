package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
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
