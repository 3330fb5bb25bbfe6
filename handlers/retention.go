package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
)

// keepingView is how long a couple's record is kept, and what can be erased.
type keepingView struct {
	base
	Couple    couples.Couple
	Hold      string
	HoldTyped string
	Until     string
	Years     string
	MayErase  bool
	Typed     eraseForm
	Problems  fault.Fields
}

var keepingPage = page[keepingView]("couples/retention.html")

func (s *server) showKeeping(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	return s.askKeeping(c, http.StatusOK, couple, keepingView{})
}

// askKeeping draws the page with what view already holds of typed words.
func (s *server) askKeeping(c *gin.Context, status int, couple couples.Couple, view keepingView) error {
	ctx, l := c.Request.Context(), login(c)
	keeping, err := s.Couples.Keeping(ctx, couple)
	if err != nil {
		return err
	}
	years, err := s.Accounts.KeepYears(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	view.base, view.Couple, view.Hold, view.Years = pageBase(c, "How long this is kept"), couple,
		keeping.Hold, yearsInWords(years)
	view.Until = keeping.Until.In(l.Zone()).Format("January 2, 2006")
	view.MayErase = keeping.Hold == "" && !s.Now().Before(keeping.Until)
	return render(c, status, keepingPage, view)
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

// setLegalHold puts the record on hold, or lifts that.
func (s *server) setLegalHold(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[holdForm](c)
	if err != nil {
		return err
	}
	err = s.Couples.SetLegalHold(c.Request.Context(), couple, form.Hold)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askKeeping(c, http.StatusUnprocessableEntity, couple, keepingView{HoldTyped: form.Hold, Problems: problems})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/couples/"+couple.ID+"/keeping", "saved")
}

type eraseForm struct {
	Of       string `form:"of"` // "A", "B" or "all"
	Reason   string `form:"reason"`
	RecordNo string `form:"record_no"`
}

// erase destroys what the form names.
func (s *server) erase(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	form, err := bind[eraseForm](c)
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
		return s.askKeeping(c, http.StatusUnprocessableEntity, couple, keepingView{Typed: form, Problems: problems})
	}
	if err != nil {
		return err
	}
	if s.Erased != nil {
		if err := s.Erased(c.Request.Context()); err != nil {
			return err
		}
	}
	if e.Of == "" {
		return redirect(c, "/couples", "erased")
	}
	return redirect(c, "/couples/"+couple.ID, "erased")
}

type erasuresView struct {
	base
	Years    string
	List     []erasureLine
	Problems fault.Fields
}

type erasureLine struct{ When, RecordNo, What, By, Reason string }

var erasuresPage = page[erasuresView]("settings/keeping.html")

func (s *server) showErasures(c *gin.Context) error {
	years, err := s.Accounts.KeepYears(c.Request.Context(), login(c).PracticeID)
	if err != nil {
		return err
	}
	return s.askErasures(c, http.StatusOK, strconv.Itoa(years), nil)
}

func (s *server) askErasures(c *gin.Context, status int, years string, problems fault.Fields) error {
	ctx, l := c.Request.Context(), login(c)
	erased, err := s.Couples.Erasures(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	people, err := s.Accounts.Counselors(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	view := erasuresView{base: pageBase(c, "Keeping and erasing"), Years: years, Problems: problems}
	for _, e := range erased {
		what := "Everything about the couple"
		if e.Side != "" {
			what = "What was partner " + string(e.Side) + "’s alone"
		}
		view.List = append(view.List,
			erasureLine{e.At.In(l.Zone()).Format("January 2, 2006, 3:04 PM"), e.RecordNo, what, nameOf(people, e.By), e.Reason})
	}
	return render(c, status, erasuresPage, view)
}

type keepYearsForm struct {
	Years string `form:"years"`
}

func (s *server) setKeepYears(c *gin.Context) error {
	form, err := bind[keepYearsForm](c)
	if err != nil {
		return err
	}
	years, err := strconv.Atoi(strings.TrimSpace(form.Years))
	if err != nil {
		years = -1 // refused, with words
	}
	err = s.Accounts.SetKeepYears(c.Request.Context(), login(c).PracticeID, login(c).CounselorID, years)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askErasures(c, http.StatusUnprocessableEntity, form.Years, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/settings/keeping", "saved")
}
