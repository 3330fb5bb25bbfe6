package staff

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/surface"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/vault"
	"mend/records"
)

// releaseView previews what would be released for a request.
type releaseView struct {
	web.Base
	Partner  couples.Partner
	Request  records.Request
	Info     records.CapacityInfo
	Own      []records.Piece
	Joint    []records.Piece
	Lacks    map[string]bool // names of the parts whose legal basis is missing
	IsLaw    bool            // the form asks for a legal basis instead of an override
	Seen     string
	Form     releaseForm
	Problems fault.Fields
}

type releaseForm struct {
	Seen   string `form:"seen"`
	Reason string `form:"reason"`
	Data   string `form:"data"`
}

var releasePage = web.NewPage[releaseView]("staff/partners/release.html")

func (s *Server) showRelease(c *gin.Context) error {
	return s.drawRelease(c, http.StatusOK, releaseForm{}, nil)
}

func (s *Server) drawRelease(c *gin.Context, status int, form releaseForm, problems fault.Fields) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	v, err := s.Records.Preview(c.Request.Context(), couple, p, c.Param("request"), s.Now())
	if err != nil {
		return err
	}
	if !v.Request.IsOpen() {
		return web.Redirect(c, "/partners/"+p.ID+"/requests/"+v.Request.ID, "")
	}
	info, _ := v.Request.Capacity.Info()
	view := releaseView{
		Base: web.PageBase(c, "Release records"), Partner: p, Request: v.Request, Info: info, Seen: v.Seen, Form: form,
		Problems: problems, Lacks: map[string]bool{}, IsLaw: info.Own == records.ByLaw,
	}
	for _, piece := range v.Pieces {
		if piece.Part == records.Own {
			view.Own = append(view.Own, piece)
		} else {
			view.Joint = append(view.Joint, piece)
		}
	}
	for _, part := range v.Lacking {
		view.Lacks[string(part)] = true
	}
	return web.Render(c, status, releasePage, view)
}

// printPreview sends what would be released, marked as a draft.
func (s *Server) printPreview(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	v, err := s.Records.Preview(c.Request.Context(), couple, p, c.Param("request"), s.Now())
	if err != nil {
		return err
	}
	v.Sheet.Draft = true
	return web.Download(c, "preview.pdf", v.Sheet)
}

// release creates the release.
func (s *Server) release(c *gin.Context) error {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[releaseForm](c)
	if err != nil {
		return err
	}
	id := c.Param("request")
	err = s.Records.Release(c.Request.Context(), couple, p, records.Decision{
		Request: id, Seen: form.Seen, Reason: form.Reason, WithData: form.Data == "yes",
	}, s.Now())
	if status, problems := formProblems(err); status == http.StatusConflict {
		return s.drawRelease(c, status, form, fault.Fields{"main": "The record or an authorization changed since you " +
			"opened this page. Nothing was sent. Look at the preview again."})
	} else if problems != nil {
		return s.drawRelease(c, status, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/partners/"+p.ID+"/requests/"+id, "released")
}

// downloadRelease sends the released PDF, the same bytes each time.
func (s *Server) downloadRelease(c *gin.Context) error {
	file, _, err := s.releasedFile(c)
	if err != nil {
		return err
	}
	return web.HandOut(c, "records.pdf", "application/pdf", file)
}

// downloadReleaseData sends the data released with the PDF.
func (s *Server) downloadReleaseData(c *gin.Context) error {
	_, data, err := s.releasedFile(c)
	if err == nil && len(data) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	return web.HandOut(c, "records.zip", "application/zip", data)
}

func (s *Server) releasedFile(c *gin.Context) (file, data []byte, err error) {
	couple, p, err := s.partnerInPath(c)
	if err != nil {
		return nil, nil, err
	}
	return s.Records.File(c.Request.Context(), couple, p, c.Param("request"))
}

// recordMaterials lists what a release may contain.
var recordMaterials = [][]vault.Material{
	web.CoupleMaterials, web.FileMaterials, web.ConsentMaterials, web.PageMaterials, web.NoteMaterials,
	web.PlanMaterials,
}

// releaseRoutes returns the routes of one partner's record requests and their releases.
func (s *Server) releaseRoutes() []web.Route {
	reads := web.Counselor.MayRead(recordMaterials...).NeedsReauthentication()
	return []web.Route{
		web.Get("/partners/:partner/requests", surface.Staff, reads, s.showRequests),
		web.Post("/partners/:partner/requests", surface.Staff, reads, s.enterRequest),
		web.Get("/partners/:partner/requests/:request", surface.Staff, reads, s.showRequest),
		web.Post("/partners/:partner/requests/:request", surface.Staff, reads, s.actOnRequest),
		web.Get("/partners/:partner/requests/:request/release", surface.Staff, reads, s.showRelease),
		web.Post("/partners/:partner/requests/:request/release", surface.Staff, reads, s.release),
		web.Get("/partners/:partner/requests/:request/preview.pdf", surface.Staff, reads.IsDownload(), s.printPreview),
		web.Get("/partners/:partner/requests/:request/records.pdf", surface.Staff, reads.IsDownload(), s.downloadRelease),
		web.Get("/partners/:partner/requests/:request/records.zip", surface.Staff, reads.IsDownload(),
			s.downloadReleaseData),
		web.Get("/partners/:partner/released.pdf", surface.Staff,
			web.Counselor.MayRead(web.CoupleMaterials, web.ConsentMaterials).IsDownload(), s.printDisclosures),
	}
}
