package staff

import (
	"cmp"
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"net/url"
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
	"mend/internal/i18n"
	"mend/sessions"
	"mend/worksheets"
)

// A planForm is a planned session as typed. The rest of the plan is kept in the session's record:
// activities and their order, the outline, own prompts, homework to review.
type planForm struct {
	Key, Date, Time, Minutes, Place, Detail, Step, Breach, Plan, Revision string

	Appointment string // the appointment to plan for; "" books a new one

	Twice   string // which of the two times when clocks are set back
	Move    string // moves this activity up instead of saving
	Refresh string // shows the chosen step's activities instead of saving
}

// saves reports whether the form is to be stored.
func (f planForm) saves() bool { return f.Move == "" && f.Refresh == "" }

// readPlan reads a planForm and its checkboxes from the body.
func readPlan(got url.Values) (planForm, map[string]string, error) {
	ticks, err := web.Prefixed(got, "v.", "key", "date", "time", "minutes", "place", "place_detail",
		"step", "breach", "plan",
		"revision", "move", "twice", "refresh", "appointment")
	f := planForm{
		Key: got.Get("key"), Date: got.Get("date"), Time: got.Get("time"), Minutes: strings.TrimSpace(got.Get("minutes")),
		Place: got.Get("place"), Detail: strings.TrimSpace(got.Get("place_detail")), Step: got.Get("step"),
		Breach: got.Get("breach"), Plan: web.UnixLines(got.Get("plan")), Revision: got.Get("revision"),
		Appointment: got.Get("appointment"), Twice: got.Get("twice"), Move: got.Get("move"), Refresh: got.Get("refresh"),
	}
	return f, ticks, err
}

// session parses the form into s and returns the problems by field.
func (f planForm) session(s *sessions.Session, couple couples.Couple, zone *time.Location) fault.Fields {
	bad := fault.Fields{}
	var err error
	if s.StartsAt, err = calendar.LocalTime(f.Date, f.Time, f.Twice, zone); err != nil {
		bad["date"] = web.TimeProblem(err, "Enter the date and time.")
	}
	if errors.Is(err, calendar.ErrTimeAmbiguous) {
		bad["twice"] = "Choose one."
	}
	if s.Minutes, err = strconv.Atoi(f.Minutes); err != nil {
		bad["minutes"] = "Enter the length in whole minutes."
	}
	s.Place, s.PlaceDetail, s.Step, s.FormKey, s.BreachID = f.Place, f.Detail, f.Step, f.Key, nil
	s.AppointmentID, s.Zone = f.Appointment, zone.String()
	if f.Breach != "" {
		id := couple.Breach(f.Breach).ID
		s.BreachID = &id
	}
	return bad
}

type planView struct {
	web.Base
	Couple   couples.Couple
	Session  string // the session being edited, "" for a new one
	Form     planForm
	Steps    []web.StepLine
	Planned  []tick // activities of the step in planned order
	Order    string // their ids
	Arc      []partLine
	Prompts  string
	Review   []tick // homework to review
	Problems fault.Fields
}

var planPage = web.NewPage[planView]("staff/sessions/plan.html")

func (s *Server) newSession(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	at := s.Now().In(web.LoginOf(c).Zone()).Add(time.Hour).Truncate(time.Hour)
	form := planForm{
		Key: rand.Text(), Date: at.Format(time.DateOnly), Time: at.Format("15:04"), Minutes: "50", Place: "office",
		Step: c.Query("step"), Breach: couple.Breach("").ID, Appointment: c.Query("appointment"),
	}
	if id := c.Query("appointment"); id != "" {
		l := web.LoginOf(c)
		a, err := s.Calendar.Find(c.Request.Context(), l.PracticeID, l.CounselorID, id)
		if err == nil && a.CoupleID != couple.ID {
			err = fault.NotFound
		}
		if err != nil {
			return err
		}
		form.takeTime(a.Slot, l.Zone())
	}
	if form.Step == "" {
		standings, err := s.Sessions.Standings(c.Request.Context(), couple)
		if err != nil {
			return err
		}
		form.Step = s.currentStep(standings)
	}
	return s.askPlan(c, http.StatusOK, couple, sessions.Session{}, form, nil, nil)
}

// currentStep returns the last step that is in progress, or intake.
func (s *Server) currentStep(standings map[string]sessions.Standing) string {
	steps := s.Sessions.Method().Steps
	current := steps[0].ID
	for _, step := range steps {
		if state := standings[step.ID].State; state == sessions.Working || state == sessions.Returned {
			current = step.ID
		}
	}
	return current
}

