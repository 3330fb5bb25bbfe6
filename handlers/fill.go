package handlers

import (
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

	"mend/accounts"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
	"mend/worksheets"
)

type fillView struct {
	base
	Worksheet worksheets.Definition
	Path      string // where the form goes; fields are saved below it
	Questions []question
	Key       string
	Seen      int
	Problems  fault.Fields
	Changed   bool   // the page was changed elsewhere meanwhile
	Partner   bool   // a partner fills it, not the counselor
	Readers   string // who will read it
	Policy    string // the sentence of the privacy policy it is under
	Joint     bool
	Handover  bool   // answered on the counselor's device, which locks afterwards
	Send      string // the word on the button that sends, "" for none
	Hints     []worksheets.Hint
	Unsaved   bool   // what is shown is what was typed, not what is saved
	AtOnce    bool   // sent whole, without saving while typing
	ReadBy    string // the day by which the counselor reads it, "" where nothing says that it cannot wait
}

// readers says who will read a page, above it.
func readers(f worksheets.OpenPage) string {
	if f.IsSlip() {
		return "Only your counselor reads what you answer here. Your counselor reviews every joint worksheet before it " +
			"opens to both of you."
	}
	return f.Page.Worksheet.WhoReads()
}

// sendWord is the word on the button that sends a page.
func sendWord(f worksheets.OpenPage) string {
	switch {
	case f.IsJoint():
		return ""
	case !f.Page.Worksheet.Portal:
		return "Finish and lock"
	}
	return "Send to my counselor"
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

// A question is a field of a worksheet with what was answered so far.
type question struct {
	worksheets.Field
	Name     string // of its inputs
	Value    worksheets.Value
	Problem  string
	Revision int
	Missing  int // characters that did not arrive
	Versions []version
	Lines    []tableLine
	Numbers  accounts.CrisisLines // the help numbers, where they stand beside the question
}

// A tableLine is one row of a table, with room to type.
type tableLine struct {
	Number int
	Cells  []question
}

var fillPage = page[fillView]("my/page.html")

// askPage shows a page to be filled, with values and problems.
func (s *server) askPage(c *gin.Context, status int, f worksheets.OpenPage, values map[string]worksheets.Value,
	path string, problems fault.Fields,
) error {
	view := fillView{
		base: pageBase(c, f.Page.Worksheet.Title), Worksheet: f.Page.Worksheet, Path: path, Key: rand.Text(), Seen: f.Seen(),
		Problems: problems, Unsaved: status != http.StatusOK, Changed: status == http.StatusConflict,
		Partner: !login(c).IsCounselor(), Readers: readers(f), Joint: f.IsJoint(), Send: sendWord(f),
	}
	if strings.HasSuffix(path, "/handover") {
		view.Title, view.Look, view.Readers, view.Send, view.Handover = tell(c, "A few questions"), "handover",
			"Only your counselor reads this.", "", true
	}
	if f.ReadBy != nil {
		view.ReadBy = dayWords(c, *f.ReadBy)
	}
	view.Policy, view.Hints = f.Policy().In(speaks(c)).Sentence, view.Worksheet.Hints()
	view.AtOnce = atOnce(path)
	if strings.HasSuffix(path, "/handed") {
		view.Title, view.Look, view.Send, view.Handover = tell(c, "A page for you"), "handover",
			tell(c, "Send it, and lock the screen"), true
	}
	if strings.HasSuffix(path, "/paper") {
		view.Send = "Save as completed on paper"
	}
	view.Look = strings.TrimSpace(view.Look + " filling")
	if view.Partner {
		view.Draft = f.Assignment.ID
	}
	if !view.AtOnce {
		if err := s.Worksheets.AddCopies(c.Request.Context(), f, login(c).Person()); err != nil {
			return err
		}
	}
	clock := func(t time.Time) string { return date(c, t.In(login(c).Zone()), "3:04 PM MST") }
	for _, field := range f.Page.Worksheet.Fields {
		if hiddenByRole(field, f) {
			continue
		}
		q := ask(field, "a."+field.ID, values[field.ID])
		if field.CrisisLines {
			q.Numbers = view.Frame.Lines
		}
		saved := f.Saved[field.ID]
		q.Revision, q.Missing, q.Problem = saved.Revision, saved.Missing, problems["a."+field.ID]
		q.Versions = versions(saved, clock, func(text string) string { return inWords(field, text) })
		view.Questions = append(view.Questions, q)
	}
	return render(c, status, fillPage, view)
}

// atOnce tells whether a page is sent whole, without saving while somebody
// types: it is its author's alone, who is not signed in there.
func atOnce(path string) bool {
	return strings.HasSuffix(path, "/handed") || strings.HasSuffix(path, "/paper")
}

// dayWords is a stored day as people say it.
func dayWords(c *gin.Context, day string) string {
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return date(c, d, "Monday, January 2")
}

// hiddenByRole tells whether a field is for the other role in this breach.
// Where the role follows an answer, the page itself shows and hides it.
func hiddenByRole(f worksheets.Field, filling worksheets.OpenPage) bool {
	follows := filling.Page.Worksheet.RoleFrom != nil
	return !follows && f.Role != "" && f.Role != sessions.RoleBoth &&
		filling.Role != sessions.RoleBoth && f.Role != filling.Role
}

// A finder finds the page that a path names, as whoever fills it may see it.
type finder func(*gin.Context) (worksheets.OpenPage, error)

// savePage stores a form that was sent whole and, if its button says so, sends
// the page. Where that fails, find reads the page once more.
func (s *server) savePage(c *gin.Context, f worksheets.OpenPage, find finder, path, then string) error {
	got, err := values(c)
	if err != nil {
		return err
	}
	decision, decided, err := s.takeDecision(c, got)
	if err != nil {
		return err
	}
	for name := range got {
		if !strings.HasPrefix(name, "a.") && name != "key" && name != "seen" && name != "do" {
			return fault.Malformed
		}
	}
	if len(f.Page.Worksheet.Unknown(got)) > 0 {
		return fault.Malformed
	}
	form := worksheets.Form{Key: got.Get("key"), Send: got.Get("do") == "send", By: login(c).Person()}
	form.Seen, err = strconv.Atoi(got.Get("seen"))
	if err != nil || form.Key == "" {
		return fault.Malformed
	}
	var problems fault.Fields
	form.Values, problems = readAnswers(f, got)
	if err = problems.Err(); err == nil {
		err = s.Worksheets.SaveForm(c.Request.Context(), f, form, s.Now())
	}
	problems, ok := errors.AsType[fault.Fields](err)
	switch {
	case ok:
		return s.askPageAgain(c, http.StatusUnprocessableEntity, find, form, path, problems)
	case errors.Is(err, fault.Conflict):
		if !atOnce(path) {
			form.Values = nil // what was typed is kept beside what is saved
		}
		return s.askPageAgain(c, http.StatusConflict, find, form, path, nil)
	case err != nil:
		return err
	case decided:
		_, err := s.Worksheets.SaveAnswer(c.Request.Context(), f, decision, worksheets.Value{})
		return redirectUnless(c, err, path)
	case form.Send && !f.IsJoint():
		return redirect(c, then, "sent")
	}
	return redirect(c, then, "kept")
}

// readAnswers reads the answers of a form that was sent whole, and what is
// wrong with them.
func readAnswers(f worksheets.OpenPage, got url.Values) (map[string]worksheets.Value, fault.Fields) {
	answers, problems := map[string]worksheets.Value{}, fault.Fields{}
	for _, field := range f.Page.Worksheet.Fields {
		v, problem := field.Read(got)
		answers[field.ID] = v
		if problem != "" {
			problems["a."+field.ID] = problem
		}
	}
	return answers, problems
}

// askPageAgain shows the page with what was typed: what could be saved has been.
func (s *server) askPageAgain(c *gin.Context, status int, find finder, form worksheets.Form, path string,
	problems fault.Fields,
) error {
	again, err := find(c)
	if err != nil {
		return err
	}
	shown := form.Values
	if shown == nil {
		shown = again.Values
	}
	return s.askPage(c, status, again, shown, path, problems)
}

// savePageField stores one field while somebody types.
func (s *server) savePageField(c *gin.Context, f worksheets.OpenPage) error {
	edit, got, err := s.readEdit(c)
	if err != nil {
		return err
	}
	field, stored, problem, err := s.saveAnswer(c, f, edit, got)
	if problem != "" {
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": tell(c, problem)})
		return nil
	}
	return saved(c, stored, err, login(c).Zone(), func(text string) string { return inWords(field, text) })
}

// saveAnswer stores the answer that got holds to the field of edit, or says
// what is wrong with it.
func (s *server) saveAnswer(c *gin.Context, f worksheets.OpenPage, edit fieldEdit,
	got url.Values,
) (field worksheets.Field, stored fields.Field, problem string, err error) {
	field, ok := f.Page.Worksheet.Field(edit.Field)
	if !ok || hiddenByRole(field, f) {
		return field, stored, "", fault.Malformed
	}
	for name := range got {
		if !field.Owns(name) {
			return field, stored, "", fault.Malformed
		}
	}
	value, problem := field.Read(got)
	if problem != "" {
		return field, stored, problem, nil
	}
	edit.Value = value.Encode()
	if edit.part != nil {
		edit.Patch = func(current string) (string, error) {
			was, err := field.Decode(current)
			if err == nil {
				value.Text, err = edit.part.in(was.Text, strings.ReplaceAll(got.Get("a."+field.ID), "\r\n", "\n"))
			}
			return value.Encode(), err
		}
	}
	stored, err = s.Worksheets.SaveAnswer(c.Request.Context(), f, edit.Edit, value)
	return field, stored, "", err
}

// inWords is a stored answer as a person reads it.
func inWords(field worksheets.Field, text string) string {
	value, err := field.Decode(text)
	if err != nil {
		return ""
	}
	return strings.Join(field.Show(value), "\n")
}
