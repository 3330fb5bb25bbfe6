package homework

import (
	"crypto/rand"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"mend/accounts"
	"mend/handlers/surface"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/sessions"
	"mend/worksheets"
)

type fillView struct {
	web.Base
	Worksheet worksheets.Definition
	Path      string // the form's action; single fields are saved below it
	Questions []Question
	Key       string
	Seen      int
	Problems  fault.Fields
	Changed   bool         // the page was changed elsewhere since it was loaded
	Partner   bool         // filled in by a partner, not by the counselor
	Readers   i18n.Message // who will read it
	Policy    string       // the sentence of the privacy policy that applies
	Joint     bool
	Handover  bool         // answered on the counselor's device, which locks afterward
	Send      i18n.Message // label of the submit button, "" for no button
	Hints     []worksheets.Hint
	Unsaved   bool   // shows what was typed, not what is saved
	AtOnce    bool   // submitted whole, without autosave
	ReadBy    string // the day by which the counselor will read it, "" if no answer is urgent
}

// MustAnswer reports whether a question can neither be left empty nor declined.
func (v fillView) MustAnswer() bool {
	return slices.ContainsFunc(v.Questions, func(q Question) bool { return q.Required && !q.Sensitive })
}

// readers returns the sentence above a page about who will read it.
func readers(f worksheets.OpenPage) i18n.Message {
	if f.IsSlip() {
		return "worksheet.readers.both_reviewed"
	}
	return f.Page.Worksheet.WhoReads()
}

// submitLabel returns the label of the button that submits a page, or "" if there is none.
func submitLabel(f worksheets.OpenPage) i18n.Message {
	switch {
	case f.IsJoint():
		return ""
	case !f.Page.Worksheet.Portal:
		return "Finish and lock"
	}
	return "action.send_to_my_counselor"
}

// RoleFrom returns, for the script, the field whose answer decides the role, followed by each
// answer with its role.
func (v fillView) RoleFrom() string {
	from := v.Worksheet.RoleFrom
	if from == nil {
		return ""
	}
	words := []string{from.Field}
	for _, answer := range slices.Sorted(maps.Keys(from.Roles)) {
		words = append(words, answer+"="+string(from.Roles[answer]))
	}
	return strings.Join(words, " ")
}

// A Question is a field of a worksheet with its current answer.
type Question struct {
	worksheets.Field
	Name     string // of its form inputs
	Value    worksheets.Value
	Problem  i18n.Message
	Revision int
	Last     bool // the last question with an answer, where the page reopens
	Missing  int  // characters that were cut off in transit
	Versions []web.Version
	Lines    []tableLine
	Numbers  accounts.CrisisLines // crisis lines to show next to the question
}

// A tableLine is one row of a table, with inputs.
type tableLine struct {
	Number int
	Cells  []Question
}

// Sending is how a form is submitted.
type Sending int

// A form is autosaved or submitted whole. Unsent answers are their author's alone, so under
// somebody else's login (paper entry, handover) the form is submitted whole.
const (
	WhileTyping Sending = iota
	AtOnce
)

// A FormContext is where a page is filled in: its address, how it is submitted, and what replaces the
// page's own title, button and readers.
type FormContext struct {
	Path    string
	Sent    Sending
	Title   string
	Send    i18n.Message // label of the submit button
	NoSend  bool         // there is no submit button
	Readers i18n.Message
}

// apply replaces the page's title, button and readers with those of the place.
func (p FormContext) apply(view *fillView) {
	if p.Title != "" {
		view.Title = p.Title
	}
	if p.Send != "" || p.NoSend {
		view.Send = p.Send
	}
	if p.Readers != "" {
		view.Readers = p.Readers
	}
}

var fillPage = web.NewPage[fillView]("homework/page.html")

// AskPage renders the form of a page with values and problems.
func (s *Server) AskPage(c *gin.Context, status int, f worksheets.OpenPage, values map[string]worksheets.Value,
	at FormContext, problems fault.Fields,
) error {
	view := fillView{
		Base: web.PageBase(c, f.Page.Worksheet.Title), Worksheet: f.Page.Worksheet, Path: at.Path,
		Key: rand.Text(), Seen: f.Seen(),
		Problems: problems, Unsaved: status != http.StatusOK, Changed: status == http.StatusConflict,
		Partner: !web.LoginOf(c).IsCounselor(), Readers: readers(f), Joint: f.IsJoint(), Send: submitLabel(f),
	}
	if f.ReadBy != nil {
		view.ReadBy = dayWords(c, *f.ReadBy)
	}
	view.Policy, view.Hints = f.Policy().In(web.Speaks(c)).Sentence, view.Worksheet.Hints()
	view.Look, view.AtOnce, view.Handover = "filling", at.Sent == AtOnce, view.Surface == surface.Handover
	at.apply(&view)
	if view.Partner {
		view.Draft = f.Assignment.ID
	}
	if !view.AtOnce {
		if err := s.Worksheets.AddCopies(c.Request.Context(), f, web.LoginOf(c).Person()); err != nil {
			return err
		}
	}
	clock := func(t time.Time) string { return web.Date(c, t.In(web.LoginOf(c).Zone()), "date.time_zone") }
	for _, field := range f.Page.Worksheet.Fields {
		if hiddenByRole(field, f) {
			continue
		}
		q := NewQuestion(field, "a."+field.ID, values[field.ID])
		if field.CrisisLines {
			q.Numbers = view.Frame.Lines
		}
		saved := f.Saved[field.ID]
		q.Revision, q.Missing, q.Problem = saved.Revision, saved.Missing, problems["a."+field.ID]
		q.Versions = web.Versions(saved, clock, func(text string) string { return displayAnswer(field, text) })
		view.Questions = append(view.Questions, q)
	}
	markLast(view.Questions)
	return web.Render(c, status, fillPage, view)
}

// markLast marks the last question with an answer, so that the page reopens there.
func markLast(questions []Question) {
	for i := len(questions) - 1; i > 0; i-- {
		if !questions[i].Value.Blank() {
			questions[i].Last = true
			return
		}
	}
}

// dayWords formats a stored day with its weekday.
func dayWords(c *gin.Context, day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return web.Date(c, d, "date.weekday")
}

// hiddenByRole reports whether a field is for the other role in this breach. Where an answer
// decides the role, the script shows and hides the field instead.
func hiddenByRole(f worksheets.Field, filling worksheets.OpenPage) bool {
	follows := filling.Page.Worksheet.RoleFrom != nil
	return !follows && f.Role != "" && f.Role != sessions.RoleBoth &&
		filling.Role != sessions.RoleBoth && f.Role != filling.Role
}
