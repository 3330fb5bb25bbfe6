package staff

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// closeView shows how the work with a couple ended, or the form that ends it.
type closeView struct {
	web.Base
	Couple   couples.Couple
	Closed   *closedLine // nil while the couple is open
	Earlier  []closedLine
	Care     []careLine // each partner's answer about after-care
	Endings  []ending
	Form     closingForm
	Reason   string
	Problems fault.Fields
}

type ending struct{ ID, Name string }

// A careLine is a partner's answer to whether they want to be asked about trust after counseling.
type careLine struct {
	Name, Until      string
	Answered, Wanted bool
}

// A closedLine is a closing, formatted.
type closedLine struct{ Ending, When, AUntil, BUntil, Reopened, Reason string }

// A closingForm is a closing as typed. The dates are the last days on which each partner can sign
// in.
type closingForm struct {
	Ending string `form:"ending"`
	AUntil string `form:"a_until"`
	BUntil string `form:"b_until"`
	Key    string `form:"key"`
}

var closePage = web.NewPage[closeView]("staff/couples/closing.html")

func (s *Server) showClose(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	in := s.Now().In(web.LoginOf(c).Zone()).AddDate(0, 0, 14).Format(time.DateOnly)
	return s.askClose(c, http.StatusOK, couple, closeView{Form: closingForm{AUntil: in, BUntil: in}})
}

// askClose renders the page, keeping what was typed in view.
func (s *Server) askClose(c *gin.Context, status int, couple couples.Couple, view closeView) error {
	closings, err := s.Couples.Closings(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	view.Base, view.Couple, view.Form.Key = web.PageBase(c, "End counseling"), couple, cmp.Or(view.Form.Key, rand.Text())
	for _, e := range couples.Endings {
		view.Endings = append(view.Endings, ending{string(e.ID), e.Name})
	}
	for _, closing := range closings {
		line := closedLineOf(closing, view.Login.Zone())
		if closing.ReopenedAt == nil {
			view.Closed = &line
			if view.Care, err = s.careLines(c, couple, closing); err != nil {
				return err
			}
			continue
		}
		view.Earlier = append(view.Earlier, line)
	}
	return web.Render(c, status, closePage, view)
}

// careLines returns each partner's answer about after-care, if they can be asked.
func (s *Server) careLines(c *gin.Context, couple couples.Couple, end couples.Closing) (lines []careLine, err error) {
	if !end.HasAfterCare() {
		return nil, nil
	}
	for _, p := range couple.Partners {
		_, a, err := s.Couples.AfterCare(c.Request.Context(), couple, p)
		if err != nil {
			return nil, err
		}
		until := end.CareUntil(p.Side).Add(-time.Second).In(web.LoginOf(c).Zone()).Format("January 2, 2006")
		lines = append(lines, careLine{p.AddressAs, until, a.AnsweredAt != nil, a.Wanted})
	}
	return lines, nil
}

func closedLineOf(c couples.Closing, zone *time.Location) closedLine {
	day := func(t time.Time) string { return t.In(zone).Format("January 2, 2006") }
	line := closedLine{
		Ending: c.Ending.Name(), When: day(c.ClosedAt), AUntil: day(c.AUntil.Add(-time.Second)),
		BUntil: day(c.BUntil.Add(-time.Second)), Reason: c.Reason,
	}
	if c.ReopenedAt != nil {
		line.Reopened = day(*c.ReopenedAt)
	}
	return line
}

// endOf returns the end of a day, or the zero time if it is not a date.
func endOf(day string, zone *time.Location) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return time.Time{}
	}
	return at.AddDate(0, 0, 1)
}

func (s *Server) closeCouple(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[closingForm](c)
	if err != nil {
		return err
	}
	zone := web.LoginOf(c).Zone()
	err = s.Couples.Close(c.Request.Context(), s.Accounts, couple, couples.Closing{
		Ending: couples.Ending(form.Ending), AUntil: endOf(form.AUntil, zone), BUntil: endOf(form.BUntil, zone),
		FormKey: form.Key,
	}, s.Calendar.CancelAll(couple, s.Now()), s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askClose(c, http.StatusUnprocessableEntity, couple, closeView{Form: form, Problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/close", "saved")
}

// draftSummary begins the closing summary, or opens the one already begun.
func (s *Server) draftSummary(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	closings, err := s.Couples.Closings(ctx, couple)
	if err != nil {
		return err
	}
	if len(closings) == 0 || closings[0].ReopenedAt != nil {
		return fault.NotFound
	}
	kept, err := s.Promises.Tracked(ctx, couple, s.Now())
	if err != nil {
		return err
	}
	var promised []string
	for _, p := range kept {
		promised = append(promised, couple.Partner(p.Maker).AddressAs+": "+p.Words.What)
	}
	note, err := s.Notes.ClosingSummary(ctx, couple, closings[0], promised, s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, standalonePath(couple, note.Side, note.ID), "")
}

type reopenForm struct {
	Reason string `form:"reason"`
}

func (s *Server) reopenCouple(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[reopenForm](c)
	if err != nil {
		return err
	}
	err = s.Couples.Reopen(c.Request.Context(), s.Accounts, couple, web.UnixLines(form.Reason), s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askClose(c, http.StatusUnprocessableEntity, couple, closeView{Reason: form.Reason, Problems: problems})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID, "saved")
}
