package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// before returns the page that somebody has to pass before anything else, or
// "": a second factor, and for owners a copy of the master key.
func (s *server) before(c *gin.Context, l accounts.Login) (string, error) {
	switch {
	case !s.Demanding:
		return "", nil
	case s.mustHaveFactor(l):
		return "/settings/security", nil
	case l.Role != accounts.Owner || s.escrowed.Load():
		return "", nil
	}
	kept, err := s.Accounts.Escrowed(c.Request.Context())
	if err != nil || !kept {
		return "/settings/key", err
	}
	s.escrowed.Store(true)
	return "", nil
}

// keyView is the copy of the master key that an owner keeps.
type keyView struct {
	base
	Kept      bool
	SettingUp bool   // it is the last page of setting up
	Text      string // shown once
	QR        qrCode
	Problems  fault.Fields
}

var keyPage = page[keyView]("key.html")

func (s *server) showKey(c *gin.Context) error {
	return s.drawKey(c, http.StatusOK, keyView{})
}

func (s *server) drawKey(c *gin.Context, status int, view keyView) error {
	if login(c).Role != accounts.Owner {
		return fault.NotFound
	}
	kept, err := s.Accounts.Escrowed(c.Request.Context())
	if err != nil {
		return err
	}
	view.base, view.Kept, view.SettingUp = top(c, "A copy of the key"), kept, s.Demanding && !kept
	return render(c, status, keyPage, view)
}

type keyForm struct {
	Do         string `form:"do"` // make or confirm
	Passphrase string `form:"passphrase"`
	Tail       string `form:"tail"`
}

func (s *server) keepKey(c *gin.Context) error {
	form, err := bind[keyForm](c)
	if err != nil {
		return err
	}
	view := keyView{}
	if form.Do == "make" {
		view.Text, err = s.Accounts.MakeEscrow(c.Request.Context(), login(c), form.Passphrase, s.Now())
	} else {
		err = s.Accounts.ConfirmEscrow(c.Request.Context(), login(c), form.Tail, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		view.Problems = problems
		return s.drawKey(c, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	if form.Do != "make" {
		return redirect(c, "/settings/key", "saved")
	}
	if view.QR, err = drawQR(view.Text); err != nil {
		return err
	}
	return s.drawKey(c, http.StatusOK, view)
}
