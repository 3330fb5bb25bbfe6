package staff

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples/consents"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
)

// consentFormsView lists the practice’s forms.
type consentFormsView struct {
	web.Base
	Forms    []consents.Form
	Drafts   []consents.Draft
	Key      string
	Problems fault.Fields
}

var consentFormsPage = web.NewPage[consentFormsView]("staff/settings/consents.html")

func (s *Server) showConsentForms(c *gin.Context) error {
	return s.drawConsentForms(c, http.StatusOK, nil)
}

func (s *Server) drawConsentForms(c *gin.Context, status int, problems fault.Fields) error {
	forms, err := s.Consents.Forms(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	return web.Render(c, status, consentFormsPage, consentFormsView{
		Base: web.PageBase(c, "Consent forms"), Forms: forms, Drafts: consents.Drafts(), Key: rand.Text(),
		Problems: problems,
	})
}

type makeConsentForm struct {
	Kind string `form:"kind"`
	Key  string `form:"key"`
}

func (s *Server) makeConsentForm(c *gin.Context) error {
	form, err := web.Bind[makeConsentForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	id, err := s.Consents.MakeForm(c.Request.Context(), l.PracticeID, l.CounselorID, consents.Kind(form.Kind), form.Key)
	if status, problems := formProblems(err); problems != nil {
		return s.drawConsentForms(c, status, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/consents/"+id, "")
}

// consentFormView is the draft of a form, with its published version.
type consentFormView struct {
	web.Base
	Form      consents.Form
	Published *publishedForm
	Problems  fault.Fields
}

// publishedForm is the version in use.
type publishedForm struct {
	Number           int
	When             string
	English, Spanish []pdf.Block
	Changed          bool // the draft differs from the published version
}

var consentFormPage = web.NewPage[consentFormView]("staff/settings/consent.html")

func (s *Server) showConsentForm(c *gin.Context) error {
	f, err := s.Consents.FindForm(c.Request.Context(), web.LoginOf(c).PracticeID, c.Param("form"))
	if err != nil {
		return err
	}
	return s.drawConsentForm(c, http.StatusOK, f, nil)
}

func (s *Server) drawConsentForm(c *gin.Context, status int, f consents.Form, problems fault.Fields) error {
	view := consentFormView{Base: web.PageBase(c, "Consent form"), Form: f, Problems: problems}
	versions, err := s.Consents.Versions(c.Request.Context(), web.LoginOf(c).PracticeID, f.ID)
	if err != nil {
		return err
	}
	if len(versions) > 0 {
		v := versions[0]
		view.Published = &publishedForm{
			Number: v.Number, When: web.Moment(v.PublishedAt, web.LoginOf(c).Zone()), English: v.English().Blocks(),
			Spanish: v.Spanish().Blocks(), Changed: v.English() != f.English() || v.Spanish() != f.Spanish(),
		}
	}
	return web.Render(c, status, consentFormPage, view)
}

type saveConsentForm struct {
	Title   string `form:"title"`
	Text    string `form:"text"`
	TitleES string `form:"title_es"`
	TextES  string `form:"text_es"`
	Base    int    `form:"base"`
	Do      string `form:"do"`
}

// saveConsentForm saves the draft and then, depending on the button, publishes the form or retires
// it.
func (s *Server) saveConsentForm(c *gin.Context) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	stored, err := s.Consents.FindForm(ctx, l.PracticeID, c.Param("form"))
	if err != nil {
		return err
	}
	form, err := web.Bind[saveConsentForm](c)
	if err != nil {
		return err
	}
	if form.Do == "retire" {
		if err := s.Consents.Retire(ctx, l.PracticeID, stored.ID, s.Now()); err != nil {
			return err
		}
		return web.Redirect(c, "/settings/consents", "saved")
	}
	f := stored
	f.Title, f.TitleES = strings.TrimSpace(form.Title), strings.TrimSpace(form.TitleES)
	f.Text, f.TextES, f.Revision = web.UnixLines(form.Text), web.UnixLines(form.TextES), form.Base
	did := "saved"
	if err = s.Consents.SaveForm(ctx, l.PracticeID, f); err == nil {
		f.Revision++
		if form.Do == "publish" {
			did, err = "form published", s.Consents.Publish(ctx, l.PracticeID, l.CounselorID, f.ID, f.Revision, s.Now())
		}
	}
	if status, problems := formProblems(err); problems != nil {
		if status == http.StatusConflict {
			f.Revision = stored.Revision
		}
		return s.drawConsentForm(c, status, f, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/consents/"+f.ID, did)
}
