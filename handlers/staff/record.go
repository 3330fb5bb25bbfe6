package staff

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/sessions"
)

type recordView struct {
	web.Base
	Couple   couples.Couple
	Sessions []sessionLine
	Signed   int // notes that can be printed
}

var recordPage = web.NewPage[recordView]("staff/couples/record.html")

func (s *Server) showRecord(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	listed, err := s.Sessions.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	view := recordView{Base: web.PageBase(c, "Record"), Couple: couple}
	for _, l := range listed {
		if l.Note == "signed" {
			view.Signed++
		}
		view.Sessions = append(view.Sessions, s.sessionLine(l, view.Login.Zone()))
	}
	return web.Render(c, http.StatusOK, recordPage, view)
}

// printRecord prints all signed notes of a couple as one PDF, oldest first, with a list
// of contents.
func (s *Server) printRecord(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	listed, err := s.Sessions.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	var sheets []pdf.Sheet
	unsigned := 0
	for _, l := range slices.Backward(listed) { // oldest first
		switch l.Note {
		case "signed":
			sheet, err := s.signedSheetOf(c, couple, l.Session)
			if err != nil {
				return err
			}
			sheets = append(sheets, sheet)
		case "draft":
			unsigned++
		}
	}
	if len(sheets) == 0 {
		return fault.NotFound
	}
	return web.Download(c, "record-"+couple.RecordNo+".pdf", recordSheet(couple, sheets, unsigned))
}

// signedSheetOf is the signed note of a session of the couple, as printed.
func (s *Server) signedSheetOf(c *gin.Context, couple couples.Couple, session sessions.Session) (pdf.Sheet, error) {
	session.Reader = couple.Reader
	note, err := s.Sessions.FindNote(c.Request.Context(), session)
	if err != nil {
		return pdf.Sheet{}, err
	}
	return s.SignedSheet(c, session, note)
}

// recordSheet puts the sheets of notes into one, each under its own heading, on its own
// page and with the hash of its content.
func recordSheet(couple couples.Couple, notes []pdf.Sheet, unsigned int) pdf.Sheet {
	last := notes[len(notes)-1]
	record := pdf.Sheet{
		Title: "Record " + couple.RecordNo, Letterhead: last.Letterhead, Letter: last.Letter, Made: last.Made,
		Running: couple.RecordNo + " · " + couple.Names(),
	}
	if unsigned > 0 {
		left := fmt.Sprintf("%d unsigned notes are not included.", unsigned)
		if unsigned == 1 {
			left = "1 unsigned note is not included."
		}
		record.Blocks = append(record.Blocks, pdf.Paragraph{Text: left})
	}
	record.Blocks = append(record.Blocks, pdf.Subheading("Contents"), pdf.Contents{})
	for _, note := range notes {
		record.Blocks = append(record.Blocks, pdf.Break{}, pdf.Heading(note.Title+" · "+note.Running),
			pdf.Paragraph{Text: note.Footer, Muted: true})
		for _, b := range note.Blocks {
			if section, ok := b.(pdf.Heading); ok {
				b = pdf.Subheading(section)
			}
			record.Blocks = append(record.Blocks, b)
		}
	}
	return record
}
