package staff

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/fhir"
)

type libraryView struct {
	web.Base
	Groups []worksheetGroup
	Owns   []worksheets.Own
	Key    string
	Filter libraryFilter
	Steps  []sessions.Step

	Fillers, Privacies []tick // the options of the filter
}

// A libraryFilter selects worksheets of the library. An empty field matches all.
type libraryFilter struct {
	Words, Step, FilledBy, Privacy string
}

// ticks returns values as options in their order, with the chosen one selected.
func ticks[T ~string](words map[T]string, chosen string, values ...T) []tick {
	list := make([]tick, len(values))
	for i, v := range values {
		list[i] = tick{string(v), words[v], string(v) == chosen}
	}
	return list
}

// IsSet reports whether the filter has any condition.
func (f libraryFilter) IsSet() bool { return f != libraryFilter{} }

// fits reports whether a worksheet of a step matches the filter.
func (f libraryFilter) fits(step string, line worksheetLine) bool {
	text := strings.ToLower(line.Title + " " + line.Purpose)
	for word := range strings.FieldsSeq(strings.ToLower(f.Words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return (f.Step == "" || f.Step == step) && (f.FilledBy == "" || f.FilledBy == string(line.For)) &&
		(f.Privacy == "" || f.Privacy == string(line.PrivacyID))
}

var libraryPage = web.NewPage[libraryView]("staff/library/list.html")

func (s *Server) showLibrary(c *gin.Context) error {
	owns, err := s.Worksheets.Owns(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	filter := libraryFilter{c.Query("find"), c.Query("step"), c.Query("filled"), c.Query("privacy")}
	return web.Render(c, http.StatusOK, libraryPage, libraryView{
		Base: web.PageBase(c, "Library"), Groups: s.catalogueGroups(filter), Owns: owns, Key: rand.Text(),
		Filter: filter, Steps: s.Sessions.Method().Steps,
		Fillers: ticks(filledBy, filter.FilledBy, worksheets.Each, worksheets.ByHurt, worksheets.ByBroke,
			worksheets.Joint, worksheets.WithCounselor),
		Privacies: ticks(privacyWords, filter.Privacy, worksheets.Private, worksheets.OnRelease, worksheets.OnSubmit),
	})
}

type worksheetView struct {
	web.Base
	Worksheet worksheets.Definition
	Line      worksheetLine
	Blocks    []pdf.Block
	Own       bool
	Key       string
	Languages []*i18n.Language // languages besides English in which it can be printed

	Misprinted []string // words that a PDF cannot print as typed
}

var worksheetPage = web.NewPage[worksheetView]("staff/library/show.html")

// showWorksheet shows a worksheet of the library. A path that ends in .pdf prints it blank in the
// language of the query; .yaml and .fhir.json download it as a file.
func (s *Server) showWorksheet(c *gin.Context) error {
	id, kind, _ := strings.Cut(c.Param("worksheet"), ".")
	d, err := s.Worksheets.Find(c.Request.Context(), web.LoginOf(c).PracticeID, id)
	if err != nil {
		return err
	}
	switch kind {
	case "":
		sheet := s.blank(d, worksheets.PrintSetup{})
		view := worksheetView{
			Base: web.PageBase(c, d.Title), Worksheet: d, Line: worksheetLineOf(d), Blocks: sheet.Blocks,
			Misprinted: sheet.Misprinted(),
			Own:        worksheets.IsOwn(id), Key: rand.Text(),
		}
		if d.Portal && !view.Own {
			view.Languages = i18n.Offered[1:]
		}
		return web.Render(c, http.StatusOK, worksheetPage, view)
	case "pdf":
		paper, err := s.printSetup(c)
		if err != nil {
			return err
		}
		return web.Download(c, "worksheet.pdf", s.blank(d, paper))
	case "yaml":
		return web.HandOut(c, id+".yaml", "application/yaml", d.Source)
	case "fhir.json":
		return web.HandOut(c, id+".fhir.json", "application/fhir+json", fhir.Export(d))
	}
	return fault.NotFound
}

// exportAnswers sends the answers of an assignment as FHIR.
func (s *Server) exportAnswers(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	readings, err := s.Worksheets.Read(c.Request.Context(), couple, id)
	if err != nil {
		return err
	}
	var responses [][]byte
	for _, r := range readings {
		if r.Readable() && r.Sent() {
			responses = append(responses, fhir.ExportAnswers(r.Worksheet, r.Worksheet.Keep(r.Role, r.Values), *r.SentAt))
		}
	}
	if len(responses) == 0 {
		return fault.NotFound
	}
	return web.HandOut(c, "answers.fhir.json", "application/fhir+json", fhir.Bundle(responses))
}
