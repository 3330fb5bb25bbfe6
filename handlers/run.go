package handlers

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/couples"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
	"mend/worksheets"
)

var runPage = page[runView]("sessions/run.html")

func (s *server) showRun(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	return s.drawRun(c, http.StatusOK, session, couple, nil, nil)
}

func (s *server) drawRun(c *gin.Context, status int, session sessions.Session, couple couples.Couple,
	retyped map[string]string, problems fault.Fields,
) error {
	if session.State == sessions.Planned {
		return redirect(c, "/sessions/"+session.ID, "")
	}
	fields, times, pages, err := s.soFar(c.Request.Context(), session, couple)
	if err != nil {
		return err
	}
	if err := s.Sessions.AddCopies(c.Request.Context(), session, login(c).Person(), fields); err != nil {
		return err
	}
	localTimes(fields, login(c).Zone())
	for field, value := range retyped { // what was typed is kept beside its problem
		f := fields[field]
		f.Value = value
		fields[field] = f
	}
	met, err := s.Sessions.Met(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	standings, err := s.Sessions.Standings(c.Request.Context(), couple)
	if err != nil {
		return err
	}
	builder := s.runBuilder(session, couple, fields, problems)
	view := builder.view()
	view.base = pageBase(c, "Session with "+couple.Names())
	view.Look, view.Steps = "run", s.stepLines(standings)
	view.Clock = clockOf(times)
	view.Gifts = s.gifts(session, couple)
	view.Key = rand.Text()
	view.Show = sideBySide(pages, fields["show"])
	view.Groups = builder.criteria(met)
	view.Homework = runHomeworkOf(worksheets.Homework(pages), session, fields)
	told, err := s.Worksheets.Boundaries(c.Request.Context(), couple, true)
	if err != nil {
		return err
	}
	view.Boundaries = boundaryLines(told, couple)
	return render(c, status, runPage, view)
}

// openHere is where a page of the homework is opened in the session. It is the
// same whether or not its author has begun it: both can see this screen.
func openHere(h sessions.HomeworkItem, session string) string {
	if h.Joint {
		return "/sessions/" + session + "/pages/" + h.ID
	}
	return "/assignments/" + h.ID + "/handed"
}

func clockOf(t sessions.Times) clockView {
	sec := func(d time.Duration) int { return int(d / time.Second) }
	return clockView{string(t.Now), sec(t.Total()), sec(t.A), sec(t.B), t.Pauses}
}

// saveRun stores the run's form as a whole, with scripts off.
func (s *server) saveRun(c *gin.Context) error {
	session, couple, err := s.session(c)
	if err != nil {
		return err
	}
	got, err := values(c)
	if err != nil {
		return err
	}
	decision, decided, err := s.takeDecision(c, got)
	if err != nil {
		return err
	}
	fields, err := prefixed(got, "v.", "key", "then")
	if err != nil {
		return err
	}
	err = s.Sessions.SaveRecord(c.Request.Context(), session, fields, got.Get("key"), s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return s.drawRun(c, http.StatusUnprocessableEntity, session, couple, fields, problems)
	}
	if err != nil {
		return err
	}
	if decided {
		_, err := s.Sessions.SaveField(c.Request.Context(), session, decision)
		return redirectUnless(c, err, "/sessions/"+session.ID+"/run")
	}
	return s.afterRun(c, session, couple, got.Get("then"))
}

// afterRun does what the pressed button asks for after the form was saved:
// turn the clock or end the session.
func (s *server) afterRun(c *gin.Context, session sessions.Session, couple couples.Couple, then string) error {
	ctx, path := c.Request.Context(), "/sessions/"+session.ID
	switch {
	case then == "end":
		if err := s.end(c, session, couple); err != nil {
			return err
		}
		return redirect(c, path, "ended")
	case then == "stop":
		return s.stop(c, session)
	case then != "":
		if err := s.Sessions.Turn(ctx, session, sessions.Kind(then), s.Now()); err != nil {
			return err
		}
	}
	if err := s.follow(c, session); err != nil {
		return err
	}
	return redirect(c, path+"/run", "saved")
}

func (s *server) saveSessionField(c *gin.Context) error {
	l := login(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return err
	}
	edit, err := s.readValue(c)
	if err != nil {
		return err
	}
	f, err := s.Sessions.SaveField(c.Request.Context(), session, edit)
	switch {
	case err != nil:
	case slices.Contains(onScreen, edit.Field):
		err = s.follow(c, session)
	default:
		err = s.Sessions.Changed(c.Request.Context(), session.ID)
	}
	return saved(c, f, err, l.Zone(), asIs)
}

type clockForm struct {
	Kind string `form:"kind"`
}

// turnClock turns to another kind of time and answers with the clock.
func (s *server) turnClock(c *gin.Context) error {
	l := login(c)
	session, err := s.Sessions.Find(c.Request.Context(), l.PracticeID, l.CounselorID, c.Param("session"))
	if err != nil {
		return err
	}
	form, err := bind[clockForm](c)
	if err != nil {
		return err
	}
	if err := s.Sessions.Turn(c.Request.Context(), session, sessions.Kind(form.Kind), s.Now()); err != nil {
		return err
	}
	if err := s.follow(c, session); err != nil {
		return err
	}
	if !wantsJSON(c) {
		return redirect(c, "/sessions/"+session.ID+"/run", "")
	}
	times, err := s.Sessions.Times(c.Request.Context(), session, s.Now())
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, clockJSON(times))
	return nil
}

