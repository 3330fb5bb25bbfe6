package staff

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// retentionView shows how long a couple's record is retained and what can be erased.
type retentionView struct {
	web.Base
	Couple    couples.Couple
	Hold      string
	HoldTyped string
	Until     string
	Years     string
	MayErase  bool
	Typed     eraseForm
	Problems  fault.Fields
}

var retentionPage = web.NewPage[retentionView]("staff/couples/retention.html")

func (s *Server) showRetention(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	return s.askRetention(c, http.StatusOK, couple, retentionView{})
}

// askRetention renders the page, keeping what was typed in view.
func (s *Server) askRetention(c *gin.Context, status int, couple couples.Couple, view retentionView) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	keeping, err := s.Couples.Retention(ctx, couple)
	if err != nil {
		return err
	}
	years, err := s.Accounts.KeepYears(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	view.Base, view.Couple, view.Hold, view.Years = web.PageBase(c, "Retention"), couple,
		keeping.Hold, yearsInWords(years)
	view.Until = keeping.Until.In(l.Zone()).Format("January 2, 2006")
	view.MayErase = keeping.Hold == "" && !s.Now().Before(keeping.Until)
	return web.Render(c, status, retentionPage, view)
}

func yearsInWords(n int) string {
	if n == 1 {
		return "one year"
	}
	return fmt.Sprintf("%d years", n)
}

type holdForm struct {
	Hold string `form:"hold"`
}

// setLegalHold puts a legal hold on the record or lifts it.
func (s *Server) setLegalHold(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[holdForm](c)
	if err != nil {
		return err
	}
	err = s.Couples.SetLegalHold(c.Request.Context(), couple, form.Hold)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askRetention(c, http.StatusUnprocessableEntity, couple,
			retentionView{HoldTyped: form.Hold, Problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/retention", "saved")
}

type eraseForm struct {
	Of       string `form:"of"` // "A", "B" or "all"
	Reason   string `form:"reason"`
	RecordNo string `form:"record_no"`
}

// erase erases what the form names.
func (s *Server) erase(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[eraseForm](c)
	if err != nil {
		return err
	}
	e := couples.Erasure{Of: couples.Side(form.Of), Reason: form.Reason, RecordNo: form.RecordNo}
	switch form.Of {
	case "all":
		e.Of = ""
	case "":
		e.Of = "none"
	}
	err = s.Couples.Erase(c.Request.Context(), s.Accounts, couple, e, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askRetention(c, http.StatusUnprocessableEntity, couple, retentionView{Typed: form, Problems: problems})
	}
	if err != nil {
		return err
	}
	if s.OnErased != nil {
		if err := s.OnErased(c.Request.Context()); err != nil {
			return err
		}
	}
	if e.Of == "" {
		return web.Redirect(c, "/couples", "erased")
	}
	return web.Redirect(c, "/couples/"+couple.ID, "erased")
}

type erasuresView struct {
	web.Base
	Years    string
	List     []erasureLine
	Problems fault.Fields
}

type erasureLine struct{ When, RecordNo, What, By, Reason string }

var erasuresPage = web.NewPage[erasuresView]("staff/settings/retention.html")

func (s *Server) showErasures(c *gin.Context) error {
	years, err := s.Accounts.KeepYears(c.Request.Context(), web.LoginOf(c).PracticeID)
	if err != nil {
		return err
	}
	return s.askErasures(c, http.StatusOK, strconv.Itoa(years), nil)
}

func (s *Server) askErasures(c *gin.Context, status int, years string, problems fault.Fields) error {
	ctx, l := c.Request.Context(), web.LoginOf(c)
	erased, err := s.Couples.Erasures(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	people, err := s.Accounts.Counselors(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	view := erasuresView{Base: web.PageBase(c, "Keeping and erasing"), Years: years, Problems: problems}
	for _, e := range erased {
		what := "Everything about the couple"
		if e.Side != "" {
			what = "What was partner " + string(e.Side) + "’s alone"
		}
		view.List = append(view.List,
			erasureLine{
				e.At.In(l.Zone()).Format("January 2, 2006, 3:04 PM"), e.RecordNo, what, web.NameOf(people, e.By), e.Reason,
			})
	}
	return web.Render(c, status, erasuresPage, view)
}

type keepYearsForm struct {
	Years string `form:"years"`
}

func (s *Server) setKeepYears(c *gin.Context) error {
	form, err := web.Bind[keepYearsForm](c)
	if err != nil {
		return err
	}
	years, err := strconv.Atoi(strings.TrimSpace(form.Years))
	if err != nil {
		years = -1 // refused with a message
	}
	err = s.Accounts.SetKeepYears(c.Request.Context(), web.LoginOf(c).PracticeID, web.LoginOf(c).CounselorID, years)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askErasures(c, http.StatusUnprocessableEntity, form.Years, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/retention", "saved")
}
