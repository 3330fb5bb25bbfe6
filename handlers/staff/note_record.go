package staff

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
)

// fromRecord fills in what was ticked in the session, which can be edited together with its note.
func (view *noteView) fromRecord(m *sessions.Method, w sessions.NoteDraft) {
	step, _ := m.Step(w.Facts.Session.Step)
	view.Ticks = web.RecordTicksOf(m, step, w.Facts.Couple, w.Record)
	view.Activity = web.Texts("activity.own", "Another activity", w.Record["activity.own"],
		view.Problems["activity.own"])
	view.Tool = web.Texts("intervention.own", "Another intervention", w.Record["intervention.own"],
		view.Problems["intervention.own"])
	view.NoneReviewed = web.Ticked("homework.none", "No homework was reviewed in this session", w.Record["homework.none"])
	for i, p := range view.Ticks.People {
		view.Ticks.People[i].Attendance.Label = p.Name
	}
	for _, h := range reviewed(w) {
		view.Homework = append(view.Homework, web.HomeworkStates(h, w.Record["homework."+h.ID]))
	}
}

// Lacks reports whether a required tick is missing at a slot; the page then opens that slot.
func (view noteView) Lacks(slot string) bool {
	return slices.ContainsFunc(view.Missing, func(m missingPart) bool { return m.Field == slot })
}

// HasWords reports whether an optional prompt has text or a problem; the page then opens them.
func (view noteView) HasWords() bool {
	return slices.ContainsFunc(append(view.Words, view.Prompts["service"]), func(t web.SaveText) bool {
		return t.Value != "" || t.Problem != "" || len(t.Versions) > 0
	})
}

// TimesProblem reports whether the times as typed have a problem.
func (view noteView) TimesProblem() bool {
	for field := range view.Problems {
		if strings.HasPrefix(field, "times.") {
			return true
		}
	}
	return false
}

// mostReviewed is the number of homework pages that a note asks about if none was chosen for
// review.
const mostReviewed = 3

// reviewed returns the joint pages that the session reviewed: those chosen for it, or else the
// latest.
func reviewed(w sessions.NoteDraft) []sessions.HomeworkItem {
	var chosen, latest []sessions.HomeworkItem
	for _, h := range w.Facts.Homework {
		if !h.Joint || h.Session == w.Facts.Session.ID {
			continue
		}
		latest = append(latest, h)
		if w.Facts.Record.Has("review."+h.ID) || w.Facts.Record.Has("homework."+h.ID) {
			chosen = append(chosen, h)
		}
	}
	if len(chosen) == 0 {
		return latest[:min(len(latest), mostReviewed)]
	}
	return chosen
}

// takeTimes removes the session's times from the fields of the note's form and returns them, or nil
// if the form has none.
func takeTimes(fields map[string]string) *timesForm {
	if _, ok := fields["times.start"]; !ok {
		return nil
	}
	take := func(name string) string {
		value := fields["times."+name]
		delete(fields, "times."+name)
		return value
	}
	return &timesForm{
		take("date"), take("start"), take("stop"), take("a_minutes"), take("b_minutes"), take("paused_minutes"),
		take("twice"), take("base"),
	}
}

// on returns the form, based on another revision of the session.
func (f timesForm) on(base string) timesForm {
	f.Base = base
	return f
}

// saveTimes corrects the session's times if the form differs from them, and returns the session's
// new revision.
func (s *Server) saveTimes(c *gin.Context, session sessions.Session, form timesForm) (int, error) {
	ctx, zone := c.Request.Context(), web.LoginOf(c).Zone()
	spent, err := s.Sessions.Times(ctx, session, s.Now())
	if err != nil {
		return 0, err
	}
	if timesFormOf(session, spent, zone).on(form.Base) == form {
		return session.Revision, nil
	}
	correction, bad := form.correction(zone)
	if bad["twice"] != "" {
		bad["start"] = "The clock shows this time twice that day. Choose one under “Correct times” on the session page."
		delete(bad, "twice")
	}
	err = bad.Err()
	if err == nil {
		err = s.Sessions.Correct(ctx, session, correction, s.Now())
	}
	if errors.Is(err, fault.Conflict) {
		err = fault.Fields{"start": "The times were changed in another window. Reload the page to see them."}
	}
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		named := fault.Fields{}
		for field, problem := range problems {
			named["times."+field] = problem
		}
		err = named
	}
	return correction.Base + 1, err
}

// saveTimesField autosaves the times, which are one field of the page.
func (s *Server) saveTimesField(c *gin.Context, session sessions.Session) (fields.Field, error) {
	edit, got, err := s.ReadEdit(c)
	if err != nil {
		return fields.Field{}, err
	}
	typed, err := web.Prefixed(got, "v.")
	if err != nil {
		return fields.Field{}, err
	}
	form := takeTimes(typed)
	delete(typed, "times")
	if form == nil || len(typed) > 0 {
		return fields.Field{}, fault.Malformed
	}
	revision, err := s.saveTimes(c, session, form.on(strconv.Itoa(edit.Base)))
	return fields.Field{Name: "times", Revision: revision, SavedAt: s.Now()}, err
}
