package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/internal/fault"
)

// setupStep returns the page that somebody has to pass before anything else, or
// "": a second factor, and for owners a copy of the master key.
func (s *server) setupStep(c *gin.Context, l accounts.Login) (string, error) {
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
	view.base, view.Kept, view.SettingUp = pageBase(c, "A copy of the key"), kept, s.Demanding && !kept
	return render(c, status, keyPage, view)
}

type keyForm struct {
	Do         string `form:"do"` // make or confirm
	Passphrase string `form:"passphrase"`
	Repeated   string `form:"repeated"`
	Text       string `form:"text"` // the copy whose end is typed back
	Tail       string `form:"tail"`
}

func (s *server) keepKey(c *gin.Context) error {
	form, err := bind[keyForm](c)
	if err != nil {
		return err
	}
	view := keyView{}
	if form.Do == "make" {
		view.Text, err = s.Accounts.MakeEscrow(c.Request.Context(), login(c), form.Passphrase, form.Repeated, s.Now())
	} else {
		err = s.Accounts.ConfirmEscrow(c.Request.Context(), login(c), form.Tail, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		view.Problems = problems
		return s.askKeyAgain(c, view, form)
	}
	if err != nil {
		return err
	}
	if form.Do != "make" {
		return redirect(c, "/settings/key", "saved")
	}
	return s.drawCopy(c, http.StatusOK, view)
}

// askKeyAgain shows what was wrong, with the copy that is still to be confirmed.
func (s *server) askKeyAgain(c *gin.Context, view keyView, form keyForm) error {
	text := unix(form.Text)
	known, err := s.Accounts.IsNewestEscrow(c.Request.Context(), text)
	if err != nil {
		return err
	}
	if text == "" || !known {
		return s.drawKey(c, http.StatusUnprocessableEntity, view)
	}
	view.Text = text
	return s.drawCopy(c, http.StatusUnprocessableEntity, view)
}

// drawCopy shows a copy of the key, with the picture of it.
func (s *server) drawCopy(c *gin.Context, status int, view keyView) (err error) {
	if view.QR, err = drawQR(view.Text); err != nil {
		return err
	}
	return s.drawKey(c, status, view)
}
