package staff

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/sessions"
	"mend/worksheets"
)

type todayView struct {
	web.Base
	Date            string
	Today           []sessionLine
	Notes           []sessionLine // waiting for a signature
	CameIn          []receivedGroup
	Waiting, Urgent int // follow-ups

	First      bool // there is no couple yet
	Practice   bool // a practice run can be begun
	BackupLate bool // the last good backup is too old
	Little     bool // there is little room on the disk
}

// A sessionLine is a session in a list, ready to show.
type sessionLine struct {
	ID, Couple, When, Time, Step, State, Note string
	CoupleID                                  string
	Planned, Running                          bool
}

// A receivedGroup is what came in from one partner.
type receivedGroup struct {
	Who   string
	Pages []receivedLine
}

type receivedLine struct{ ID, Title, When string }

var todayPage = web.NewPage[todayView]("staff/today.html")

func (s *Server) showToday(c *gin.Context) error {
	l := web.LoginOf(c)
	now := s.Now().In(l.Zone())
	from := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, l.Zone())
	day, err := s.Sessions.Day(c.Request.Context(), l.PracticeID, l.CounselorID, from, from.AddDate(0, 0, 1))
	if err != nil {
		return err
	}
	incoming, err := s.Worksheets.Received(c.Request.Context(), l.PracticeID, l.CounselorID)
	if err != nil {
		return err
	}
	view := todayView{
		Base: web.PageBase(c, "Today"), Date: now.Format("Monday, January 2"), Practice: s.Rehearse != nil,
		BackupLate: s.BackupLate != nil && s.BackupLate(), Little: c.GetBool(web.LittleRoomKey),
	}
	for _, listed := range day {
		line := s.sessionLine(listed, l.Zone())
		if listed.Note == "draft" {
			view.Notes = append(view.Notes, line)
		}
		if listed.State == sessions.Running || !listed.StartsAt.Before(from) {
			view.Today = append(view.Today, line)
		}
	}
	view.CameIn = receivedGroups(incoming, l.Zone())
	if len(view.Today)+len(view.Notes)+len(view.CameIn) == 0 {
		some, err := s.Couples.HasAny(c.Request.Context(), l.PracticeID, l.CounselorID)
		if err != nil {
			return err
		}
		view.First = !some
	}
	if view.Waiting, view.Urgent, err = s.Couples.Waiting(c.Request.Context(), l.PracticeID, l.CounselorID); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, todayPage, view)
}

// receivedGroups groups pages by who sent them, whoever waits longest first.
func receivedGroups(incoming []worksheets.Incoming, zone *time.Location) []receivedGroup {
	var groups []receivedGroup
	place := map[string]int{}
	for _, in := range incoming {
		at, known := place[in.Page.Answer.PartnerID]
		if !known {
			at = len(groups)
			place[in.Page.Answer.PartnerID] = at
			groups = append(groups, receivedGroup{Who: in.Names})
		}
		groups[at].Pages = append(groups[at].Pages,
			receivedLine{in.Assignment.ID, in.Page.Worksheet.Title, web.Day(*in.SentAt, zone)})
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

// rehearse begins a practice run: a whole Mend with invented couples, for this
// browser alone, of which nothing is kept.
func (s *Server) rehearse(c *gin.Context) error {
	if s.Rehearse == nil {
		return fault.NotFound
	}
	if err := s.Rehearse(c.Writer); err != nil {
		return err
	}
	return web.Redirect(c, "/", "")
}

// endRehearsal leaves the practice run.
func (s *Server) endRehearsal(c *gin.Context) error {
	if s.EndRehearsal != nil {
		s.EndRehearsal(c.Writer, c.Request)
	}
	return web.Redirect(c, "/", "")
}
