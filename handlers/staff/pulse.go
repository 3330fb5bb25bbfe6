package staff

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
	"mend/worksheets"
)

// pulseView shows a couple's trust pulses to its counselor.
type pulseView struct {
	web.Base
	Couple   couples.Couple
	Chart    homework.Chart
	Rows     []homework.PulseLine
	Distance string
	Look     []lookLine
	Events   []eventLine
	Kinds    []struct{ ID, Label string }
	May      bool // both agreed to show their trend
	Key      string
	Typed    eventForm
	Problems fault.Fields
}

type lookLine struct{ Who, Text string }

type eventLine struct{ ID, When, Label, Words string }

var pulsePage = web.NewPage[pulseView]("staff/couples/pulse.html")

func (s *Server) showPulse(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	return s.askPulse(c, http.StatusOK, couple, eventForm{}, nil)
}

func (s *Server) askPulse(c *gin.Context, status int, couple couples.Couple, typed eventForm,
	problems fault.Fields,
) error {
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	list, err := s.Worksheets.Pulses(ctx, couple, homework.PulsesShown)
	if err != nil {
		return err
	}
	view := pulseView{
		Base: web.PageBase(c, "Trust pulse"), Couple: couple, Rows: homework.PulseLines(c, list, couple, zone),
		Kinds: sessions.EventKinds,
		May:   worksheets.MayShowPulse(list), Key: rand.Text(), Typed: typed, Problems: problems,
	}
	if points, ok := worksheets.PulseDistance(list); ok {
		view.Distance = fmt.Sprintf("%d points apart", points)
	}
	a, b := homework.PointsOf(list, couples.A, zone), homework.PointsOf(list, couples.B, zone)
	view.Chart = homework.NewChart(web.Speaks(c), "Trust pulse of both", a, b)
	view.Chart.Line(couple.Partners[0].AddressAs, "one", a)
	view.Chart.Line(couple.Partners[1].AddressAs, "two", b)
	for _, p := range couple.Partners {
		for _, flag := range s.Worksheets.PulseFlags(list, p.Side) {
			view.Look = append(view.Look, lookLine{p.AddressAs, flag.Text})
		}
	}
	return s.addEvents(c, status, couple, view)
}

// addEvents adds the couple's timeline and renders the page.
func (s *Server) addEvents(c *gin.Context, status int, couple couples.Couple, view pulseView) error {
	events, err := s.Sessions.Events(c.Request.Context(), couple, s.Now().AddDate(-1, 0, 0))
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		label := e.Label()
		if e.Kind == "step" {
			label = e.Words
		}
		if day, err := time.ParseInLocation(time.DateOnly, e.Day, web.LoginOf(c).Zone()); err == nil {
			view.Chart.Event(day.Add(12*time.Hour), label+", "+day.Format("January 2"))
		}
		view.Events = append(view.Events, eventLine{e.ID, homework.DayInWords(c, e.Day), e.Label(), e.Words})
	}
	return web.Render(c, status, pulsePage, view)
}

type eventForm struct {
	Kind   string `form:"kind"`
	Day    string `form:"day"`
	Words  string `form:"words"`
	Key    string `form:"key"`
	Remove string `form:"remove"` // the id of an event to remove
}

// markEvent adds an event to the timeline or removes one.
func (s *Server) markEvent(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[eventForm](c)
	if err != nil {
		return err
	}
	if form.Remove != "" {
		err = s.Sessions.RemoveEvent(c.Request.Context(), couple, form.Remove, s.Now())
	} else {
		err = s.Sessions.MarkEvent(c.Request.Context(), couple,
			sessions.Event{Kind: form.Kind, Day: form.Day, Words: form.Words}, form.Key, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askPulse(c, http.StatusUnprocessableEntity, couple, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/couples/"+couple.ID+"/pulse", "saved")
}

// jointPulseView is what both partners may look at together. Without both agreeing it shows one
// sentence that does not say why.
type jointPulseView struct {
	web.Base
	Couple couples.Couple
	Lines  []jointPulse
}

type jointPulse struct {
	Name      string
	Direction i18n.Message
	Chart     homework.Chart
}

var jointPulsePage = web.NewPage[jointPulseView]("staff/couples/pulse_joint.html")

func (s *Server) showJointPulse(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	list, err := s.Worksheets.Pulses(audit.Comparing(ctx), couple, homework.PulsesShown)
	may := worksheets.MayShowPulse(list)
	if err == nil && may {
		list, err = s.Worksheets.Pulses(ctx, couple, homework.PulsesShown)
	}
	if err != nil {
		return err
	}
	view := jointPulseView{Base: web.PageBase(c, "Trust pulse"), Couple: couple}
	for _, p := range couple.Partners {
		newest, ok := worksheets.NewestPulse(list, p.Side)
		if !ok || !may {
			continue
		}
		points := homework.PointsOf(list, p.Side, web.LoginOf(c).Zone())
		line := jointPulse{
			Name: p.AddressAs, Direction: newest.Direction,
			Chart: homework.NewChart(web.Speaks(c), "Trust pulse of "+p.AddressAs, points),
		}
		line.Chart.Line(p.AddressAs, "one", points)
		view.Lines = append(view.Lines, line)
	}
	return web.Render(c, http.StatusOK, jointPulsePage, view)
}
