package staff

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

type breachForm struct {
	Name  string   `form:"breach.0.name"`
	Broke string   `form:"breach.0.broke"`
	Kinds []string `form:"breach.0.kinds"`
}

func (s *Server) addBreach(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[breachForm](c)
	if err != nil {
		return err
	}
	b := breach(form.Name, form.Broke, form.Kinds)
	return s.changedCouple(c, couple, form.Name, s.Couples.AddBreach(c.Request.Context(), couple, &b, s.Now()))
}

// changedCouple redirects to the couple's page after a change, or renders it with the problems and
// what was typed.
func (s *Server) changedCouple(c *gin.Context, couple couples.Couple, typed string, err error) error {
	problems, ok := errors.AsType[fault.Fields](err)
	if !ok && err != nil {
		return err
	}
	if !ok {
		return web.Redirect(c, "/couples/"+couple.ID, "added")
	}
	view, err := s.CoupleView(c, couple)
	if err != nil {
		return err
	}
	view.Problems, view.Typed = problems, typed
	return web.Render(c, http.StatusUnprocessableEntity, CouplePage, view)
}

type goalForm struct {
	Goal string `form:"goal"`
	Key  string `form:"key"`
}

func (s *Server) addGoal(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[goalForm](c)
	if err != nil {
		return err
	}
	return s.changedCouple(c, couple, form.Goal,
		s.Couples.AddGoal(c.Request.Context(), couple, form.Goal, form.Key, s.Now()))
}

func (s *Server) retireGoal(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	if err := s.Couples.RetireGoal(c.Request.Context(), couple, c.Param("goal"), s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID, "saved")
}

type inviteForm struct {
	Partner string `form:"partner"`
	Last    string `form:"last"` // the partner's latest invitation when the page was shown
}

// errInvited means that a code was created since the page was shown, as when its answer is reloaded:
// another one would replace the code that was just handed out.
var errInvited = fault.Fields{
	"partners": "A code was just created, and it still works. If you need another one, replace it under “Partners.”",
}

// invite creates an invitation and shows its code once. It responds to the POST directly because a
// redirect would have to carry the code.
func (s *Server) invite(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[inviteForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	if err := s.Couples.MayInvite(c.Request.Context(), couple); err != nil {
		return s.refuse(c, couple, err)
	}
	for _, p := range couple.Partners {
		if p.ID != form.Partner || p.Erased {
			continue
		}
		invited, err := s.Accounts.LastInvitations(c.Request.Context(), l.PracticeID, []string{p.ID})
		if err != nil {
			return err
		}
		if last := invited[p.ID]; last.Waits(s.Now()) && last.ID != form.Last {
			return s.refuse(c, couple, errInvited)
		}
		code, err := s.Accounts.InviteIf(c.Request.Context(), l.PracticeID, p.ID, couple.StaysOpen, s.Now())
		if err != nil && !errors.Is(err, accounts.ErrUnreviewed) {
			return s.refuse(c, couple, err)
		}
		return s.showInvitation(c, couple, p, code)
	}
	return fault.NotFound
}

// refuse renders the couple's page with the problems of a form on it.
func (s *Server) refuse(c *gin.Context, couple couples.Couple, refused error) error {
	problems, ok := errors.AsType[fault.Fields](refused)
	if !ok {
		return refused
	}
	view, err := s.CoupleView(c, couple)
	if err != nil {
		return err
	}
	view.Problems = problems
	return web.Render(c, http.StatusUnprocessableEntity, CouplePage, view)
}

// showInvitation shows the code or, without one, what has to be done first.
func (s *Server) showInvitation(c *gin.Context, couple couples.Couple, p couples.Partner, code string) error {
	view, err := s.CoupleView(c, couple)
	if err != nil {
		return err
	}
	if code == "" {
		view.Unreviewed = true
		return web.Render(c, http.StatusUnprocessableEntity, CouplePage, view)
	}
	qr, err := web.DrawQR(s.URL + "/join#" + code)
	if err != nil {
		return err
	}
	invited, err := s.Accounts.LastInvitations(c.Request.Context(), couple.PracticeID, []string{p.ID})
	if err != nil {
		return err
	}
	last := invited[p.ID]
	view.Invitation = &invitationView{
		For: p.AddressAs, Code: code, Address: s.URL + "/join", QR: qr,
		Expires: expiryText(last.ExpiresAt, view.Login.Zone()),
	}
	if last.OpensAt != nil {
		view.Invitation.Opens = expiryText(*last.OpensAt, view.Login.Zone())
	}
	return web.Render(c, http.StatusOK, CouplePage, view)
}

type variantForm struct {
	Variant string `form:"variant"`
}

// choosePolicy gives a couple a different privacy policy, which both must sign.
func (s *Server) choosePolicy(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[variantForm](c)
	if err != nil {
		return err
	}
	if err := s.Couples.ChoosePolicy(c.Request.Context(), couple, form.Variant, s.Now()); err != nil {
		return s.refuse(c, couple, err)
	}
	return web.Redirect(c, "/couples/"+couple.ID, "saved")
}

// partnerForm holds the fields of a partner's form besides their details.
type partnerForm struct {
	Version string `form:"version"` // of what the form showed; "" if it was opened before an update
}

// detailsChanged says that a partner's details were changed since a form showed them, and what is
// saved now.
func detailsChanged(now couples.Partner) error {
	details := []string{now.Name, now.AddressAs, now.Reach}
	details = slices.DeleteFunc(details, func(s string) bool { return s == "" })
	return fault.Fields{"main": i18n.Plain("These details were changed since you opened this page, so nothing was saved "+
		"yet. Saved now: “%s”. Compare, then save again.", strings.Join(details, " · "))}
}

func (s *Server) savePartner(c *gin.Context) error {
	l := web.LoginOf(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	if err := readPartner(c, "", &p); err != nil {
		return err
	}
	form, err := web.Bind[partnerForm](c)
	if err != nil {
		return err
	}
	p = withPreferredName(p)
	if form.Version != "" && form.Version != couple.Partner(p.Side).Version() {
		err = detailsChanged(couple.Partner(p.Side))
	} else {
		err = s.Couples.SavePartner(c.Request.Context(), couple, p)
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askFile(c, http.StatusUnprocessableEntity, couple, p, fileAgain{problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/partners/"+p.ID+"/file", "saved")
}
