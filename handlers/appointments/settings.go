package appointments

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
)

type settingsView struct {
	web.Base
	Owner    bool
	Late     string
	Revision int
	Week     []hoursLine
	Off      []offLine
	Form     offForm
	Video    videoForm
	Problems fault.Fields
}

// An hoursLine is a day of the week with its office hours as typed.
type hoursLine struct {
	Day                 int
	Name, Opens, Closes string
	Problem             i18n.Message
}

// An offLine is an entry in the list of days off.
type offLine struct {
	ID, Days, Whose string
	Mine            bool
}

// An offForm is days off as typed.
type offForm struct {
	Key      string `form:"key"`
	FirstDay string `form:"first_day"`
	LastDay  string `form:"last_day"`
	Practice string `form:"practice"` // for the whole practice
}

const changedElsewhere = "This was changed in another window meanwhile, so nothing was overwritten. What you typed " +
	"is below; to keep it, save again."

var settingsPage = web.NewPage[settingsView]("staff/appointments/settings.html")

func (s *Server) showSettings(c *gin.Context) error {
	return s.drawSettings(c, http.StatusOK, nil, offForm{Key: rand.Text()}, nil)
}

// drawSettings renders the page, with settings and days off as typed if there are any.
func (s *Server) drawSettings(c *gin.Context, status int, typed *settingsView, form offForm,
	problems fault.Fields,
) error {
	l, ctx := web.LoginOf(c), c.Request.Context()
	stored, err := s.Calendar.Settings(ctx, l.PracticeID)
	if err != nil {
		return err
	}
	view := settingsView{}
	if typed != nil {
		view = *typed
	}
	if view.Week == nil {
		view.Late, view.Week = strconv.Itoa(stored.LateHours), weekLines(stored)
	}
	view.Base, view.Owner, view.Form, view.Problems = web.PageBase(c, "Calendar"), l.IsOwner(), form, problems
	if view.Revision == 0 || status == http.StatusConflict {
		view.Revision = stored.Revision
	}
	if view.Video == (videoForm{}) {
		video, err := s.Calendar.VideoSettings(ctx, l.PracticeID, l.CounselorID)
		if err != nil {
			return err
		}
		view.Video = videoForm{video.Revision, video.Link, video.LicenseLine()}
	}
	off, err := s.Calendar.DaysOff(ctx, l.PracticeID, l.CounselorID, s.Now())
	if err != nil {
		return err
	}
	for _, d := range off {
		line := offLine{d.ID, d.FirstDay + " to " + d.LastDay, "The whole practice", l.IsOwner()}
		first, last := dayWords(d.FirstDay), dayWords(d.LastDay)
		if line.Days = first; d.FirstDay != d.LastDay {
			line.Days = first + " to " + last
		}
		if d.CounselorID != nil {
			line.Whose, line.Mine = "You", true
		}
		view.Off = append(view.Off, line)
	}
	return web.Render(c, status, settingsPage, view)
}

// dayWords formats "2031-12-24" as "December 24, 2031".
func dayWords(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("January 2, 2006")
}

func weekLines(stored calendar.Settings) []hoursLine {
	var lines []hoursLine
	for day := range 7 {
		hours := stored.Hours[day]
		lines = append(
			lines,
			hoursLine{Day: day, Name: time.Weekday(day).String(), Opens: hours.Opens, Closes: hours.Closes},
		)
	}
	return lines
}

func (s *Server) saveSettings(c *gin.Context) error {
	got, err := web.Values(c)
	if err != nil {
		return err
	}
	typed := settingsView{Late: got.Get("late_hours")}
	typed.Revision, _ = strconv.Atoi(got.Get("base"))
	settings := calendar.Settings{Revision: typed.Revision, Hours: map[int]calendar.OpenHours{}}
	for day := range 7 {
		line := hoursLine{
			Day: day, Name: time.Weekday(day).String(), Opens: got.Get(fmt.Sprintf("opens.%d", day)),
			Closes: got.Get(fmt.Sprintf("closes.%d", day)),
		}
		typed.Week = append(typed.Week, line)
		if line.Opens != "" || line.Closes != "" {
			settings.Hours[day] = calendar.OpenHours{Weekday: day, Opens: line.Opens, Closes: line.Closes}
		}
	}
	if settings.LateHours, err = strconv.Atoi(strings.TrimSpace(typed.Late)); err != nil {
		settings.LateHours = -1 // a non-number is refused with the other problems
	}
	err = s.Calendar.SaveSettings(c.Request.Context(), web.LoginOf(c).PracticeID, settings)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		for i := range typed.Week {
			typed.Week[i].Problem = problems[fmt.Sprintf("opens.%d", i)]
		}
		return s.drawSettings(c, http.StatusUnprocessableEntity, &typed, offForm{Key: rand.Text()}, problems)
	}
	if errors.Is(err, fault.Conflict) {
		return s.drawSettings(c, http.StatusConflict, &typed, offForm{Key: rand.Text()},
			fault.Fields{"main": changedElsewhere})
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/calendar", "saved")
}

func (s *Server) addDaysOff(c *gin.Context) error {
	form, err := web.Bind[offForm](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	d := calendar.DaysOff{
		PracticeID: l.PracticeID, CounselorID: &l.CounselorID, FirstDay: form.FirstDay, LastDay: form.LastDay,
		FormKey: form.Key,
	}
	if form.Practice == "yes" && l.IsOwner() {
		d.CounselorID = nil
	}
	if d.LastDay == "" {
		d.LastDay = d.FirstDay
	}
	err = s.Calendar.AddDaysOff(c.Request.Context(), d)
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSettings(c, http.StatusUnprocessableEntity, nil, form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/calendar", "saved")
}

func (s *Server) removeDaysOff(c *gin.Context) error {
	form, err := web.Bind[struct {
		ID string `form:"id"`
	}](c)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	err = s.Calendar.RemoveDaysOff(c.Request.Context(), l.PracticeID, l.CounselorID, form.ID, l.IsOwner())
	if err != nil {
		return err
	}
	return web.Redirect(c, "/settings/calendar", "saved")
}
