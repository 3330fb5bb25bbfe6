package handlers

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/typed"
	"mend/sessions"
	"mend/worksheets"
)

// A planForm is a session as planned. Activities and homework stand beside it,
// as v.planned.ACTIVITY and v.review.ASSIGNMENT.
type planForm struct {
	Key, Date, Time, Minutes, Place, Detail, Step, Breach, Plan, Revision string
}

// readPlan takes a planForm and the ticks beside it from the body.
func readPlan(got url.Values) (planForm, map[string]string, error) {
	ticks, err := prefixed(got, "v.", "key", "date", "time", "minutes", "place", "place_detail", "step", "breach", "plan", "revision")
	f := planForm{got.Get("key"), got.Get("date"), got.Get("time"), strings.TrimSpace(got.Get("minutes")), got.Get("place"),
		strings.TrimSpace(got.Get("place_detail")), got.Get("step"), got.Get("breach"), unix(got.Get("plan")), got.Get("revision")}
	return f, ticks, err
}

// session reads the form into s and returns what cannot be read, by field.
func (f planForm) session(s *sessions.Session, couple couples.Couple, zone *time.Location) fault.Fields {
	bad := fault.Fields{}
	var err error
	if s.StartsAt, err = dateTime(f.Date, f.Time, zone); err != nil {
		bad["date"] = "Give the date and time."
	}
	if s.Minutes, err = strconv.Atoi(f.Minutes); err != nil {
		bad["minutes"] = "Give the length in whole minutes."
	}
	s.Place, s.PlaceDetail, s.Step, s.FormKey, s.BreachID = f.Place, f.Detail, f.Step, f.Key, nil
	if f.Breach != "" {
		id := couple.Breach(f.Breach).ID
		s.BreachID = &id
	}
	return bad
}

type planView struct {
	base
	Couple   couples.Couple
	Session  string // the session that is planned again, "" for a new one
	Form     planForm
	Steps    []stepLine
	Planned  []tick // activities of the step
	Review   []tick // homework to go through
	Problems fault.Fields
}

var planPage = page[planView]("sessions/plan.html")

func (s *server) newSession(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	at := s.Now().In(login(c).Zone()).Add(time.Hour).Truncate(time.Hour)
	form := planForm{Key: rand.Text(), Date: at.Format(time.DateOnly), Time: at.Format("15:04"), Minutes: "50", Place: "office",
		Step: c.Query("step"), Breach: couple.Breach("").ID}
	if form.Step == "" {
		standings, err := s.Sessions.Standings(c.Request.Context(), couple)
		if err != nil {
			return err
		}
		form.Step = s.currentStep(standings)
	}
	return s.askPlan(c, http.StatusOK, couple, sessions.Session{}, form, nil, nil)
}

// currentStep is the last step that is worked on, or intake.
func (s *server) currentStep(standings map[string]sessions.Standing) string {
	steps := s.Sessions.Method().Steps
	current := steps[0].ID
	for _, step := range steps {
		if state := standings[step.ID].State; state == sessions.Working || state == sessions.Returned {
			current = step.ID
		}
	}
	return current
}

func (s *server) askPlan(c *gin.Context, status int, couple couples.Couple, session sessions.Session, form planForm, ticks map[string]string, problems fault.Fields) error {
	pages, err := s.Worksheets.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	view := planView{base: top(c, "Plan a session"), Couple: couple, Session: session.ID, Form: form,
		Steps: s.stepLines(nil), Problems: problems}
	step, _ := s.Sessions.Method().Step(form.Step)
	for _, a := range step.Activities {
		view.Planned = append(view.Planned, tick{a.ID, a.Title + " (" + strconv.Itoa(a.Minutes) + " min)", ticks["planned."+a.ID] != ""})
	}
	for _, h := range worksheets.Homework(pages) {
		view.Review = append(view.Review, tick{h.ID, h.Title, ticks["review."+h.ID] != ""})
	}
	return render(c, status, planPage, view)
}

