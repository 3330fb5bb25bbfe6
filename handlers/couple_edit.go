package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
)

type breachForm struct {
	Name  string   `form:"breach.0.name"`
	Broke string   `form:"breach.0.broke"`
	Kinds []string `form:"breach.0.kinds"`
}

func (s *server) addBreach(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[breachForm](c)
	if err != nil {
		return err
	}
	b := breach(form.Name, form.Broke, form.Kinds)
	return s.changedCouple(c, couple, form.Name, s.Couples.AddBreach(c.Request.Context(), couple, &b, s.Now()))
}

// changedCouple shows the couple again: after a change, or with what was wrong
// and what was typed.
func (s *server) changedCouple(c *gin.Context, couple couples.Couple, typed string, err error) error {
	problems, ok := errors.AsType[fault.Fields](err)
	if !ok && err != nil {
		return err
	}
	if !ok {
		return redirect(c, "/couples/"+couple.ID, "added")
	}
	view, err := s.coupleView(c, couple)
	if err != nil {
		return err
	}
	view.Problems, view.Typed = problems, typed
	return render(c, http.StatusUnprocessableEntity, couplePage, view)
}

type goalForm struct {
	Goal string `form:"goal"`
	Key  string `form:"key"`
}

func (s *server) addGoal(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[goalForm](c)
	if err != nil {
		return err
	}
	return s.changedCouple(c, couple, form.Goal,
		s.Couples.AddGoal(c.Request.Context(), couple, form.Goal, form.Key, s.Now()))
}

func (s *server) retireGoal(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	if err := s.Couples.RetireGoal(c.Request.Context(), couple, c.Param("goal"), s.Now()); err != nil {
		return err
	}
	return redirect(c, "/couples/"+couple.ID, "saved")
}

type inviteForm struct {
	Partner string `form:"partner"`
}

// invite shows the code of a new invitation, this once. It answers the POST
// itself: a redirect would have to carry the code.
func (s *server) invite(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[inviteForm](c)
	if err != nil {
		return err
	}
	l := login(c)
	for _, p := range couple.Partners {
		if p.ID != form.Partner || p.Erased {
			continue
		}
		code, err := s.Accounts.Invite(c.Request.Context(), l.PracticeID, p.ID, s.Now())
		if err != nil && !errors.Is(err, accounts.ErrUnreviewed) {
			return err
		}
		return s.showInvitation(c, couple, p, code)
	}
	return fault.NotFound
}

// showInvitation shows the code, or, without one, what has to come first.
func (s *server) showInvitation(c *gin.Context, couple couples.Couple, p couples.Partner, code string) error {
	view, err := s.coupleView(c, couple)
	if err != nil {
		return err
	}
	if code == "" {
		view.Unreviewed = true
		return render(c, http.StatusUnprocessableEntity, couplePage, view)
	}
	view.Code, view.CodeFor = code, p.AddressAs
	if view.QR, err = drawQR(s.URL + "/join#" + code); err != nil {
		return err
	}
	return render(c, http.StatusOK, couplePage, view)
}

type partnerForm struct {
	Name  string `form:"name"`
	As    string `form:"address_as"`
	Reach string `form:"reach"`
}

func (s *server) savePartner(c *gin.Context) error {
	l := login(c)
	couple, p, err := s.Couples.FindByPartner(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("partner"))
	if err != nil {
		return err
	}
	form, err := bind[partnerForm](c)
	if err != nil {
		return err
	}
	changed := named(form.Name, form.As, form.Reach)
	p.Name, p.AddressAs, p.Reach = changed.Name, changed.AddressAs, changed.Reach
	err = s.Couples.SavePartner(c.Request.Context(), couple, p)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askFile(c, http.StatusUnprocessableEntity, couple, p, fileAgain{problems: problems})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/partners/"+p.ID+"/file", "saved")
}
