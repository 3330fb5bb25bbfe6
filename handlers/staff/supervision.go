package staff

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/sessions"
)

// supervisionView lists the couples assigned to a supervisor.
type supervisionView struct {
	web.Base
	List  []supervisedLine
	After string
}

type supervisedLine struct{ ID, RecordNo, Names, Counselor string }

var supervisionPage = web.NewPage[supervisionView]("staff/supervision/list.html")

func (s *Server) listSupervised(c *gin.Context) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	list, err := s.Couples.Supervised(ctx, l.PracticeID, l.CounselorID, searched(c))
	if err != nil {
		return err
	}
	var counselors []string
	for _, listed := range list.Couples {
		counselors = append(counselors, listed.CounselorID)
	}
	people, err := s.Accounts.Names(ctx, l.PracticeID, counselors...)
	if err != nil {
		return err
	}
	view := supervisionView{Base: web.PageBase(c, "Supervision"), After: list.After}
	for _, listed := range list.Couples {
		view.List = append(view.List,
			supervisedLine{
				listed.ID, listed.RecordNo, web.NamesOf(c, listed.RecordNo, listed.Names()),
				web.NameOf(people, listed.CounselorID),
			})
	}
	return web.Render(c, http.StatusOK, supervisionPage, view)
}

// supervisedView is a couple as a supervisor sees it: the breaches and the signed notes.
type supervisedView struct {
	web.Base
	Couple   couples.Couple
	Breaches []breachLine
	Notes    []supervisedNote
}

type supervisedNote struct{ Session, When string }

var supervisedPage = web.NewPage[supervisedView]("staff/supervision/couple.html")

func (s *Server) supervised(c *gin.Context) (couples.Couple, error) {
	l := web.LoginOf(c)
	return s.Couples.FindForSupervisor(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("couple"))
}

func (s *Server) showSupervised(c *gin.Context) error {
	couple, err := s.supervised(c)
	if err != nil {
		return err
	}
	listed, err := s.Sessions.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	view := supervisedView{Base: web.PageBase(c, couple.Names()), Couple: couple, Breaches: s.breachLines(couple)}
	for _, l := range listed {
		if l.Note == "signed" {
			view.Notes = append(view.Notes, supervisedNote{l.ID, web.Moment(l.When(), view.Login.Zone())})
		}
	}
	return web.Render(c, http.StatusOK, supervisedPage, view)
}

// signedView is a signed note as read by somebody other than its author.
type signedView struct {
	web.Base
	Couple couples.Couple
	Back   string
	When   string
	Blocks []pdf.Block
	Hash   string
	// For a supervisor: the form of their own signature.
	CoSign   bool
	Path     string
	Passkey  bool // a passkey can be used instead of the password
	Problems fault.Fields
}

var signedPage = web.NewPage[signedView]("staff/supervision/note.html")

func (s *Server) showSupervisedNote(c *gin.Context) error {
	couple, session, err := s.supervisedSession(c)
	if err != nil {
		return err
	}
	return s.drawSupervisedNote(c, http.StatusOK, couple, session, nil)
}

func (s *Server) supervisedSession(c *gin.Context) (couple couples.Couple, session sessions.Session, err error) {
	if couple, err = s.supervised(c); err == nil {
		session, err = s.Sessions.FindIn(c.Request.Context(), couple, c.Param("session"))
	}
	return couple, session, err
}

func (s *Server) drawSupervisedNote(c *gin.Context, status int, couple couples.Couple, session sessions.Session,
	problems fault.Fields,
) error {
	view, err := s.signedView(c, couple, session, "/supervision/"+couple.ID)
	if err != nil {
		return err
	}
	view.CoSign, view.Passkey, view.Path = true, s.HasPasskey(web.LoginOf(c)), c.Request.URL.Path
	view.Problems = problems
	return web.Render(c, status, signedPage, view)
}

// coSign adds a supervisor's signature to a note that its counselor has signed.
func (s *Server) coSign(c *gin.Context) error {
	couple, session, err := s.supervisedSession(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[identityProof](c)
	if err != nil {
		return err
	}
	ctx, l := c.Request.Context(), web.LoginOf(c)
	if err = s.checkIdentity(c, "signature", form); err == nil {
		err = s.coSigned(ctx, l, session)
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSupervisedNote(c, http.StatusUnprocessableEntity, couple, session, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/supervision/"+couple.ID+"/notes/"+session.ID, "signed")
}

func (s *Server) coSigned(ctx context.Context, l accounts.Login, session sessions.Session) error {
	_, me, err := s.Accounts.PracticeAndCounselor(ctx, l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	return s.Sessions.CoSign(ctx, session, me, s.Now().In(l.Zone()))
}

// showSigned shows the signed note of a session.
func (s *Server) showSigned(c *gin.Context, couple couples.Couple, session sessions.Session, back string) error {
	view, err := s.signedView(c, couple, session, back)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, signedPage, view)
}

// signedView returns a session's signed note. An unsigned one is visible to its author only.
func (s *Server) signedView(c *gin.Context, couple couples.Couple, session sessions.Session,
	back string,
) (signedView, error) {
	note, err := s.Sessions.FindNote(c.Request.Context(), session)
	if err == nil && !note.Signed() {
		err = fault.NotFound
	}
	if err != nil {
		return signedView{}, err
	}
	sheet, err := s.SignedSheet(c, session, note)
	if err != nil {
		return signedView{}, err
	}
	zone := web.LoginOf(c).Zone()
	return signedView{
		Base: web.PageBase(c, "Note of "+session.When().In(zone).Format("January 2, 2006")), Couple: couple,
		Back: back, When: web.Moment(session.When(), zone), Blocks: sheet.Blocks, Hash: sessions.ShortHash(note.Hash),
	}, nil
}
