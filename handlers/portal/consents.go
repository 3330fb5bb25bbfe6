package portal

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/couples/consents"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/pdf"
)

// myConsentsView lists what a partner was given to read and sign, the privacy policy, and the
// disclosures of their record.
type myConsentsView struct {
	web.Base
	List        []homework.ConsentLine
	Policy      string // when it was signed, "" if unsigned
	Permissions []homework.ConsentLine
	Disclosures []disclosureLine
}

var myConsentsPage = web.NewPage[myConsentsView]("portal/consents.html")

// myConsents returns the consents given to a partner, without those that were canceled.
func (s *Server) myConsents(c *gin.Context, couple couples.Couple, me couples.Partner) ([]consents.Consent, error) {
	list, err := s.Consents.List(c.Request.Context(), couple, me)
	return slices.DeleteFunc(list, func(c consents.Consent) bool { return c.State() == consents.Canceled }), err
}

func (s *Server) showMyConsents(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	list, err := s.myConsents(c, couple, me)
	if err != nil {
		return err
	}
	view := myConsentsView{Base: web.PageBase(c, "consent.title"), List: homework.ConsentLines(c, list)}
	asked, err := s.Records.Authorizations(c.Request.Context(), couple, me)
	if err != nil {
		return err
	}
	view.Permissions = homework.AuthorizationLines(c, asked)
	released, err := s.Records.Disclosures(c.Request.Context(), couple, me)
	if err != nil {
		return err
	}
	view.Disclosures = disclosureLines(c, released)
	signed, ok, err := s.Couples.SignedPolicy(c.Request.Context(), couple, me)
	if err != nil {
		return err
	}
	if ok {
		view.Policy = web.Date(c, signed.SignedAt.In(web.LoginOf(c).Zone()), "date.day")
	}
	return web.Render(c, http.StatusOK, myConsentsPage, view)
}

// myConsentView is a form to read and sign, decline or withdraw.
type myConsentView struct {
	web.Base
	Path        string
	Title       string
	Language    string
	Hash        string
	Blocks      []pdf.Block
	State       consents.State
	When        string
	Name        string // as signed, or as typed so far
	Key         string
	MaySign     bool
	MayWithdraw bool
	Problems    fault.Fields
}

var myConsentPage = web.NewPage[myConsentView]("portal/consent.html")

// myConsent returns the consent that the path names.
func (s *Server) myConsent(c *gin.Context) (consents.Consent, error) {
	couple, me, err := s.Me(c)
	if err != nil {
		return consents.Consent{}, err
	}
	consent, err := s.Consents.Find(c.Request.Context(), couple, me, c.Param("consent"))
	if err == nil && consent.State() == consents.Canceled {
		err = fault.NotFound
	}
	return consent, err
}

func (s *Server) showMyConsent(c *gin.Context) error {
	return s.drawMyConsent(c, http.StatusOK, "", nil)
}

func (s *Server) drawMyConsent(c *gin.Context, status int, name string, problems fault.Fields) error {
	consent, err := s.myConsent(c)
	if err != nil {
		return err
	}
	words, tag := consent.Read(web.Speaks(c))
	view := myConsentView{
		Base: web.PageBase(c, "consent.form"), Path: "/my/consents/" + consent.ID, Title: words.Title, Language: tag,
		Hash: words.Hash(), Blocks: words.Blocks(), State: consent.State(), Name: name, Key: rand.Text(), Problems: problems,
		When: web.Date(c, consent.Day(web.LoginOf(c).Zone()), "date.day"),
	}
	view.MaySign = view.State == consents.Open || view.State == consents.Declined
	view.MayWithdraw = view.State == consents.Signed
	if signature, ok := consent.Signature(); ok {
		view.Name = signature.Name
	}
	return web.Render(c, status, myConsentPage, view)
}

type myConsentForm struct {
	Answer string `form:"answer"`
	Name   string `form:"name"`
	Read   string `form:"read"`
	Hash   string `form:"hash"`
	Key    string `form:"key"`
}

// replyToConsent signs, declines or withdraws the form that the path names.
func (s *Server) replyToConsent(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	id := c.Param("consent")
	return s.replyToForm(c, "/my/consents/"+id, s.drawMyConsent, func(form myConsentForm) error {
		return s.Consents.Reply(c.Request.Context(), couple, me, consents.Reply{
			Consent: id, Answer: consents.State(form.Answer), Name: form.Name, TextHash: form.Hash,
			Zone: web.LoginOf(c).Zone().String(), FormKey: form.Key,
		}, s.Now())
	})
}

// replyToForm stores a partner's reply to the form at path. If it fails, it renders the form again
// with the problems and the name as typed.
func (s *Server) replyToForm(c *gin.Context, path string,
	draw func(c *gin.Context, status int, name string, problems fault.Fields) error, reply func(myConsentForm) error,
) error {
	form, err := web.Bind[myConsentForm](c)
	if err != nil {
		return err
	}
	if form.Answer == string(consents.Signed) && form.Read != "yes" {
		return draw(c, http.StatusUnprocessableEntity, form.Name, fault.Fields{"read": "error.confirm_read"})
	}
	err = reply(form)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return draw(c, http.StatusUnprocessableEntity, form.Name, problems)
	}
	if errors.Is(err, fault.Conflict) {
		return draw(c, http.StatusConflict, form.Name,
			fault.Fields{"main": "error.form_changed"})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, path, "saved")
}

func (s *Server) printMyConsent(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	return s.DownloadConsent(c, couple, me, c.Param("consent"))
}

func (s *Server) printMyPolicy(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	return s.DownloadPolicy(c, couple, me)
}
