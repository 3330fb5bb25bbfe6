package staff

import (
	"crypto/rand"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/notes"
	"mend/worksheets"
)

// fileView is one partner's individual file: what concerns that person alone. No joint page links
// to its contents.
type fileView struct {
	web.Base
	Couple   couples.Couple
	Partner  couples.Partner
	Forms    []worksheetLine
	Begun    []homeworkLine
	Notes    []recordLine
	Version  string   // of the partner's details as they are stored
	Open     []string // the ids of undecided concerns
	Decided  []decidedLine
	Choices  []string
	Warning  contactWarning
	Told     []web.LocationLine // locations that the partner gave for video sessions
	Older    bool               // there are more locations
	Key      string
	Problems fault.Fields
	Typed    decideForm
}

// fileAgain holds what was typed on the file's page and its problems.
type fileAgain struct {
	problems fault.Fields
	typed    decideForm
}

var filePage = web.NewPage[fileView]("staff/partners/file.html")

func (s *Server) showFile(c *gin.Context) error {
	l := web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	return s.askFile(c, http.StatusOK, couple, p, fileAgain{})
}

func (s *Server) askFile(c *gin.Context, status int, couple couples.Couple, p couples.Partner, again fileAgain) error {
	pages, err := s.Worksheets.File(c.Request.Context(), couple, p)
	if err != nil {
		return err
	}
	view := fileView{
		Base: web.PageBase(c, "Individual file"), Couple: couple, Partner: p, Key: rand.Text(),
		Version: couple.Partner(p.Side).Version(),
		Choices: couples.Decisions, Problems: again.problems, Typed: again.typed,
	}
	decided, open, err := s.Couples.DecidedOf(c.Request.Context(), couple, p)
	if err != nil {
		return err
	}
	if view.Warning, err = s.warningFor(c, couple, p); err != nil {
		return err
	}
	if err := s.addLocations(c, &view); err != nil {
		return err
	}
	view.Open, view.Decided = open, decidedLines(decided, view.Login.Zone())
	for _, step := range s.Sessions.Method().Steps {
		for _, line := range s.worksheetLines(step) {
			if !line.Portal {
				view.Forms = append(view.Forms, line)
			}
		}
	}
	owns, err := s.Worksheets.OwnPublished(c.Request.Context(), couple.PracticeID)
	if err != nil {
		return err
	}
	for _, d := range owns {
		if !d.Portal {
			view.Forms = append(view.Forms, worksheetLineOf(d))
		}
	}
	for _, page := range pages {
		line := homeworkLineOf(page, couple)
		line.State = map[bool]string{true: "Finished", false: "In work"}[page.Sent()]
		line.Signable = page.Sent() && notes.IsNote(page.Worksheet.ID)
		view.Begun = append(view.Begun, line)
	}
	if view.Notes, err = s.standaloneLines(c.Request.Context(), couple, p.Side, view.Login.Zone()); err != nil {
		return err
	}
	return web.Render(c, status, filePage, view)
}

const (
	recentLocations = 3
	allLocations    = 1000 // weekly sessions for many years
)

