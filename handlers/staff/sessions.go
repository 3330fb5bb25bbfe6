package staff

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/calendar"
	"mend/couples"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
	"mend/worksheets"
)

type sessionView struct {
	web.Base
	Couple   couples.Couple
	Session  sessions.Session
	Step     sessions.Step
	Name     string
	When     string
	Spent    timesLine
	Plan     string
	Planned  []string
	Review   []homeworkLine
	Done     []string
	Noted    []notedLine
	Form     timesForm
	Problems fault.Fields
	Off      bool        // its appointment was canceled or missed
	Resumes  bool        // it ended a short time ago and can go on
	After    []afterLine // what remains to be done after it
}

// An afterLine is an item of the checklist after a session.
type afterLine struct {
	Done       bool
	Text, Link string
}

// afterChecklist returns the checklist of an ended session whose note is unsigned.
func (s *Server) afterChecklist(ctx context.Context, session sessions.Session, couple couples.Couple,
	pages []worksheets.Page,
) ([]afterLine, error) {
	if session.State != sessions.Ended || session.Signed {
		return nil, nil
	}
	given := slices.ContainsFunc(pages,
		func(p worksheets.Page) bool { return p.SessionID != nil && *p.SessionID == session.ID })
	next, err := s.Calendar.Next(ctx, couple.PracticeID, couple.ID, s.Now())
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	risk, err := s.Sessions.MentionsRisk(ctx, session)
	if err != nil {
		return nil, err
	}
	note := "/sessions/" + session.ID + "/note"
	lines := []afterLine{
		{given, "Assign homework (optional)", "/couples/" + couple.ID + "/worksheets"},
		{next.ID != "", "Plan the next session", "/couples/" + couple.ID + "/sessions/new"},
		{risk, "Document risk in the note", note + "#risk"},
		{false, "Review and sign the draft note", note},
	}
	for i, done := range []string{"Homework assigned", "Next session planned", "Risk documented"} {
		if lines[i].Done {
			lines[i].Text = done
		}
	}
	return lines, nil
}

// timesLine is how a session's time was spent, in minutes.
type timesLine struct{ Total, Joint, A, B, Paused int }

func spent(t sessions.Times) timesLine {
	m := func(d time.Duration) int { return int(d.Round(time.Minute) / time.Minute) }
	return timesLine{m(t.Total()), m(t.Joint), m(t.A), m(t.B), m(t.Paused)}
}

type notedLine struct{ Label, Text string }

var sessionPage = web.NewPage[sessionView]("staff/sessions/show.html")

func (s *Server) showSession(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	return s.drawSession(c, http.StatusOK, session, couple, nil, nil)
}

func (s *Server) drawSession(c *gin.Context, status int, session sessions.Session, couple couples.Couple,
	form *timesForm, problems fault.Fields,
) error {
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	saved, times, pages, err := s.SessionState(ctx, session, couple)
	if err != nil {
		return err
	}
	record := sessions.Record(fields.Values(saved))
	step, _ := s.Sessions.Method().Step(session.Step)
	view := sessionView{
		Base: web.PageBase(c, "Session of "+session.When().In(zone).Format("January 2, 2006")), Couple: couple,
		Session: session, Resumes: session.CanResume(s.Now()),
		Step: step, Name: step.Title, When: web.Moment(session.When(), zone), Spent: spent(times), Plan: record["plan"],
		Form: timesFormOf(session, times, zone), Problems: problems, Noted: sessionTexts(record, couple),
	}
	if form != nil {
		view.Form = *form
	}
	for _, a := range step.Activities {
		if record.Has("planned." + a.ID) {
			view.Planned = append(view.Planned, a.Title)
		}
		if record.Has("activity." + a.ID) {
			view.Done = append(view.Done, a.Title)
		}
	}
	for _, line := range s.homeworkLines(c, pages, couple) {
		if record.Has("review." + line.ID) {
			view.Review = append(view.Review, line)
		}
	}
	if view.Off, err = s.Calendar.IsOff(ctx, session.PracticeID, session.ID); err != nil {
		return err
	}
	if view.After, err = s.afterChecklist(ctx, session, couple, pages); err != nil {
		return err
	}
	return web.Render(c, status, sessionPage, view)
}

// sessionTexts returns what was typed in the session, labeled.
func sessionTexts(r sessions.Record, couple couples.Couple) []notedLine {
	lines := []notedLine{
		{"Focus", r["focus"]},
		{"Observed", r["observation"]},
		{"Interaction", r["interaction"]},
		{couple.Partners[0].AddressAs + "’s check-in", r["checkin.A"]},
		{couple.Partners[1].AddressAs + "’s check-in", r["checkin.B"]},
	}
	return slices.DeleteFunc(lines, func(l notedLine) bool { return l.Text == "" })
}

// A timesForm is a session's times as typed.
type timesForm struct {
	Date   string `form:"date"`
	Start  string `form:"start"`
	Stop   string `form:"stop"`
	A      string `form:"a_minutes"`
	B      string `form:"b_minutes"`
	Paused string `form:"paused_minutes"`
	Twice  string `form:"twice"` // which of the two times when clocks are set back
	Base   string `form:"base"`
}

func timesFormOf(s sessions.Session, t sessions.Times, zone *time.Location) timesForm {
	spent := spent(t)
	stop := s.When().Add(time.Duration(s.Minutes) * time.Minute)
	if s.EndedAt != nil {
		stop = *s.EndedAt
	}
	return timesForm{
		s.When().In(zone).Format(time.DateOnly), s.When().In(zone).Format("15:04"), stop.In(zone).Format("15:04"),
		strconv.Itoa(spent.A), strconv.Itoa(spent.B), strconv.Itoa(spent.Paused), calendar.WhichOccurrence(s.When().In(zone)),
		strconv.Itoa(s.Revision),
	}
}

// correction parses the form. A stop before the start is on the next day.
func (f timesForm) correction(zone *time.Location) (sessions.Correction, fault.Fields) {
	bad := fault.Fields{}
	var cor sessions.Correction
	var err error
	if cor.StartedAt, err = calendar.LocalTime(f.Date, f.Start, f.Twice, zone); err != nil {
		bad["start"] = web.TimeProblem(err, "Enter a date and a time, such as 4:00 PM.")
	}
	twice := errors.Is(err, calendar.ErrTimeAmbiguous)
	if cor.EndedAt, err = calendar.LocalTime(f.Date, f.Stop, f.Twice, zone); err != nil {
		bad["stop"] = web.TimeProblem(err, "Enter a time, such as 4:00 PM.")
	}
	if twice || errors.Is(err, calendar.ErrTimeAmbiguous) {
		bad["twice"] = "Choose one."
	}
	for _, n := range []struct {
		field, typed string
		to           *int
	}{
		{"a_minutes", f.A, &cor.AMinutes},
		{"b_minutes", f.B, &cor.BMinutes},
		{"paused_minutes", f.Paused, &cor.PausedMinutes},
		{"base", f.Base, &cor.Base},
	} {
		if *n.to, err = strconv.Atoi(strings.TrimSpace(n.typed)); err != nil {
			bad[n.field] = "Enter whole minutes, or 0 for none."
		}
	}
	return cor, bad
}

func (s *Server) correctTimes(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	form, err := web.Bind[timesForm](c)
	if err != nil {
		return err
	}
	correction, bad := form.correction(web.LoginOf(c).Zone())
	err = bad.Err()
	if err == nil {
		err = s.Sessions.Correct(c.Request.Context(), session, correction, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawSession(c, http.StatusUnprocessableEntity, session, couple, &form, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID, "saved")
}
