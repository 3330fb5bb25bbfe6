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
	policy.Variant = policy.Variant.In(speaks(c))
	_, earlier := couple.LastSigned(me.Side)
	signed := couple.Policy().Signed(me.Side)
	return render(c, status, policyPage, policyView{
		base: top(c, "What you write"), Policy: policy, Texts: couples.PoliciesIn(speaks(c)),
		Signed: signed, Changed: earlier && !signed, Name: name, Problems: problems,
	})
}

type policyForm struct {
	Policy string `form:"policy"`
	Name   string `form:"name"`
	Read   string `form:"read"`
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
	err = s.Couples.SignPolicy(c.Request.Context(), couple, me, form.Policy, form.Name, s.Now())
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
