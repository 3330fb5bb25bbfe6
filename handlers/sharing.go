package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/worksheets"
)

// A sharingChoice is where the sharing of a page stands, with what the other
// partner would see: exactly that, and nothing else.
type sharingChoice struct {
	Path     string // where the keys are turned
	Author   string // how the author is addressed
	Reader   string // and who would read it
	Consent  worksheets.SharingDecision
	Decision worksheets.SharingDecision
	Released bool
	Opened   string // when the reader opened it, or ""
	Preview  []pdf.Block
}

func sharingOf(r worksheets.SentPage, couple couples.Couple, zone *time.Location) *sharingChoice {
	choice := &sharingChoice{
		Path: "/assignments/" + r.Assignment.ID + "/sharing", Author: couple.Partner(r.Side).AddressAs,
		Reader: couple.Partner(r.Side.Other()).AddressAs, Consent: r.Consent, Decision: r.Decision, Released: r.Released(),
		Preview: r.Preview(r).Blocks(false),
	}
	if r.OpenedAt != nil {
		choice.Opened = moment(*r.OpenedAt, zone)
	}
	return choice
}

type sharingForm struct {
	Key    string `form:"do"`
	Looked string `form:"looked"` // the counselor has looked at what the page may touch
}

// consent turns the author's key.
func (s *server) consent(c *gin.Context) error {
	couple, me, err := s.me(c)
	if err != nil {
		return err
	}
	f, err := s.Worksheets.Mine(c.Request.Context(), couple, me, c.Param("assignment"), s.Now())
	if err != nil {
		return err
	}
	form, err := bind[sharingForm](c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.Consent(c.Request.Context(), f, worksheets.SharingDecision(form.Key), s.Now()); err != nil {
		return err
	}
	return redirect(c, "/my/worksheets/"+f.Assignment.ID, "kept-word")
}

// decideSharing turns the counselor's key.
func (s *server) decideSharing(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	form, err := bind[sharingForm](c)
	if err != nil {
		return err
	}
	err = s.Worksheets.Decide(c.Request.Context(), couple, id, worksheets.SharingDecision(form.Key),
		form.Looked == "yes", s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/assignments/"+id, "saved")
}

func (s *server) activate(c *gin.Context) error {
	couple, id, err := s.assignment(c)
	if err != nil {
		return err
	}
	err = s.Worksheets.Activate(c.Request.Context(), couple, id, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawAssignment(c, http.StatusUnprocessableEntity, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/assignments/"+id, "active")
}

type sharedView struct {
	base
	From   string
	Blocks []pdf.Block
}

var sharedPage = page[sharedView]("my/shared.html")

// showShared shows a page of the other partner that was released.
func (s *server) showShared(c *gin.Context, couple couples.Couple, me couples.Partner) error {
	r, err := s.Worksheets.Shared(c.Request.Context(), couple, me, c.Param("assignment"), s.Now())
	if err != nil {
		return err
	}
	s.inWords(c, &r.Page)
	return render(c, http.StatusOK, sharedPage,
		sharedView{pageBase(c, r.Worksheet.Title), couple.Partner(me.Side.Other()).AddressAs, r.Blocks(false)})
}
