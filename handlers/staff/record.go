package staff

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/records"
	"mend/sessions"
)

// recordView is the joint record: a couple's sessions with their notes, and the joint standalone
// notes. It excludes the partners' individual files.
type recordView struct {
	web.Base
	Couple couples.Couple
	Lines  []recordLine
	Signed int // number of signed notes
	Kinds  []sessions.NoteKindInfo
	Kind   sessions.NoteKind // the kind shown, "" for all
}

// A recordLine is a session or note in a list, formatted.
type recordLine struct {
	Kind                               sessions.NoteKind
	Name, When, State, Path, PDF, Note string // Note is "", "draft" or "signed"
	at                                 time.Time
	session                            sessions.Session // for a progress note
	id                                 string           // for a standalone note
}

var recordPage = web.NewPage[recordView]("staff/couples/record.html")

func (s *Server) showRecord(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	lines, err := s.jointRecord(c.Request.Context(), couple, web.LoginOf(c).Zone())
	if err != nil {
		return err
	}
	view := recordView{
		Base: web.PageBase(c, "Record"), Couple: couple, Kinds: kindsIn(lines),
		Kind: sessions.NoteKind(storableText(c.Query("kind"))),
	}
	for _, l := range lines {
		if l.Note == "signed" {
			view.Signed++
		}
		if view.Kind == "" || view.Kind == l.Kind {
			view.Lines = append(view.Lines, l)
		}
	}
	return web.Render(c, http.StatusOK, recordPage, view)
}

// kindsIn returns the note kinds that occur in lines, in display order.
func kindsIn(lines []recordLine) []sessions.NoteKindInfo {
	progress, _ := sessions.ProgressNote.Info()
	return slices.DeleteFunc(append([]sessions.NoteKindInfo{progress}, sessions.NoteKinds...),
		func(k sessions.NoteKindInfo) bool {
			return !slices.ContainsFunc(lines, func(l recordLine) bool { return l.Kind == k.ID })
		})
}

// jointRecord returns a couple's joint record, newest first.
func (s *Server) jointRecord(ctx context.Context, couple couples.Couple, zone *time.Location) ([]recordLine, error) {
	listed, err := s.Sessions.ForCouple(ctx, couple)
	if err != nil {
		return nil, err
	}
	lines, err := s.standaloneLines(ctx, couple, "", zone)
	if err != nil {
		return nil, err
	}
	for _, l := range listed {
		lines = append(lines, s.progressLine(l, zone))
	}
	slices.SortStableFunc(lines, func(a, b recordLine) int { return b.at.Compare(a.at) })
	return lines, nil
}

// progressLine returns a session with the state of its note.
func (s *Server) progressLine(l sessions.Listed, zone *time.Location) recordLine {
	shown := s.sessionLine(l, zone)
	line := recordLine{
		Kind: sessions.ProgressNote, Name: cmp.Or(shown.Step, "Session"), When: shown.When, State: shown.State,
		Path: "/sessions/" + l.ID, Note: l.Note, at: l.When(), session: l.Session,
	}
	if shown.Note != "" {
		line.State, line.PDF = line.State+" · "+shown.Note, line.Path+"/note.pdf"
	}
	if shown.Running {
		line.Path += "/run"
	}
	return line
}

// standaloneLines returns the standalone notes in the individual file of the partner on a side, or
// in the joint record if side is "".
func (s *Server) standaloneLines(ctx context.Context, couple couples.Couple, side couples.Side, zone *time.Location) (
	[]recordLine, error,
) {
	listed, err := s.Sessions.StandaloneNotes(ctx, couple, side)
	if err != nil {
		return nil, err
	}
	lines := make([]recordLine, len(listed))
	for i, l := range listed {
		kind, _ := l.Kind.Info()
		path := standalonePath(couple, side, l.ID)
		lines[i] = recordLine{
			Kind: l.Kind, Name: kind.Name, When: web.Moment(l.HappenedAt, zone), Path: path, PDF: path + "/note.pdf",
			Note: "draft", at: l.HappenedAt, id: l.ID,
		}
		if l.SignedAt != nil {
			lines[i].Note = "signed"
		}
		lines[i].State = noteWords[lines[i].Note]
		if l.Addenda > 0 {
			lines[i].State += ", with addendum"
		}
	}
	return lines, nil
}

// printRecord prints a couple's signed joint notes as one PDF, oldest first, with a table of
// contents.
func (s *Server) printRecord(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	lines, err := s.jointRecord(c.Request.Context(), couple, web.LoginOf(c).Zone())
	if err != nil {
		return err
	}
	var sheets []pdf.Sheet
	unsigned := 0
	for _, l := range slices.Backward(lines) { // oldest first
		switch l.Note {
		case "signed":
			sheet, err := s.sheetOf(c, couple, l)
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
	return s.DownloadSigned(c, "record-"+couple.RecordNo+".pdf", recordSheet(couple, sheets, unsigned))
}

// sheetOf returns the signed note of a line of the joint record, for printing.
func (s *Server) sheetOf(c *gin.Context, couple couples.Couple, l recordLine) (pdf.Sheet, error) {
	if l.id != "" {
		note, err := s.Sessions.FindStandalone(c.Request.Context(), couple, "", l.id)
		if err != nil {
			return pdf.Sheet{}, err
		}
		return s.Sessions.SignedSheet(c.Request.Context(), note.Filing, note.Note)
	}
	l.session.Reader = couple.Reader
	note, err := s.Sessions.FindNote(c.Request.Context(), l.session)
	if err != nil {
		return pdf.Sheet{}, err
	}
	return s.SignedSheet(c, l.session, note)
}

// recordSheet combines the sheets of notes into one. Each note starts on a new page with its own
// heading and the hash of its content.
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
	record.Blocks = append(record.Blocks, records.Bound(notes)...)
	return record
}
