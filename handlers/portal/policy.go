package portal

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// policyView is the privacy policy that a partner reads and signs alone.
type policyView struct {
	web.Base
	Policy   couples.Policy
	Texts    couples.PolicyTexts
	Wording  string
	Signed   bool
	Changed  bool // an earlier version was signed
	Name     string
	Problems fault.Fields
}

var policyPage = web.NewPage[policyView]("portal/policy.html")

func (s *Server) showPolicy(c *gin.Context) error {
	return s.drawPolicy(c, http.StatusOK, "", nil)
}

func (s *Server) drawPolicy(c *gin.Context, status int, name string, problems fault.Fields) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	policy := couple.Policy()
	if policy.ID == "" {
		return fault.NotFound
	}
	wording, err := s.wordingFor(c, policy, me.Side)
	if err != nil {
		return err
	}
	variant, texts := policy.Variant.ToSign(web.Speaks(c), wording)
	policy.Variant = variant
	_, earlier := couple.LastSigned(me.Side)
	signed := couple.Policy().Signed(me.Side)
	return web.Render(c, status, policyPage, policyView{
		Base: web.PageBase(c, "How your answers are handled"), Policy: policy, Texts: texts, Wording: string(wording),
		Signed: signed, Changed: earlier && !signed, Name: name, Problems: problems,
	})
}

// wordingFor returns the wording in which a partner reads a policy: the one they signed or, before
// they sign, the one their practice chose.
func (s *Server) wordingFor(c *gin.Context, policy couples.Policy, side couples.Side) (couples.Wording, error) {
	signed := policy.SignedIn(side)
	if signed != "" {
		return couples.WordingIn(web.Speaks(c), signed == couples.WithUsted), nil
	}
	practice, err := s.Accounts.FindPractice(c.Request.Context(), web.LoginOf(c).PracticeID)
	return couples.WordingIn(web.Speaks(c), practice.Formal), err
}

type policyForm struct {
	Policy  string `form:"policy"`
	Wording string `form:"wording"` // the wording that was shown
	Name    string `form:"name"`
	Read    string `form:"read"`
}

func (s *Server) signPolicy(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[policyForm](c)
	if err != nil {
		return err
	}
	if form.Read != "yes" {
		return s.drawPolicy(c, http.StatusUnprocessableEntity, form.Name,
			fault.Fields{"read": "error.confirm_read"})
	}
	err = s.Couples.SignPolicy(c.Request.Context(), couple, me,
		couples.Signature{Policy: form.Policy, Wording: couples.Wording(form.Wording), Name: form.Name}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawPolicy(c, http.StatusUnprocessableEntity, form.Name, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/my", "policy")
}
