package staff

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/worksheets"
)

// assignment returns the assignment in the path with its couple, if it is the counselor's.
func (s *Server) assignment(c *gin.Context) (couples.Couple, string, error) {
	l, id := web.LoginOf(c), strings.TrimSuffix(c.Param("assignment"), ".pdf")
	couple, err := s.Worksheets.CoupleOf(c.Request.Context(), l.PracticeID, id)
	if err != nil {
		return couples.Couple{}, "", err
	}
	found, err := s.Couples.Find(c.Request.Context(), l.PracticeID, l.CounselorID, couple)
	return found, id, err
}

type readView struct {
	web.Base
	Couple    couples.Couple
	ID        string
	Worksheet worksheets.Definition
	Pages     []readPage
	New       bool   // not yet marked as read
	Opens     string // when its partner will see it, "" if it is open
	Begun     bool
	AnySent   bool

	HasEarlier   bool // its author sent the same worksheet before, for comparison
	BothReleased bool // each partner can read the other's, so both are shown side by side

	Joint     bool
	Problems  fault.Fields
	Agreement *homework.AgreementView
	Comments  []homework.CommentLine
	Questions []worksheets.Field // questions that can be commented on
	Key       string
	JointWord string // the state of a joint page

	NeedsReview, OpenToBoth bool // of a joint page

	Sharing *homework.SharingChoice // of a page that could be shared

	Misprinted []string // words that a PDF cannot print as typed
	InSpanish  bool     // filled in in Spanish and can be printed so
}

// A readPage is one partner's answer as the counselor reads it.
type readPage struct {
	Name, State string
	Sent        bool
	Flags       []worksheets.Flag
	Hinted      []worksheets.Hinted
	Blocks      []pdf.Block
}

var readPageOf = web.NewPage[readView]("staff/assignments/show.html")

// readAssignment shows the answers of an assignment, or prints them if the path ends in .pdf.
func (s *Server) readAssignment(c *gin.Context) error {
	if strings.HasSuffix(c.Param("assignment"), ".pdf") {
		return s.printAssignment(c)
	}
	return s.drawAssignment(c, http.StatusOK, nil)
}

func (s *Server) drawAssignment(c *gin.Context, status int, problems fault.Fields) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	readings, err := s.Worksheets.Read(c.Request.Context(), couple, id)
	if err != nil {
		return err
	}
	view := readView{
		Problems: problems, Base: web.PageBase(c, readings[0].Page.Worksheet.Title), Couple: couple, ID: id,
		Worksheet: readings[0].Page.Worksheet,
	}
	for _, r := range readings {
		line := homeworkLineOf(r.Page, couple)
		shown := readPage{Name: r.Partner.AddressAs, State: line.State, Sent: r.Sent(), Flags: r.Flags}
		if r.Readable() {
			shown.Sent, shown.Blocks, shown.Hinted = true, r.Blocks(true), r.Worksheet.Hinted(r.Values)
		}
		if r.Sent() {
			shown.State = "Sent " + web.Moment(*r.SentAt, view.Login.Zone())
		}
		if r.OnPaper {
			shown.State += ", not on their own device: on paper, or handed over"
		}
		switch {
		case r.IsJoint():
			view.Joint, view.JointWord, shown.State = true, line.State, line.State
			view.OpenToBoth = r.ActiveAt != nil && !r.Sent()
			view.NeedsReview = r.ActiveAt == nil && !r.Sent()
		case r.Sent() && r.Worksheet.Shareable():
			view.Sharing = homework.SharingOf(r, couple, view.Login.Zone())
		}
		view.Pages, view.Opens = append(view.Pages, shown), opensWhen(r.Page, s.Now(), view.Login.Zone())
		view.New, view.Begun, view.AnySent = view.New || line.New, view.Begun || line.Begun, view.AnySent || r.Sent()
	}
	view.HasEarlier, view.InSpanish = readings[0].HasEarlier, s.filledIn(readings) == i18n.Spanish
	view.Misprinted = worksheets.FilledSheet(worksheets.PrintSetup{Zone: view.Login.Zone()}, readings).Misprinted()
	if view.Sharing != nil && view.Sharing.Released {
		if view.BothReleased, err = s.Worksheets.HasSideBySide(c.Request.Context(), couple, view.Worksheet.ID); err != nil {
			return err
		}
	}
	if view.Agreement, err = s.Agreement(c, couple, id); err != nil {
		return err
	}
	if r := readings[0]; r.Sent() && r.Portal && !view.Joint {
		view.Questions, view.Key = r.Worksheet.Visible(r.Role, r.Values), rand.Text()
		if view.Comments, err = s.CommentLines(c, couple, r.Page); err != nil {
			return err
		}
	}
	return web.Render(c, status, readPageOf, view)
}

func (s *Server) printAssignment(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	readings, err := s.Worksheets.Read(c.Request.Context(), couple, id)
	if err != nil {
		return err
	}
	paper, err := s.printSetup(c)
	if err != nil {
		return err
	}
	sent := false
	for _, r := range readings {
		sent = sent || r.Readable()
	}
	if !sent {
		return fault.NotFound
	}
	if in := s.filledIn(readings); in == paper.Language {
		for i, r := range readings {
			readings[i].Page.Worksheet = s.Worksheets.Catalogue().In(in, r.Page.Worksheet)
		}
	}
	return web.Download(c, "worksheet.pdf", worksheets.FilledSheet(paper, readings))
}

// filledIn returns the language other than English in which one of the pages was filled in, or else
// English.
func (s *Server) filledIn(readings []worksheets.SentPage) *i18n.Language {
	for _, r := range readings {
		if in := s.Worksheets.Catalogue().FilledIn(r.Page); r.Readable() && !in.English() {
			return in
		}
	}
	return i18n.English
}

// letter reports whether to print on US Letter: the practice's setting, unless the query names a
// size.
func letter(c *gin.Context, usual bool) bool {
	switch c.Query("paper") {
	case "letter":
		return true
	case "a4":
		return false
	}
	return usual
}

// printSetup returns the practice's paper settings, with the language that the query names.
func (s *Server) printSetup(c *gin.Context) (worksheets.PrintSetup, error) {
	practice, err := s.Accounts.FindPractice(c.Request.Context(), web.LoginOf(c).PracticeID)
	return worksheets.PrintSetup{
		Practice: practice.Lines(), Letter: letter(c, practice.Paper == "Letter"),
		Zone: practice.Zone(), Help: web.LoginOf(c).Frame.Lines, Digital: s.URL + "/my", Language: i18n.Of(c.Query("lang")),
	}, err
}

func (s *Server) markRead(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.MarkRead(c.Request.Context(), couple, id, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+id, "read")
}

// setAside withdraws a page that the wrong person filled in, assigns it again, and disables the
// sign-in that was used, so that the right partner has to be invited again.
func (s *Server) setAside(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.SetAside(c.Request.Context(), s.Accounts, couple, id, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID, "aside")
}

// openNow opens a page that is not open yet.
func (s *Server) openNow(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.OpenNow(c.Request.Context(), couple, id, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/assignments/"+id, "given")
}

func (s *Server) withdraw(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.Withdraw(c.Request.Context(), couple, id, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/worksheets", "withdrawn")
}
