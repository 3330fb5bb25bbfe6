package handlers

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"
)

type todayView struct {
	base
	Date   string
	Today  []sessionLine
	Notes  []sessionLine // waiting for a signature
	CameIn []cameInLine

	Practice   bool // a practice run can be begun
	BackupLate bool // the last good backup is too old
	Little     bool // there is little room on the disk
}

// A sessionLine is a session in a list, ready to show.
type sessionLine struct {
	ID, Couple, When, Step, State, Note string
	Running                             bool
}

type cameInLine struct{ ID, Who, Title, When string }

var todayPage = page[todayView]("today.html")

func (s *server) showToday(c *gin.Context) error {
	l := login(c)
	now := s.Now().In(l.Zone())
	from := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, l.Zone())
	day, err := s.Sessions.Day(c.Request.Context(), l.PracticeID, l.CounselorID, from, from.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	incoming, err := s.Worksheets.CameIn(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := todayView{base: top(c, "Today"), Date: now.Format("Monday, January 2"), Practice: s.Rehearse != nil, BackupLate: s.BackupLate != nil && s.BackupLate(), Little: c.GetBool(littleKey)}
	for _, listed := range day {
		line := s.sessionLine(listed, l.Zone())
		if listed.Note == "draft" {
			view.Notes = append(view.Notes, line)
		}
		if listed.State == sessions.Running || !listed.StartsAt.Before(from) {
			view.Today = append(view.Today, line)
		}
	}
	for _, in := range incoming {
		view.CameIn = append(view.CameIn, cameIn(in, l.Zone()))
	}
	return render(c, http.StatusOK, todayPage, view)
}

func cameIn(in worksheets.Incoming, zone *time.Location) cameInLine {
	return cameInLine{in.Assignment.ID, in.Names, in.Page.Worksheet.Title, moment(*in.SentAt, zone)}
}

var noteWords = map[string]string{"draft": "Note waits for your signature", "signed": "Note signed"}

func (s *server) sessionLine(l sessions.Listed, zone *time.Location) sessionLine {
	step, _ := s.Sessions.Method().Step(l.Step)
	state := map[sessions.State]string{sessions.Planned: "Planned", sessions.Running: "Running now", sessions.Ended: "Held"}[l.State]
	note := noteWords[l.Note]
	if l.Addend > 0 {
		note += ", with addendum"
	}
	return sessionLine{l.ID, l.AName + " and " + l.BName, moment(l.When(), zone), step.Title, state, note, l.State == sessions.Running}
}

// moment is a time as a person says it, in the practice's zone.
func moment(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon, Jan 2, 2006, 3:04 PM")
}

// rehearse begins a practice run: a whole Mend with invented couples, for this
// browser alone, of which nothing is kept.
func (s *server) rehearse(c *gin.Context) error {
	if s.Rehearse == nil {
		return fault.NotFound
	}
	if err := s.Rehearse(c.Writer); err != nil {
		return err
	}
	return redirect(c, "/", "")
}
