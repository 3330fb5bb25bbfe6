package staff

import (
	"archive/zip"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
)

// dataView holds the page for importing and exporting a caseload.
type dataView struct{ web.Base }

var dataPage = web.NewPage[dataView]("staff/settings/data.html")

func (s *Server) showData(c *gin.Context) error {
	return web.Render(c, http.StatusOK, dataPage, dataView{web.PageBase(c, "Your data")})
}

// exportCaseload streams the counselor’s caseload as a ZIP file.
func (s *Server) exportCaseload(c *gin.Context) error {
	l := web.LoginOf(c)
	name := "mend-" + s.Now().In(l.Zone()).Format(time.DateOnly) + ".zip"
	return web.Stream(c, name, "application/zip", func(w io.Writer, step func() error) error {
		to := zip.NewWriter(w)
		if err := s.Export.Write(c.Request.Context(), to, l.PracticeID, l.CounselorID, l.Zone(), step); err != nil {
			return err
		}
		return to.Close()
	})
}
