package appointments

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
)

// A bookForm is an appointment, or a series of them, as typed.
type bookForm struct {
	slotForm
	Every string `form:"every"` // "" for a single one, else as in calendar.Repeat
	Ends  string `form:"ends"`  // "open", "count" or "until"
	Count string `form:"count"`
	Until string `form:"until"`
}

// repeat parses how a series repeats.
func (f bookForm) repeat(bad fault.Fields) calendar.Repeat {
	r := calendar.Repeat{Every: f.Every}
	switch f.Ends {
	case "count":
		n, err := strconv.Atoi(strings.TrimSpace(f.Count))
		if err != nil || n < 2 {
			bad["count"] = "Enter how many appointments, from 2 to 104."
		}
		r.Count = n
	case "until":
		if r.Until = f.Until; r.Until == "" {
			bad["until"] = "Enter the last day."
		}
	}
	return r
}

// series returns the series that repeats slot as the form asks.
func (f bookForm) series(couple couples.Couple, slot calendar.Slot, bad fault.Fields) calendar.Series {
	first := slot.Local()
	s := calendar.Series{
		PracticeID: couple.PracticeID, CoupleID: couple.ID, CounselorID: couple.CounselorID, FirstDay: f.Date, Clock: f.Time,
		Which: f.Twice, Zone: slot.Zone, Minutes: slot.Minutes, Place: slot.Place, PlaceDetail: slot.PlaceDetail,
		FormKey: f.Key, Reader: couple.Reader,
	}
	rule, err := f.repeat(bad).Rule(first)
	bad.Add(err)
	s.Rule = rule
	return s
}

type bookView struct {
	web.Base
	Root      string
	Couple    couples.Couple
	Form      bookForm
	Zones     []zoneLine
	Conflicts []string // conflicts to confirm
	Problems  fault.Fields
}

var bookPage = web.NewPage[bookView]("staff/appointments/new.html")

func (s *Server) newAppointment(c *gin.Context) error {
	couple, err := s.couple(c, c.Param("couple"))
	if err != nil {
		return err
	}
	zone := web.LoginOf(c).Zone()
	at := s.Now().In(zone).AddDate(0, 0, 1).Truncate(time.Hour)
	if day, err := time.ParseInLocation("2006-01-02T15:04", c.Query("at"), zone); err == nil {
		at = day
	}
	form := bookForm{slotForm: formOf(calendar.Slot{StartsAt: at, Zone: zone.String(), Minutes: 50, Place: "office"},
		rand.Text())}
	form.Ends, form.Count = "open", "10"
	return s.askBook(c, http.StatusOK, couple, form, nil, nil)
}

func (s *Server) askBook(c *gin.Context, status int, couple couples.Couple, form bookForm, conflicts []string,
	problems fault.Fields,
) error {
	return web.Render(c, status, bookPage, bookView{
		web.PageBase(c, "Book an appointment"), root(c), couple, form, zonesWith(form.Zone), conflicts, problems,
	})
}

// book books an appointment or a series. Conflicts are shown once and can be overridden.
func (s *Server) book(c *gin.Context) error {
	couple, err := s.couple(c, c.Param("couple"))
	if err != nil {
		return err
	}
	form, err := web.Bind[bookForm](c)
	if err != nil {
		return err
	}
	slot, bad := form.slot()
	a := calendar.Appointment{
		PracticeID: couple.PracticeID, CoupleID: couple.ID, CounselorID: couple.CounselorID, Slot: slot,
		FormKey: form.Key, Reader: couple.Reader,
	}
	series := calendar.Series{}
	if form.Every != "" && len(bad) == 0 {
		series = form.series(couple, slot, bad)
	}
	if len(bad) > 0 {
		return s.askBook(c, http.StatusUnprocessableEntity, couple, form, nil, bad)
	}
	conflicts, err := s.conflictsOf(c, a, series, form)
	if _, problems := problemsOf(err); problems != nil {
		return s.askBook(c, http.StatusUnprocessableEntity, couple, form, nil, problems)
	}
	if err != nil {
		return err
	}
	if len(conflicts) > 0 && form.Anyway == "" {
		lines := conflictLines(conflicts, slot.Location())
		return s.askBook(c, http.StatusConflict, couple, form, lines, nil)
	}
	return s.storeBook(c, couple, a, series, form)
}

// conflictsOf returns the conflicts of an appointment or, for a series, of any of its appointments.
func (s *Server) conflictsOf(c *gin.Context, a calendar.Appointment, series calendar.Series, form bookForm) (
	[]calendar.Conflict, error,
) {
	times := []time.Time{a.StartsAt}
	if form.Every != "" {
		list, err := s.Calendar.Preview(c.Request.Context(), series, s.Now())
		if err != nil {
			return nil, err
		}
		times = nil
		for _, o := range list {
			if !o.Off {
				times = append(times, o.At)
			}
		}
	}
	return s.Calendar.Conflicts(c.Request.Context(), a, times, s.Now())
}

func (s *Server) storeBook(c *gin.Context, couple couples.Couple, a calendar.Appointment, series calendar.Series,
	form bookForm,
) error {
	ctx := c.Request.Context()
	var err error
	to := calendarPath(c) + "?on=" + form.Date
	if form.Every != "" {
		err = s.Calendar.Repeat(ctx, &series, s.Now())
	} else if err = s.Calendar.Book(ctx, &a, s.Now()); err == nil {
		to = root(c) + "/appointments/" + a.ID
	}
	if status, problems := problemsOf(err); problems != nil {
		return s.askBook(c, status, couple, form, nil, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, to, "booked")
}