// addLocations adds where the partner was in the most recent video sessions, or in all of them.
func (s *Server) addLocations(c *gin.Context, view *fileView) error {
	ctx, l, most := c.Request.Context(), web.LoginOf(c), recentLocations
	if c.Query("locations") == "all" {
		most = allLocations
	}
	told, err := s.Calendar.Locations(ctx, view.Couple, view.Partner, most+1)
	if err != nil || len(told) == 0 {
		return err
	}
	set, err := s.Calendar.VideoSettings(ctx, l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view.Older = len(told) > most
	for _, t := range told[:min(len(told), most)] {
		view.Told = append(view.Told, web.LocationLineOf(t, set, l.Zone()))
	}
	return nil
}

type beginForm struct {
	Worksheet string `form:"worksheet"`
	Key       string `form:"key"`
}

// beginForm begins a form about one partner that the counselor fills in.
func (s *Server) beginForm(c *gin.Context) error {
	l := web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	form, err := web.Bind[beginForm](c)
	if err != nil {
		return err
	}
	d, err := s.Worksheets.Find(c.Request.Context(), l.PracticeID, form.Worksheet)
	if err == nil && d.Portal {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	err = s.Worksheets.Give(c.Request.Context(), couple,
		worksheets.AssignRequest{Worksheet: d.ID, To: worksheets.Audience(p.Side), FormKey: form.Key}, s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, "/partners/"+p.ID+"/file", "added")
}

type noteOfForm struct {
	Form string `form:"form"`
}

// beginNoteOfForm begins the note of a finished form, or opens the one already begun.
func (s *Server) beginNoteOfForm(c *gin.Context) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(ctx, l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	form, err := web.Bind[noteOfForm](c)
	if err != nil {
		return err
	}
	note, err := s.Notes.FromForm(ctx, couple, p, form.Form, s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, standalonePath(couple, note.Side, note.ID), "")
}

// counselorsForm returns the form in the path, if it is one that the counselor fills in.
func (s *Server) counselorsForm(c *gin.Context, only ...string) (couples.Couple, worksheets.OpenPage, error) {
	couple, id, err := s.assignment(c)
	if err != nil {
		return couple, worksheets.OpenPage{}, err
	}
	f, err := s.Worksheets.CounselorForm(c.Request.Context(), couple, id, only...)
	return couple, f, err
}

// handoverPage returns the part of the form in the path that a partner answers alone on the
// counselor's device.
func (s *Server) handoverPage(c *gin.Context) (worksheets.OpenPage, error) {
	return s.handoverPageWith(c)
}

// handoverPageWith returns the same part with only the named questions, or with all of them.
func (s *Server) handoverPageWith(c *gin.Context, only ...string) (worksheets.OpenPage, error) {
	_, f, err := s.counselorsForm(c, only...)
	if err != nil {
		return f, err
	}
	part, ok := f.Page.Worksheet.Handover()
	if f.Sent() || !ok && len(only) == 0 { // a question outside the part is refused as malformed later
		return f, fault.NotFound
	}
	f.Page.Worksheet = part
	return f, s.UseLanguageOf(c, &f)
}

// showHandover shows that part full screen, without names or links.
func (s *Server) showHandover(c *gin.Context) error {
	f, err := s.handoverPage(c)
	if err != nil {
		return err
	}
	return s.AskPage(c, http.StatusOK, f, f.Values, handoverForm(c, f), nil)
}

// handoverForm returns the FormContext of a form that a partner fills in on the counselor's device.
func handoverForm(c *gin.Context, f worksheets.OpenPage) homework.FormContext {
	return homework.FormContext{
		Path: "/assignments/" + f.Assignment.ID + "/handover", Title: web.Tell(c, "handover.few_questions"),
		Readers: "worksheet.counselor_reads_this", NoSend: true,
	}
}

// saveHandover stores the answers and locks the device: it ends the login and shows the handover
// page.
func (s *Server) saveHandover(c *gin.Context) error {
	f, err := s.handoverPage(c)
	if err != nil {
		return err
	}
	if err := s.SavePage(c, f, s.handoverPage, handoverForm(c, f), web.SignInPath(c)); err != nil ||
		c.Writer.Status() != http.StatusSeeOther {
		return err
	}
	s.EndOldLogin(c)
	s.SetCookie(c, "")
	return nil
}

// saveHandoverField autosaves one answer.
func (s *Server) saveHandoverField(c *gin.Context) error {
	f, err := s.handoverPageWith(c, c.Param("field"))
	if err != nil {
		return err
	}
	return s.SavePageField(c, f)
}

func (s *Server) showForm(c *gin.Context) error {
	_, f, err := s.counselorsForm(c)
	if err != nil {
		return err
	}
	if f.Sent() {
		return web.Redirect(c, "/assignments/"+f.Assignment.ID, "")
	}
	return s.AskPage(c, http.StatusOK, f, f.Values, formPlace(f), nil)
}

func (s *Server) saveForm(c *gin.Context) error {
	couple, f, err := s.counselorsForm(c)
	if err != nil {
		return err
	}
	find := func(c *gin.Context) (worksheets.OpenPage, error) {
		_, f, err := s.counselorsForm(c)
		return f, err
	}
	return s.SavePage(c, f, find, formPlace(f), "/partners/"+couple.Partner(f.Side).ID+"/file")
}

func (s *Server) saveFormField(c *gin.Context) error {
	_, f, err := s.counselorsForm(c, c.Param("field"))
	if err != nil {
		return err
	}
	return s.SavePageField(c, f)
}

// formPlace returns the FormContext of a form of the individual file that the counselor fills in.
func formPlace(f worksheets.OpenPage) homework.FormContext {
	return homework.FormContext{Path: "/assignments/" + f.Assignment.ID + "/form"}
}
