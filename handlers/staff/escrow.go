package staff

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/web"
	"mend/internal/fault"
)

// keyView holds the page on which an owner makes and confirms a copy of the master key.
type keyView struct {
	web.Base
	Kept      bool
	SettingUp bool   // the last page of setup
	Text      string // shown once
	QR        web.QrCode
	Problems  fault.Fields
}

var keyPage = web.NewPage[keyView]("staff/key.html")

func (s *Server) showKey(c *gin.Context) error {
	return s.drawKey(c, http.StatusOK, keyView{})
}

func (s *Server) drawKey(c *gin.Context, status int, view keyView) error {
	if web.LoginOf(c).Role != accounts.Owner {
		return fault.NotFound
	}
	kept, err := s.Accounts.Escrowed(c.Request.Context())
	if err != nil {
		return err
	}
	view.Base, view.Kept, view.SettingUp = web.PageBase(c, "Recovery key"), kept, s.RequireSetup && !kept
	return web.Render(c, status, keyPage, view)
}

type keyForm struct {
	Do         string `form:"do"` // "make" or "confirm"
	Passphrase string `form:"passphrase"`
	Repeated   string `form:"repeated"`
	Text       string `form:"text"` // the copy that the owner confirms by typing its end
	Tail       string `form:"tail"`
}

func (s *Server) keepKey(c *gin.Context) error {
	form, err := web.Bind[keyForm](c)
	if err != nil {
		return err
	}
	view := keyView{}
	if form.Do == "make" {
		view.Text, err = s.Accounts.MakeEscrow(c.Request.Context(), web.LoginOf(c), form.Passphrase, form.Repeated, s.Now())
	} else {
		err = s.Accounts.ConfirmEscrow(c.Request.Context(), web.LoginOf(c), form.Tail, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		view.Problems = problems
		return s.askKeyAgain(c, view, form)
	}
	if err != nil {
		return err
	}
	if form.Do != "make" {
		return web.Redirect(c, "/settings/key", "saved")
	}
	return s.drawCopy(c, http.StatusOK, view)
}

// askKeyAgain renders the problems, with the copy that still has to be confirmed.
func (s *Server) askKeyAgain(c *gin.Context, view keyView, form keyForm) error {
	text := web.UnixLines(form.Text)
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

// drawCopy shows a copy of the key with its QR code.
func (s *Server) drawCopy(c *gin.Context, status int, view keyView) (err error) {
	if view.QR, err = web.DrawQR(view.Text); err != nil {
		return err
	}
	return s.drawKey(c, status, view)
}
