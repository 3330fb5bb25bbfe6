package appointments

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/handlers/web"
)

// calendarView is a day, a week or a month of appointments: who comes when, without clinical
// details.
type calendarView struct {
	web.Base
	Root, Path  string
	Span        string // "day", "week" or "month"
	Heading     string
	On          string // the requested day
	Today       string
	Prev, Next  string // days in the previous and next span
	Zone        string
	Columns     []column
	Spans       []spanLine
	Undo        *undoLine
	Key         string
	Counselors  bool // each column is a counselor
	Unscheduled bool // there are no appointments
}

// A spanLine is a view of the calendar to choose.
type spanLine struct{ Name, Label string }

var spanLines = []spanLine{{"day", "Day"}, {"week", "Week"}, {"month", "Month"}}

// A column is a day, or one counselor's appointments of a day.
type column struct {
	Day, Title, Short string
	Today, Off        bool
	Hours             string
	Items             []itemLine
}

// An itemLine is an appointment in the calendar.
type itemLine struct {
	ID, Names, Time, Place, State, Counselor, Zone string
	Minutes, Revision                              int
	Open                                           bool
}

// An undoLine offers to undo a move.
type undoLine struct {
	ID, When, Day string
	Revision      int
}

var calendarPage = web.NewPage[calendarView]("staff/appointments/calendar.html")

// calendarPath returns the path of the calendar for the person signed in.
func calendarPath(c *gin.Context) string {
	if atDesk(c) {
		return "/front-desk"
	}
	return "/calendar"
}

// A span is a range of days. A day is stored as midnight in UTC, because some zones have days
// without a midnight.
type span struct {
	name        string
	from, until time.Time
	prev, next  time.Time
	heading     string
}

// spanOf returns the day, week or month around a day. Weeks begin on Sunday, also those of a month.
func spanOf(name string, on time.Time) span {
	switch name {
	case "day":
		return span{
			name,
			on,
			on.AddDate(0, 0, 1),
			on.AddDate(0, 0, -1),
			on.AddDate(0, 0, 1),
			on.Format("Monday, January 2, 2006"),
		}
	case "month":
		first := time.Date(on.Year(), on.Month(), 1, 0, 0, 0, 0, on.Location())
		last := first.AddDate(0, 1, -1)
		return span{
			name, weekOf(first), weekOf(last).AddDate(0, 0, 7), first.AddDate(0, -1, 0), first.AddDate(0, 1, 0),
			on.Format("January 2006"),
		}
	}
	from := weekOf(on)
	return span{
		"week", from, from.AddDate(0, 0, 7), on.AddDate(0, 0, -7), on.AddDate(0, 0, 7),
		"Week of " + from.Format("January 2, 2006"),
	}
}

// dateOf returns the date of at in at's own zone.
func dateOf(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// beginOf returns the first moment of a day in zone. If clocks go forward at midnight, that is
// later than midnight.
func beginOf(day time.Time, zone *time.Location) time.Time {
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	if at.Day() != day.Day() {
		at = at.Add(time.Hour)
	}
	return at
}

func (s *Server) showCalendar(c *gin.Context) error {
	l := web.LoginOf(c)
	now := s.Now().In(l.Zone())
	today := dateOf(now)
	on := today
	if day, err := time.Parse(time.DateOnly, c.Query("on")); err == nil {
		on = day
	}
	asked := c.Query("view")
	if asked == "" && atDesk(c) {
		asked = "day" // the front desk sees one day of all counselors
	}
	shown := spanOf(asked, on)
	view := calendarView{
		Base: web.PageBase(
			c,
			"Calendar",
		), Root: root(c), Path: calendarPath(c), Span: shown.name, Heading: shown.heading,
		On: on.Format(time.DateOnly), Today: today.Format(time.DateOnly), Prev: shown.prev.Format(time.DateOnly),
		Next: shown.next.Format(
			time.DateOnly,
		), Zone: web.ZoneName(l.Zone().String()), Key: rand.Text(), Spans: spanLines,
	}
	list, people, err := s.appointmentsIn(c, shown)
	if err != nil {
		return err
	}
	view.Unscheduled = len(list) == 0
	if view.Columns, err = s.columnsOf(c, shown, today, list, people); err != nil {
		return err
	}
	view.Counselors = atDesk(c) && shown.name == "day"
	if view.Undo, err = s.undoOf(c); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, calendarPage, view)
}

// appointmentsIn returns the appointments of a span that the reader may see and, for the front
// desk, the names of the counselors.
func (s *Server) appointmentsIn(c *gin.Context, in span) ([]calendar.Listed, map[string]string, error) {
	l, ctx := web.LoginOf(c), c.Request.Context()
	from, until := beginOf(in.from, l.Zone()), beginOf(in.until, l.Zone())
	if !atDesk(c) {
		list, err := s.Calendar.Between(ctx, l.PracticeID, l.CounselorID, from, until)
		return list, nil, err
	}
	list, err := s.Calendar.ForDesk(ctx, l.PracticeID, l.CounselorID, from, until)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, a := range list {
		ids = append(ids, a.CounselorID)
	}
	people, err := s.Accounts.Names(ctx, l.PracticeID, ids...)
	names := map[string]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return list, names, err
}

// undoOf returns the move just made, or nil if it cannot be undone.
func (s *Server) undoOf(c *gin.Context) (*undoLine, error) {
	l, find := web.LoginOf(c), s.Calendar.Find
	day, err := time.Parse(time.DateOnly, c.Query("from"))
	if c.Query("moved") == "" || err != nil {
		return nil, nil //nolint:nilnil // there is nothing to undo
	}
	if atDesk(c) {
		find = s.Calendar.FindForDesk
	}
	a, err := find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Query("moved"))
	if err != nil || a.State != calendar.Planned {
		return nil, nil //nolint:nilnil,nilerr // missing or no longer planned: nothing to undo
	}
	return &undoLine{a.ID, a.Local().Format("Monday, January 2"), day.Format(time.DateOnly), a.Revision}, nil
}

// A dayForm moves an appointment to another day at the same time.
type dayForm struct {
	Day  string `form:"day"`
	Base int    `form:"base"`
	Key  string `form:"key"`
}

// moveToDay moves an appointment to another day and offers to undo it.
func (s *Server) moveToDay(c *gin.Context) error {
	a, couple, err := s.appointment(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[dayForm](c)
	if err != nil {
		return err
	}
	wanted := moveForm{slotForm: formOf(a.Slot, form.Key), Base: form.Base}
	from := wanted.Date
	wanted.Date = form.Day
	return s.moveTo(c, a, couple, wanted, func(moved calendar.Appointment) error {
		return web.Redirect(c, calendarPath(c)+"?on="+form.Day+"&moved="+moved.ID+"&from="+from, "")
	})
}
