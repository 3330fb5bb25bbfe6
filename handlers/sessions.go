package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
	"mend/worksheets"
)

type sessionView struct {
	base
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
	After    []afterLine // what is left to do once it has ended
}

// An afterLine is one thing to do after a session, or done.
type afterLine struct {
	Done       bool
	Text, Link string
}

// after is the checklist behind an ended session whose note is not signed.
func (s *server) after(ctx context.Context, session sessions.Session, couple couples.Couple,
	pages []worksheets.Page,
) ([]afterLine, error) {
	if session.State != sessions.Ended || session.Signed {
		return nil, nil
	}
	given := slices.ContainsFunc(pages,
		func(p worksheets.Page) bool { return p.SessionID != nil && *p.SessionID == session.ID })
	next, err := s.Sessions.NextJoint(ctx, couple.PracticeID, couple.ID, s.Now())
	if err != nil && !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	risk, err := s.Sessions.RiskLookedAt(ctx, session)
	if err != nil {
		return nil, err
	}
	note := "/sessions/" + session.ID + "/note"
	lines := []afterLine{
		{given, "Give homework, or leave it for now", "/couples/" + couple.ID + "/worksheets"},
		{next.ID != "", "Plan the next session", "/couples/" + couple.ID + "/sessions/new"},
		{risk, "Look at risk, and say so in the note", note + "#risk"},
		{false, "Read what is drafted, and sign the note", note},
	}
	for i, done := range []string{"Homework was given", "The next session is planned", "Risk was looked at"} {
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

var sessionPage = page[sessionView]("sessions/show.html")

func (s *server) showSession(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	return s.drawSession(c, http.StatusOK, session, couple, nil, nil)
}

func (s *server) drawSession(c *gin.Context, status int, session sessions.Session, couple couples.Couple,
	form *timesForm, problems fault.Fields,
) error {
	ctx, zone := c.Request.Context(), login(c).Zone()
	saved, times, pages, err := s.soFar(ctx, session, couple)
	if err != nil {
		return err
	}
	record := sessions.Record(fields.Values(saved))
	step, _ := s.Sessions.Method().Step(session.Step)
	view := sessionView{
		base: pageBase(c, "Session of "+session.When().In(zone).Format("January 2, 2006")), Couple: couple, Session: session,
		Step: step, Name: stepName(step), When: moment(session.When(), zone), Spent: spent(times), Plan: record["plan"],
		Form: timesFormOf(session, times, zone), Problems: problems, Noted: noted(record, couple),
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
	if view.After, err = s.after(ctx, session, couple, pages); err != nil {
		return err
	}
	return render(c, status, sessionPage, view)
}

// soFar returns what was ticked and typed in a session, how its time was spent,
// and the couple's homework.
func (s *server) soFar(ctx context.Context, session sessions.Session,
	couple couples.Couple,
) (map[string]fields.Field, sessions.Times, []worksheets.Page, error) {
	fields, err := s.Sessions.Record(ctx, session)
	if err != nil {
		return nil, sessions.Times{}, nil, err
	}
	times, err := s.Sessions.Times(ctx, session, s.Now())
	if err != nil {
		return nil, times, nil, err
	}
	pages, err := s.Worksheets.ForCouple(ctx, couple)
	return fields, times, pages, err
}

// noted is what was typed in the session, with its labels.
func noted(r sessions.Record, couple couples.Couple) []notedLine {
	lines := []notedLine{
		{"Focus", r["focus"]},
		{"Observed", r["observation"]},
		{"Between the partners", r["interaction"]},
		{couple.Partners[0].AddressAs + " came in", r["checkin.A"]},
		{couple.Partners[1].AddressAs + " came in", r["checkin.B"]},
	}
	return slices.DeleteFunc(lines, func(l notedLine) bool { return l.Text == "" })
}

func (s *server) startSession(c *gin.Context) error {
	session, _, err := s.session(c)
	if err != nil {
		return err
	}
	if err := s.Sessions.Start(c.Request.Context(), session, s.Now()); err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID+"/run", "")
}

func (s *server) endSession(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	if err := s.end(c, session, couple); err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID, "ended")
}

// end ends a session, and what its screen shows.
func (s *server) end(c *gin.Context, session sessions.Session, couple couples.Couple) error {
	ctx := c.Request.Context()
	if err := s.Sessions.End(ctx, session, s.Now()); err != nil {
		return err
	}
	spoken, err := s.forBoth(ctx, couple)
	if err != nil {
		return err
	}
	return s.Sessions.Show(ctx, session, sessions.Screen{Mode: sessions.ScreenOver, Language: spoken.Tag})
}

// A timesForm is the times of a session as typed.
type timesForm struct {
	Date   string `form:"date"`
	Start  string `form:"start"`
	Stop   string `form:"stop"`
	A      string `form:"a_minutes"`
	B      string `form:"b_minutes"`
	Paused string `form:"paused_minutes"`
	Twice  string `form:"twice"` // which of two times that the clocks show the same
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
		strconv.Itoa(spent.A), strconv.Itoa(spent.B), strconv.Itoa(spent.Paused), whichOf(s.When().In(zone)),
		strconv.Itoa(s.Revision),
	}
}

// correction reads the form. A stop before the start is of the next day.
func (f timesForm) correction(zone *time.Location) (sessions.Correction, fault.Fields) {
	bad := fault.Fields{}
	var cor sessions.Correction
	var err error
	if cor.StartedAt, err = localTime(f.Date, f.Start, f.Twice, zone); err != nil {
		bad["start"] = timeProblem(err, "Give the date and the time as hours and minutes.")
	}
	twice := errors.Is(err, errTimeTwice)
	if cor.EndedAt, err = localTime(f.Date, f.Stop, f.Twice, zone); err != nil {
		bad["stop"] = timeProblem(err, "Give the time as hours and minutes.")
	}
	if twice || errors.Is(err, errTimeTwice) {
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
			bad[n.field] = "Give whole minutes, 0 if none."
		}
	}
	return cor, bad
}

func (s *server) correctTimes(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	form, err := bind[timesForm](c)
	if err != nil {
		return err
	}
	correction, bad := form.correction(login(c).Zone())
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
	return redirect(c, "/sessions/"+session.ID, "saved")
}
