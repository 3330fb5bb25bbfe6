package staff

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/worksheets"
	"mend/worksheets/fhir"
)

// importView holds the page on which a worksheet is imported from a file.
type importView struct {
	web.Base
	Form    importForm
	Problem string
	Read    *worksheets.Definition // the file's worksheet, to be confirmed
	Lost    []fhir.Loss
	Score   string // label of the score
	Kept    bool   // it asks about danger, so the counselor goes through it with each partner alone
}

type importForm struct {
	Text string `form:"text"`
	Do   string `form:"do"` // "look" or "take"
	Key  string `form:"key"`
}

var importPage = web.NewPage[importView]("staff/library/import.html")

func (s *Server) showImport(c *gin.Context) error {
	return web.Render(c, http.StatusOK, importPage,
		importView{Base: web.PageBase(c, "Import a worksheet"), Form: importForm{Key: rand.Text()}})
}

// importWorksheet previews a file and lists what the import will lose; confirming it creates a draft.
func (s *Server) importWorksheet(c *gin.Context) error {
	form, err := web.Bind[importForm](c)
	if err != nil {
		return err
	}
	view := importView{Base: web.PageBase(c, "Import a worksheet"), Form: form}
	d, lost, err := readFile(form.Text)
	if err != nil {
		problem := err.Error()
		if unreadable, ok := errors.AsType[worksheets.UnreadableError](err); ok {
			problem = unreadable.Plain()
		}
		view.Problem = "This file can’t be imported: " + problem + "."
		return web.Render(c, http.StatusUnprocessableEntity, importPage, view)
	}
	view.Kept = d.Portal && d.AsksAboutDanger()
	d = d.Imported()
	if form.Do != "take" {
		view.Read, view.Lost = &d, lost
		if d.Score != nil {
			view.Score = d.Score.Label
		}
		return web.Render(c, http.StatusOK, importPage, view)
	}
	l := web.LoginOf(c)
	id, err := s.Worksheets.MakeOwn(c.Request.Context(), l.PracticeID, l.CounselorID, d,
		worksheets.Definition{}, form.Key, s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, "/library/own/"+id, "")
}

// readFile decodes Mend's YAML or FHIR JSON.
func readFile(text string) (worksheets.Definition, []fhir.Loss, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return fhir.Import([]byte(text), worksheets.NewOwnID())
	}
	d, err := worksheets.DecodeDefinition([]byte(text))
	return d, nil, err
}