func (s *server) planSession(c *gin.Context) error {
	couple, err := s.couple(c)
	if err != nil {
		return err
	}
	got, err := values(c)
	if err != nil {
		return err
	}
	form, ticks, err := readPlan(got)
	if err != nil {
		return err
	}
	l := login(c)
	session := sessions.Session{PracticeID: l.PracticeID, CoupleID: couple.ID, CounselorID: l.CounselorID}
	bad := form.session(&session, couple, l.Zone())
	fields := withPlan(ticks, form.Plan, form.Step, s.Sessions.Method())
	err = bad.Err()
	if err == nil {
		err = s.Sessions.Plan(c.Request.Context(), &session, fields, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askPlan(c, http.StatusUnprocessableEntity, couple, sessions.Session{}, form, ticks, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID, "planned")
}

// withPlan puts the typed plan beside the ticks. Activities of a step that is
// no longer the session's are dropped: the page cannot know the next step's
// before it is chosen.
func withPlan(ticks map[string]string, plan, step string, m *sessions.Method) map[string]string {
	fields := map[string]string{"plan": plan}
	def, _ := m.Step(step)
	for field, value := range ticks {
		if id, ok := strings.CutPrefix(field, "planned."); ok {
			if _, known := def.Activity(id); !known {
				continue
			}
		}
		fields[field] = value
	}
	return fields
}

func (s *server) editPlan(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	if session.State != sessions.Planned {
		return fault.Locked
	}
	record, err := s.Sessions.Record(c.Request.Context(), session)
	if err != nil {
		return err
	}
	at := session.StartsAt.In(login(c).Zone())
	ticks := typed.Values(record)
	form := planForm{rand.Text(), at.Format(time.DateOnly), at.Format("15:04"), strconv.Itoa(session.Minutes), session.Place,
		session.PlaceDetail, session.Step, session.Breach(), ticks["plan"], strconv.Itoa(session.Revision)}
	return s.askPlan(c, http.StatusOK, couple, session, form, ticks, nil)
}

func (s *server) savePlan(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	got, err := values(c)
	if err != nil {
		return err
	}
	form, ticks, err := readPlan(got)
	if err != nil {
		return err
	}
	bad := form.session(&session, couple, login(c).Zone())
	session.Revision, _ = strconv.Atoi(form.Revision)
	err = bad.Err()
	if err == nil {
		err = s.Sessions.Replan(c.Request.Context(), &session, withPlan(ticks, form.Plan, form.Step, s.Sessions.Method()), form.Key, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askPlan(c, http.StatusUnprocessableEntity, couple, session, form, ticks, problems)
	}
	if err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID, "planned")
}

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

func (s *server) drawSession(c *gin.Context, status int, session sessions.Session, couple couples.Couple, form *timesForm, problems fault.Fields) error {
	ctx, zone := c.Request.Context(), login(c).Zone()
	fields, err := s.Sessions.Record(ctx, session)
	if err != nil {
		return err
	}
	times, err := s.Sessions.Times(ctx, session, s.Now())
	if err != nil {
		return err
	}
	pages, err := s.Worksheets.ForCouple(ctx, couple)
	if err != nil {
		return err
	}
	record := sessions.Record(typed.Values(fields))
	step, _ := s.Sessions.Method().Step(session.Step)
	view := sessionView{base: top(c, "Session of "+session.When().In(zone).Format("January 2, 2006")), Couple: couple, Session: session,
		Step: step, Name: stepName(step), When: moment(session.When(), zone), Spent: spent(times), Plan: record["plan"],
		Form: timesFormOf(session, times, zone), Problems: problems, Noted: noted(record, couple)}
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
	for _, line := range homeworkLines(pages, couple) {
		if record.Has("review." + line.ID) {
			view.Review = append(view.Review, line)
		}
	}
	return render(c, status, sessionPage, view)
}

// noted is what was typed in the session, with its labels.
func noted(r sessions.Record, couple couples.Couple) []notedLine {
	lines := []notedLine{
		{"Focus", r["focus"]}, {"Observed", r["observation"]}, {"Between the partners", r["interaction"]},
		{couple.Partners[0].AddressAs + " came in", r["checkin.A"]}, {couple.Partners[1].AddressAs + " came in", r["checkin.B"]},
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
	session, _, err := s.session(c)
	if err != nil {
		return err
	}
	if err := s.Sessions.End(c.Request.Context(), session, s.Now()); err != nil {
		return err
	}
	return redirect(c, "/sessions/"+session.ID, "ended")
}

// A timesForm is the times of a session as typed.
type timesForm struct {
	Date   string `form:"date"`
	Start  string `form:"start"`
	Stop   string `form:"stop"`
	A      string `form:"a_minutes"`
	B      string `form:"b_minutes"`
	Paused string `form:"paused_minutes"`
	Base   string `form:"base"`
}

func timesFormOf(s sessions.Session, t sessions.Times, zone *time.Location) timesForm {
	spent := spent(t)
	stop := s.When().Add(time.Duration(s.Minutes) * time.Minute)
	if s.EndedAt != nil {
		stop = *s.EndedAt
	}
	return timesForm{s.When().In(zone).Format(time.DateOnly), s.When().In(zone).Format("15:04"), stop.In(zone).Format("15:04"),
		strconv.Itoa(spent.A), strconv.Itoa(spent.B), strconv.Itoa(spent.Paused), strconv.Itoa(s.Revision)}
}

// correction reads the form. A stop before the start is of the next day.
func (f timesForm) correction(zone *time.Location) (sessions.Correction, fault.Fields) {
	bad := fault.Fields{}
	var cor sessions.Correction
	var err error
	if cor.StartedAt, err = dateTime(f.Date, f.Start, zone); err != nil {
		bad["start"] = "Give the date and the time as hours and minutes."
	}
	if cor.EndedAt, err = dateTime(f.Date, f.Stop, zone); err != nil {
		bad["stop"] = "Give the time as hours and minutes."
	}
	for _, n := range []struct {
		field, typed string
		to           *int
	}{{"a_minutes", f.A, &cor.AMinutes}, {"b_minutes", f.B, &cor.BMinutes}, {"paused_minutes", f.Paused, &cor.PausedMinutes}, {"base", f.Base, &cor.Base}} {
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
