package staff

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"mend/couples"
	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"

	"github.com/gin-gonic/gin"

	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/audit"
)

// pulsesShown is how many pulses of each partner a page shows: half a year of
// weeks. The first is always there to compare with.
const pulsesShown = 26

// pulseView is the trust pulses of a couple, for its counselor.
type pulseView struct {
	web.Base
	Couple   couples.Couple
	Chart    chart
	Rows     []pulseLine
	Distance string
	Look     []lookLine
	Events   []eventLine
	Kinds    []struct{ ID, Label string }
	May      bool // both said yes to show the direction
	Key      string
	Typed    eventForm
	Problems fault.Fields
}

// A pulseLine is one pulse in the table.
type pulseLine struct{ When, Who, Figure, Direction, SinceFirst, Moved string }

type lookLine struct{ Who, Text string }

type eventLine struct{ ID, When, Label, Words string }

func pulseLines(c *gin.Context, list []worksheets.Pulse, couple couples.Couple, zone *time.Location) []pulseLine {
	var lines []pulseLine
	for _, p := range slices.Backward(list) {
		figure := "no data"
		if p.Figure != nil {
			figure = fmt.Sprint(*p.Figure)
		}
		lines = append(lines,
			pulseLine{
				web.Date(c, p.SentAt.In(zone), "January 2, 2006"), couple.Partner(p.Side).AddressAs, figure,
				p.Direction, p.SinceFirst, p.Moved,
			})
	}
	return lines
}

// pointsOf are the figures of one partner.
func pointsOf(list []worksheets.Pulse, side couples.Side, zone *time.Location) []chartPoint {
	var points []chartPoint
	for _, p := range list {
		if p.Side == side {
			points = append(points, chartPoint{p.SentAt.In(zone), p.Figure})
		}
	}
	return points
}

var pulsePage = web.NewPage[pulseView]("couples/pulse.html")

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
	list, err := s.Worksheets.Pulses(ctx, couple, pulsesShown)
	if err != nil {
		return err
	}
	view := pulseView{
		Base: web.PageBase(c, "Trust pulse"), Couple: couple, Rows: pulseLines(c, list, couple, zone), Kinds: sessions.EventKinds,
		May: worksheets.MayShowPulse(list), Key: rand.Text(), Typed: typed, Problems: problems,
	}
	if points, ok := worksheets.PulseDistance(list); ok {
		view.Distance = fmt.Sprintf("%d points apart", points)
	}
	a, b := pointsOf(list, couples.A, zone), pointsOf(list, couples.B, zone)
	view.Chart = newChart(web.Speaks(c), "Trust pulse of both", a, b)
	view.Chart.line(couple.Partners[0].AddressAs, "one", a)
	view.Chart.line(couple.Partners[1].AddressAs, "two", b)
	for _, p := range couple.Partners {
		for _, flag := range s.Worksheets.PulseFlags(list, p.Side) {
			view.Look = append(view.Look, lookLine{p.AddressAs, flag.Text})
		}
	}
	return s.addEvents(c, status, couple, view)
}

// addEvents draws the page with the couple's time line.
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
			view.Chart.event(day.Add(12*time.Hour), label+", "+day.Format("January 2"))
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
	Remove string `form:"remove"` // the id of an event that comes off the line
}

// markEvent puts something on the time line, or takes it off.
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

// jointPulseView is what both may look at together: without a yes of both it
// says one sentence, and not why.
type jointPulseView struct {
	web.Base
	Couple couples.Couple
	Lines  []jointPulse
}

type jointPulse struct {
	Name, Direction string
	Chart           chart
}

var jointPulsePage = web.NewPage[jointPulseView]("couples/pulse_joint.html")

func (s *Server) showJointPulse(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	list, err := s.Worksheets.Pulses(audit.Comparing(ctx), couple, pulsesShown)
	may := worksheets.MayShowPulse(list)
	if err == nil && may {
		list, err = s.Worksheets.Pulses(ctx, couple, pulsesShown)
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
		points := pointsOf(list, p.Side, web.LoginOf(c).Zone())
		line := jointPulse{
			Name: p.AddressAs, Direction: newest.Direction,
			Chart: newChart(web.Speaks(c), "Trust pulse of "+p.AddressAs, points),
		}
		line.Chart.line(p.AddressAs, "one", points)
		view.Lines = append(view.Lines, line)
	}
	return web.Render(c, http.StatusOK, jointPulsePage, view)
}

// myPulseView is a partner's own pulses.
type myPulseView struct {
	web.Base
	Chart chart
	Rows  []pulseLine
}

var myPulsePage = web.NewPage[myPulseView]("my/pulse.html")

func (s *Server) showMyPulse(c *gin.Context) error {
	couple, me, err := s.Me(c)
	if err != nil {
		return err
	}
	list, err := s.Worksheets.Pulses(c.Request.Context(), couple, pulsesShown)
	if err != nil {
		return err
	}
	points := pointsOf(list, me.Side, web.LoginOf(c).Zone())
	view := myPulseView{
		Base: web.PageBase(c, "My trust pulse"), Rows: pulseLines(c, list, couple, web.LoginOf(c).Zone()),
		Chart: newChart(web.Speaks(c), web.Tell(c, "My trust pulse"), points),
	}
	view.Chart.line(web.Tell(c, "Mine"), "one", points)
	return web.Render(c, http.StatusOK, myPulsePage, view)
}
