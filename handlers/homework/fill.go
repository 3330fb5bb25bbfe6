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
	Path      string // where the form goes; fields are saved below it
	Questions []Question
	Key       string
	Seen      int
	Problems  fault.Fields
	Changed   bool         // the page was changed elsewhere meanwhile
	Partner   bool         // a partner fills it, not the counselor
	Readers   i18n.Message // who will read it
	Policy    string       // the sentence of the privacy policy it is under
	Joint     bool
	Handover  bool         // answered on the counselor's device, which locks afterwards
	Send      i18n.Message // the word on the button that sends, "" for none
	Hints     []worksheets.Hint
	Unsaved   bool   // what is shown is what was typed, not what is saved
	AtOnce    bool   // sent whole, without saving while typing
	ReadBy    string // the day by which the counselor reads it, "" where nothing says that it cannot wait
}

// readers says who will read a page, above it.
func readers(f worksheets.OpenPage) i18n.Message {
	if f.IsSlip() {
		return "worksheet.readers.both_reviewed"
	}
	return f.Page.Worksheet.WhoReads()
}

// sendWord is the word on the button that sends a page.
func sendWord(f worksheets.OpenPage) i18n.Message {
	switch {
	case f.IsJoint():
		return ""
	case !f.Page.Worksheet.Portal:
		return "Finish and lock"
	}
	return "action.send_to_my_counselor"
}

// RoleFrom tells the script which answer gives the role: the field, then each
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

// A Question is a field of a worksheet with what was answered so far.
type Question struct {
	worksheets.Field
	Name     string // of its inputs
	Value    worksheets.Value
	Problem  i18n.Message
	Revision int
	Last     bool // the last one with an answer, where the page reopens
	Missing  int  // characters that did not arrive
	Versions []web.Version
	Lines    []tableLine
	Numbers  accounts.CrisisLines // the help numbers, where they stand beside the question
}

// A tableLine is one row of a table, with room to type.
type tableLine struct {
	Number int
	Cells  []Question
}

// Sending is how a form reaches the server.
type Sending int

// A form is saved while somebody types, or sent whole: what is its author's alone
// is, where they are not signed in.
const (
	WhileTyping Sending = iota
	AtOnce
)

// A Place is where a page is filled: its address, how it is sent, and what stands
// there in place of the page's own title, button and readers.
type Place struct {
	Path    string
	Sent    Sending
	Title   string
	Send    i18n.Message // the button
	NoSend  bool         // there is no button that sends
	Readers i18n.Message
}

// apply puts the place's own words in place of the page's.
func (p Place) apply(view *fillView) {
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

// AskPage shows a page to be filled, with values and problems.
func (s *Server) AskPage(c *gin.Context, status int, f worksheets.OpenPage, values map[string]worksheets.Value,
	at Place, problems fault.Fields,
) error {
	view := fillView{
		Base: web.PageBase(c, f.Page.Worksheet.Title), Worksheet: f.Page.Worksheet, Path: at.Path,
		Key: rand.Text(), Seen: f.Seen(),
		Problems: problems, Unsaved: status != http.StatusOK, Changed: status == http.StatusConflict,
		Partner: !web.LoginOf(c).IsCounselor(), Readers: readers(f), Joint: f.IsJoint(), Send: sendWord(f),
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
		q := Ask(field, "a."+field.ID, values[field.ID])
		if field.CrisisLines {
			q.Numbers = view.Frame.Lines
		}
		saved := f.Saved[field.ID]
		q.Revision, q.Missing, q.Problem = saved.Revision, saved.Missing, problems["a."+field.ID]
		q.Versions = web.Versions(saved, clock, func(text string) string { return inWords(field, text) })
		view.Questions = append(view.Questions, q)
	}
	markLast(view.Questions)
	return web.Render(c, status, fillPage, view)
}

// markLast marks the last question with an answer: that is where somebody stopped.
func markLast(questions []Question) {
	for i := len(questions) - 1; i > 0; i-- {
		if !questions[i].Value.Blank() {
			questions[i].Last = true
			return
		}
	}
}

// dayWords is a stored day as people say it.
func dayWords(c *gin.Context, day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return web.Date(c, d, "date.weekday")
}

// hiddenByRole tells whether a field is for the other role in this breach.
// Where the role follows an answer, the page itself shows and hides it.
func hiddenByRole(f worksheets.Field, filling worksheets.OpenPage) bool {
	follows := filling.Page.Worksheet.RoleFrom != nil
	return !follows && f.Role != "" && f.Role != sessions.RoleBoth &&
		filling.Role != sessions.RoleBoth && f.Role != filling.Role
}