// gifts are the worksheets of the step and to whom each may be given.
func (s *server) gifts(session sessions.Session, couple couples.Couple) []giftLine {
	step, _ := s.Sessions.Method().Step(session.Step)
	breach := couple.Breach(session.Breach())
	var gifts []giftLine
	for _, d := range s.Worksheets.Catalogue().ForStep(step.Number) {
		if d.Portal && !d.OnRequest {
			gifts = append(gifts, giftLine{d.ID, d.Title, givenTo(d, couple, breach)})
		}
	}
	return gifts
}

// givenTo are the ways in which d may be given to the couple.
func givenTo(d worksheets.Definition, couple couples.Couple, breach couples.Breach) []radio {
	name := func(side couples.Side) radio { return radio{string(side), couple.Partner(side).AddressAs, false} }
	switch d.FilledBy {
	case worksheets.Joint:
		return []radio{{"joint", "Both together", false}}
	case worksheets.ByHurt:
		return []radio{name(breach.Hurt())}
	case worksheets.ByBroke:
		return []radio{name(breach.Broke)}
	}
	return []radio{{"each", "Each, own copy", false}, name(couples.A), name(couples.B)}
}

func runHomeworkOf(items []sessions.HomeworkItem, session sessions.Session,
	fields map[string]fields.Field,
) []runHomework {
	var lines []runHomework
	for _, h := range items {
		f := fields["homework."+h.ID]
		if h.Session == session.ID || fields["review."+h.ID].Value == "" && f.Value == "" {
			continue
		}
		lines = append(lines, runHomework{h.Title, openHere(h, session.ID), radios("homework."+h.ID, h.Title, f,
			[]radio{
				{Value: "done", Label: "Done"},
				{Value: "partly", Label: "Partly"},
				{Value: "not-done", Label: "Not done"},
			})})
	}
	return lines
}

func radios(field, label string, f fields.Field, options []radio) radioField {
	r := radioField{field, label, f.Revision, slices.Clone(options), f.Value == ""}
	for i := range r.Options {
		r.Options[i].On = r.Options[i].Value == f.Value
	}
	return r
}

func texts(field, label string, f fields.Field, problem string) saveText {
	at := func(t time.Time) string { return t.Format("3:04 PM") }
	return saveText{
		Field: field, Label: label, Value: f.Value, Problem: problem, Revision: f.Revision,
		Limit: sessions.LimitOf(field), Versions: versions(f, at, asIs),
	}
}

func ticked(field, label string, f fields.Field) saveTick {
	return saveTick{Field: field, Label: label, Revision: f.Revision, On: f.Value != ""}
}

func has(list, item string) bool { return slices.Contains(strings.Split(list, ","), item) }