func (s *Server) askPlan(c *gin.Context, status int, couple couples.Couple, session sessions.Session, form planForm,
	ticks map[string]string, problems fault.Fields,
) error {
	pages, err := s.Worksheets.ForCouple(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	view := planView{
		Base: web.PageBase(c, "Plan a session"), Couple: couple, Session: session.ID, Form: form,
		Steps: s.StepLines(nil), Problems: problems,
	}
	step, _ := s.Sessions.Method().Step(form.Step)
	record := sessions.Record(ticks)
	length, _ := strconv.Atoi(form.Minutes)
	view.Arc, view.Prompts = partLines(record, length), record["prompts"]
	activities := moveActivityUp(record.InOrder(step), form.Move)
	view.Order = idsOf(activities)
	for _, a := range activities {
		view.Planned = append(view.Planned,
			tick{a.ID, a.Title + " (" + strconv.Itoa(a.Minutes) + " min)", ticks["planned."+a.ID] != ""})
	}
	view.Review = reviewTicks(pages, couple, web.LoginOf(c).Zone(), ticks)
	return web.Render(c, status, planPage, view)
}

// reviewTicks returns the pages that a session may review, labeled with the partner and the
// assignment date.
func reviewTicks(pages []worksheets.Page, couple couples.Couple, zone *time.Location, ticks map[string]string) []tick {
	var list []tick
	for i, p := range pages {
		if !p.Portal || i > 0 && pages[i-1].Assignment.ID == p.Assignment.ID {
			continue
		}
		line := homeworkLineOf(p, couple)
		given := p.CreatedAt.In(zone).Format("Jan 2")
		list = append(list,
			tick{line.ID, line.Title + ", " + line.For + ", assigned " + given, ticks["review."+line.ID] != ""})
	}
	return list
}

func (s *Server) planSession(c *gin.Context) error {
	couple, err := s.Couple(c)
	if err != nil {
		return err
	}
	got, err := web.Values(c)
	if err != nil {
		return err
	}
	form, ticks, err := readPlan(got)
	if err != nil {
		return err
	}
	l := web.LoginOf(c)
	session := sessions.Session{
		PracticeID: l.PracticeID, CoupleID: couple.ID,
		CounselorID: l.CounselorID, Reader: couple.Reader,
	}
	bad := form.session(&session, couple, l.Zone())
	fields, left := withPlan(ticks, form.Plan, form.Step, s.Sessions.Method())
	if !form.saves() {
		return s.askPlan(c, http.StatusOK, couple, sessions.Session{}, form, ticks, droppedActivities(left))
	}
	maps.Copy(bad, droppedActivities(left))
	err = bad.Err()
	if err == nil {
		err = s.Sessions.Plan(c.Request.Context(), &session, fields, s.Now())
	}
	if status, problems := refusedPlan(err); problems != nil {
		return s.askPlan(c, status, couple, sessions.Session{}, form, ticks, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID, "planned")
}

// A partLine is a part of the session outline with its minutes as typed.
type partLine struct {
	sessions.ArcPart
	Value string
}

func partLines(record sessions.Record, length int) []partLine {
	var lines []partLine
	for _, p := range record.ArcOf(length) {
		lines = append(lines, partLine{p, cmp.Or(record["part."+p.ID], strconv.Itoa(p.Minutes))})
	}
	return lines
}

// moveActivityUp moves the activity with the given id up by one.
func moveActivityUp(list []sessions.Activity, id string) []sessions.Activity {
	for i, a := range list {
		if i > 0 && a.ID == id {
			list[i-1], list[i] = list[i], list[i-1]
			break
		}
	}
	return list
}

func idsOf(list []sessions.Activity) string {
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	return strings.Join(ids, ",")
}

// withPlan adds the typed plan to the checkboxes, and returns the titles of checked activities that
// belong to another step. The page lists only one step's activities, so changing the step leaves
// these behind.
func withPlan(ticks map[string]string, plan, step string,
	m *sessions.Method,
) (fields map[string]string, left []string) {
	fields = map[string]string{"plan": plan}
	def, _ := m.Step(step)
	for field, value := range ticks {
		id, planned := strings.CutPrefix(field, "planned.")
		_, known := def.Activity(id)
		switch {
		case !planned || known:
			fields[field] = value
		case value != "":
			left = append(left, TitleOf(id, m))
		}
	}
	slices.Sort(left)
	return fields, left
}

// TitleOf returns the title of an activity of any step.
func TitleOf(activity string, m *sessions.Method) string {
	for _, step := range m.Steps {
		if a, ok := step.Activity(activity); ok {
			return a.Title
		}
	}
	return activity
}

// droppedActivities returns a problem if the step was changed while activities of another one were
// checked, so that none is dropped silently.
func droppedActivities(left []string) fault.Fields {
	if len(left) == 0 {
		return nil
	}
	return fault.Fields{
		"step": i18n.Plain("You changed the step. These activities belong to the previous step and are no longer planned: "+
			"%s. Choose from the activities below, then save again.", strings.Join(left, "; ")),
	}
}

func (s *Server) editPlan(c *gin.Context) error {
	session, couple, err := s.Session(c)
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
	appointment, err := s.Sessions.AppointmentOf(c.Request.Context(), session)
	if err != nil {
		return err
	}
	ticks := fields.Values(record)
	form := planForm{
		Key: rand.Text(), Step: session.Step, Breach: session.Breach(), Plan: ticks["plan"],
		Revision: strconv.Itoa(session.Revision),
	}
	form.takeTime(appointment.Slot, web.LoginOf(c).Zone())
	return s.askPlan(c, http.StatusOK, couple, session, form, ticks, nil)
}

func (s *Server) savePlan(c *gin.Context) error {
	session, couple, err := s.Session(c)
	if err != nil {
		return err
	}
	got, err := web.Values(c)
	if err != nil {
		return err
	}
	form, ticks, err := readPlan(got)
	if err != nil {
		return err
	}
	bad := form.session(&session, couple, web.LoginOf(c).Zone())
	fields, left := withPlan(ticks, form.Plan, form.Step, s.Sessions.Method())
	if !form.saves() {
		return s.askPlan(c, http.StatusOK, couple, session, form, ticks, droppedActivities(left))
	}
	session.Revision, _ = strconv.Atoi(form.Revision)
	maps.Copy(bad, droppedActivities(left))
	err = bad.Err()
	if err == nil {
		err = s.Sessions.Replan(c.Request.Context(), &session, fields, form.Key, s.Now())
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.askPlan(c, http.StatusUnprocessableEntity, couple, session, form, ticks, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/sessions/"+session.ID, "planned")
}
