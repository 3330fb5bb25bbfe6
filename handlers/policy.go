package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
)

// policyView is the privacy policy as a partner reads and signs it, alone.
type policyView struct {
	base
	Policy   couples.Policy
	Texts    couples.PolicyTexts
	Wording  string
	Signed   bool
	Changed  bool // an earlier version was signed
	Name     string
	Problems fault.Fields
}

var policyPage = page[policyView]("my/policy.html")

func (s *server) showPolicy(c *gin.Context) error {
	return s.drawPolicy(c, http.StatusOK, "", nil)
}

func (s *server) drawPolicy(c *gin.Context, status int, name string, problems fault.Fields) error {
	couple, me, err := s.me(c)
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
	variant, texts := policy.Variant.ToSign(speaks(c), wording)
	policy.Variant = variant
	_, earlier := couple.LastSigned(me.Side)
	signed := couple.Policy().Signed(me.Side)
	return render(c, status, policyPage, policyView{
		base: pageBase(c, "What you write"), Policy: policy, Texts: texts, Wording: string(wording),
		Signed: signed, Changed: earlier && !signed, Name: name, Problems: problems,
	})
}

// wordingFor returns the wording in which a partner reads a policy: the one that they signed,
// and before that the one that their practice chose.
func (s *server) wordingFor(c *gin.Context, policy couples.Policy, side couples.Side) (couples.Wording, error) {
	signed := policy.SignedIn(side)
	if signed != "" {
		return couples.WordingIn(speaks(c), signed == couples.WithUsted), nil
	}
	practice, err := s.Accounts.FindPractice(c.Request.Context(), login(c).PracticeID)
	return couples.WordingIn(speaks(c), practice.Formal), err
}

type policyForm struct {
	Policy  string `form:"policy"`
	Wording string `form:"wording"` // in which it was read
	Name    string `form:"name"`
	Read    string `form:"read"`
}

func (s *server) signPolicy(c *gin.Context) error {
	couple, me, err := s.me(c)
	if err != nil {
		return err
	}
	form, err := bind[policyForm](c)
	if err != nil {
		return err
	}
	if form.Read != "yes" {
		return s.drawPolicy(c, http.StatusUnprocessableEntity, form.Name,
			fault.Fields{"read": "Please tick that you have read it."})
	}
	err = s.Couples.SignPolicy(c.Request.Context(), couple, me,
		couples.Signature{Policy: form.Policy, Wording: couples.Wording(form.Wording), Name: form.Name}, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawPolicy(c, http.StatusUnprocessableEntity, form.Name, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/my", "policy")
}

type variantForm struct {
	Variant string `form:"variant"`
}

// choosePolicy gives a couple another privacy policy; both sign it anew.
func (s *server) choosePolicy(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[variantForm](c)
	if err != nil {
		return err
	}
	if err := s.Couples.ChoosePolicy(c.Request.Context(), couple, form.Variant, s.Now()); err != nil {
		return err
	}
	return redirect(c, "/couples/"+couple.ID, "saved")
}
