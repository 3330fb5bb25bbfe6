package staff

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/couples/treatment"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"
)

type todayView struct {
	web.Base
	Date            string
	Today           []sessionLine
	Week            []sessionLine // the next six days
	Notes           []dueNote
	CameIn          []receivedGroup
	Asked           []askedLine // who asked to cancel an appointment
	Waiting, Urgent int         // follow-ups
	Unsent          []unsentLine
	Reviews         []treatment.Due // treatment plans due for review
	Standalone      []noteDue       // unsigned standalone notes of joint records

	Start      []startStep // the checklist of a new practice
	Practice   bool        // a practice run can be started
	BackupLate bool        // the last good backup is too old
	LowSpace   bool        // disk space is low
}

// A sessionLine is a session in a list, formatted.
type sessionLine struct {
	ID, Couple, When, Time, Step, State, Note string
	CoupleID                                  string
	Appointment                               string // its id, if no session is planned for it yet
	Planned, Running                          bool
}

// An askedLine is a partner who asked to cancel an appointment.
type askedLine struct{ Appointment, Name, When string }

// Path returns the path of the session, or of its appointment if no session is planned for it.
func (l sessionLine) Path() string {
	switch {
	case l.ID == "":
		return "/appointments/" + l.Appointment
	case l.Running:
		return "/sessions/" + l.ID + "/run"
	}
	return "/sessions/" + l.ID
}

// A dueNote is a session with an unsigned note, the oldest of its couple.
type dueNote struct {
	sessionLine
	Age  string
	More int // further unsigned notes of the couple
}

// A receivedGroup holds the pages received from one couple, oldest first.
type receivedGroup struct {
	Couple string // its id
	Pages  []receivedLine
	More   int // further pages, listed on the couple's own page
}

type receivedLine struct{ ID, Who, Title, When string }

// receivedAtOnce is the number of pages per couple that Today shows.
const receivedAtOnce = 3

var todayPage = web.NewPage[todayView]("staff/today.html")

func (s *Server) showToday(c *gin.Context) error {
	l := web.LoginOf(c)
	now := s.Now().In(l.Zone())
	from := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, l.Zone())
	tomorrow, later := from.AddDate(0, 0, 1), from.AddDate(0, 0, 7)
	coming, err := s.Calendar.Between(c.Request.Context(), l.PracticeID, l.CounselorID, from, later)
	if err != nil {
		return err
	}
	listed, err := s.Sessions.Day(c.Request.Context(), l.PracticeID, l.CounselorID, from, later)
	if err != nil {
		return err
	}
	incoming, err := s.Worksheets.Received(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := todayView{
		Base: web.PageBase(c, "Today"), Date: now.Format("Monday, January 2"), Practice: s.BeginSandbox != nil,
		BackupLate: s.BackupLate != nil && s.BackupLate(), LowSpace: c.GetBool(web.LowSpaceKey),
	}
	view.Today, view.Week = s.dayLines(c, coming, listed, from, tomorrow)
	asked, err := s.Calendar.Requests(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	for _, r := range asked {
		view.Asked = append(
			view.Asked,
			askedLine{r.AppointmentID, web.NamesOf(c, r.RecordNo, r.Name), web.Moment(r.StartsAt, l.Zone())},
		)
	}
	view.Notes = s.dueNotes(c, listed)
	view.CameIn = receivedGroups(c, incoming)
	if len(view.Notes)+len(view.CameIn) == 0 {
		if view.Start, err = s.startSteps(c); err != nil {
			return err
		}
	}
	if view.Waiting, view.Urgent, err = s.Couples.Waiting(c.Request.Context(), l.PracticeID, l.CounselorID); err != nil {
		return err
	}
	if view.Reviews, err = s.plansToReview(c); err != nil {
		return err
	}
	if view.Standalone, err = s.standaloneDue(c, false); err != nil {
		return err
	}
	if view.Unsent, err = s.unsentReminders(c); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, todayPage, view)
}

