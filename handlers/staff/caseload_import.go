package staff

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/records/caseload"
)

// uploadView is the page on which a counselor uploads an existing caseload.
type uploadView struct {
	web.Base
	Problems fault.Fields
}

var uploadPage = web.NewPage[uploadView]("staff/couples/upload.html")

func (s *Server) showUpload(c *gin.Context) error { return s.askUpload(c, http.StatusOK, nil) }

func (s *Server) askUpload(c *gin.Context, status int, problems fault.Fields) error {
	return web.Render(c, status, uploadPage, uploadView{web.PageBase(c, "Import couples"), problems})
}

func (s *Server) uploadCaseload(c *gin.Context) error {
	file, err := web.Uploaded(c, "file", caseload.MaxBytes)
	if err != nil {
		return err
	}
	if file == nil {
		return s.askUpload(c, http.StatusUnprocessableEntity, fault.Fields{"file": "Choose a CSV file."})
	}
	l := web.LoginOf(c)
	id, err := s.Caseload.Upload(c.Request.Context(), l.PracticeID, l.CounselorID, file, s.Now())
	if status, problems := formProblems(err); problems != nil {
		return s.askUpload(c, status, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/import/"+id, "")
}

func (s *Server) downloadSample(c *gin.Context) error {
	return web.HandOut(c, "sample.csv", "text/csv; charset=utf-8", []byte(caseload.Sample))
}

// importedView shows an uploaded file before and after its import.
type importedView struct {
	web.Base
	Import   caseload.Import
	Imported []caseload.Column // the file's columns
	Ignored  []caseload.Column
	CanUndo  bool
	Until    string
	Also     []string // the duplicates that were ticked
	Problems fault.Fields
}

var importedPage = web.NewPage[importedView]("staff/couples/import.html")

func (s *Server) showCaseloadImport(c *gin.Context) error {
	return s.drawCaseloadImport(c, http.StatusOK, nil, nil)
}

func (s *Server) drawCaseloadImport(c *gin.Context, status int, also []string, problems fault.Fields) error {
	l := web.LoginOf(c)
	i, err := s.Caseload.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("import"), s.Now())
	if err != nil {
		return err
	}
	view := importedView{
		Base: web.PageBase(c, "Import couples"), Import: i, CanUndo: i.CanUndo(s.Now()), Also: also, Problems: problems,
	}
	ignored := func(c caseload.Column) bool { return c.Field == "" }
	view.Imported = slices.DeleteFunc(slices.Clone(i.File.Columns), ignored)
	view.Ignored = slices.DeleteFunc(slices.Clone(i.File.Columns), func(c caseload.Column) bool { return !ignored(c) })
	if i.ImportedAt != nil {
		view.Until = web.Moment(i.ImportedAt.Add(caseload.Kept), l.Zone())
	}
	return web.Render(c, status, importedPage, view)
}

// Ticked reports whether the duplicate of a row was ticked.
func (v importedView) Ticked(row string) bool { return slices.Contains(v.Also, row) }

type importCouplesForm struct {
	Also []string `form:"also"`
}

func (s *Server) importCaseload(c *gin.Context) error {
	form, err := web.Bind[importCouplesForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	id := c.Param("import")
	err = s.Caseload.Run(c.Request.Context(), l.PracticeID, l.CounselorID, id, form.Also, s.Now())
	if status, problems := formProblems(err); problems != nil {
		return s.drawCaseloadImport(c, status, form.Also, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/import/"+id, "")
}

func (s *Server) undoCaseloadImport(c *gin.Context) error {
	if _, err := web.Bind[struct{}](c); err != nil {
		return err
	}
	l := web.LoginOf(c)
	id := c.Param("import")
	err := s.Caseload.Undo(c.Request.Context(), l.PracticeID, l.CounselorID, id, s.Now())
	if _, problems := formProblems(err); problems != nil {
		return s.drawCaseloadImport(c, http.StatusConflict, nil,
			fault.Fields{"main": "This import can’t be undone anymore. Nothing was changed."})
	}
	if err != nil {
		return err
	}
	if s.OnErased != nil {
		if err := s.OnErased(c.Request.Context()); err != nil {
			return err
		}
	}
	return web.Redirect(c, "/couples/import/"+id, "")
}