// dayLines returns the running sessions and appointments of today, and the planned ones of the days
// after. Canceled and missed ones appear in the calendar only.
func (s *Server) dayLines(c *gin.Context, coming []calendar.Listed, listed []sessions.Listed,
	from, tomorrow time.Time,
) (today, week []sessionLine) {
	zone := web.LoginOf(c).Zone()
	sessionOf := map[string]sessions.Listed{}
	for _, found := range listed {
		sessionOf[found.ID] = found
		if found.State == sessions.Running && found.StartsAt.Before(from) {
			line := s.sessionLine(found, zone)
			line.Couple = web.NamesOf(c, found.RecordNo, line.Couple)
			today = append(today, line)
		}
	}
	for _, a := range coming {
		if a.State != calendar.Planned && a.State != calendar.Held {
			continue
		}
		line := sessionLine{
			Appointment: a.ID, Couple: a.Names(), When: web.Moment(a.StartsAt, zone), Time: web.Clock(a.StartsAt, zone),
			CoupleID: a.CoupleID, Planned: true,
		}
		if found, ok := sessionOf[a.Session()]; ok {
			line = s.sessionLine(found, zone)
		}
		line.Couple = web.NamesOf(c, a.RecordNo, line.Couple)
		if a.StartsAt.Before(tomorrow) {
			today = append(today, line)
		} else {
			week = append(week, line)
		}
	}
	return today, week
}

// dueNotes returns the unsigned notes, one per couple, oldest first.
func (s *Server) dueNotes(c *gin.Context, listed []sessions.Listed) []dueNote {
	zone := web.LoginOf(c).Zone()
	var due []dueNote
	place := map[string]int{}
	for _, found := range listed { // oldest first
		if found.Note != "draft" {
			continue
		}
		at, known := place[found.CoupleID]
		if known {
			due[at].More++
			continue
		}
		place[found.CoupleID] = len(due)
		line := s.sessionLine(found, zone)
		line.Couple = web.NamesOf(c, found.RecordNo, line.Couple)
		due = append(due, dueNote{sessionLine: line, Age: age(found.When(), s.Now(), zone)})
	}
	return due
}

// age formats how many calendar days ago at was, in zone.
func age(at, now time.Time, zone *time.Location) string {
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	switch days := int(midnight(now).Sub(midnight(at)).Hours() / 24); {
	case days <= 0:
		return "today"
	case days == 1:
		return "yesterday"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}

// receivedGroups groups pages by couple, the longest-waiting couple first.
func receivedGroups(c *gin.Context, incoming []worksheets.Incoming) []receivedGroup {
	zone := web.LoginOf(c).Zone()
	var groups []receivedGroup
	place := map[string]int{}
	for _, in := range incoming {
		at, known := place[in.CoupleID]
		if !known {
			at = len(groups)
			place[in.CoupleID] = at
			groups = append(groups, receivedGroup{Couple: in.CoupleID})
		}
		group := &groups[at]
		if len(group.Pages) == receivedAtOnce {
			group.More++
			continue
		}
		group.Pages = append(group.Pages,
			receivedLine{
				in.Assignment.ID, web.NamesOf(c, in.RecordNo, in.Names), in.Page.Worksheet.Title, web.Day(*in.SentAt, zone),
			})
	}
	return groups
}

var noteWords = map[string]string{"draft": "Note needs your signature", "signed": "Note signed"}

func (s *Server) sessionLine(l sessions.Listed, zone *time.Location) sessionLine {
	step, _ := s.Sessions.Method().Step(l.Step)
	state := map[sessions.State]string{
		sessions.Planned: "Planned", sessions.Running: "Running now",
		sessions.Ended: "Held",
	}[l.State]
	note := noteWords[l.Note]
	if l.Addend > 0 {
		note += ", with addendum"
	}
	return sessionLine{
		ID: l.ID, Couple: l.AName + " and " + l.BName, When: web.Moment(l.When(), zone),
		Time: l.When().In(zone).Format("3:04 PM"), Step: step.Title,
		State: state, Note: note, CoupleID: l.CoupleID,
		Planned: l.State == sessions.Planned, Running: l.State == sessions.Running,
	}
}

// beginSandbox starts a practice run: a separate Mend with invented couples, for this browser only, of
// which nothing is saved.
func (s *Server) beginSandbox(c *gin.Context) error {
	if s.BeginSandbox == nil {
		return fault.NotFound
	}
	if err := s.BeginSandbox(c.Writer); err != nil {
		return err
	}
	return web.Redirect(c, "/", "")
}

// endSandbox ends the practice run.
func (s *Server) endSandbox(c *gin.Context) error {
	if s.EndSandbox != nil {
		s.EndSandbox(c.Writer, c.Request)
	}
	return web.Redirect(c, "/", "")
}
