package homework

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/i18n"
	"mend/worksheets"
)

// A finder loads the page that a path names, with what the person filling it in may see.
type finder func(*gin.Context) (worksheets.OpenPage, error)

// SavePage stores a form that was submitted whole and sends the page if that button was pressed. If
// it fails, find reloads the page to show it again.
func (s *Server) SavePage(c *gin.Context, f worksheets.OpenPage, find finder, at FormContext, then string) error {
	got, err := web.Values(c)
	if err != nil {
		return err
	}
	decision, decided, err := s.TakeDecision(c, got)
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
	form := worksheets.Form{Key: got.Get("key"), Send: got.Get("do") == "send", By: web.LoginOf(c).Person()}
	form.Seen, err = strconv.Atoi(got.Get("seen"))
	if err != nil || form.Key == "" {
		return fault.Malformed
	}
	var problems fault.Fields
	form.Values, problems = ReadAnswers(f, got)
	if err = problems.Err(); err == nil {
		err = s.Worksheets.SaveForm(c.Request.Context(), f, form, s.Now())
	}
	problems, ok := errors.AsType[fault.Fields](err)
	switch {
	case ok:
		return s.askPageAgain(c, http.StatusUnprocessableEntity, find, form, at, problems)
	case errors.Is(err, fault.Conflict):
		if at.Sent == WhileTyping {
			form.Values = nil // the save stored what was typed as a copy, so show what is saved
		}
		return s.askPageAgain(c, http.StatusConflict, find, form, at, nil)
	case err != nil:
		return err
	case decided:
		_, err := s.Worksheets.SaveAnswer(c.Request.Context(), f, decision, worksheets.Value{})
		return web.RedirectUnless(c, err, at.Path)
	case form.Send && !f.IsJoint():
		return web.Redirect(c, then, "sent")
	}
	return web.Redirect(c, then, "kept")
}

// ReadAnswers reads the answers of a form that was submitted whole, with the problems by field.
func ReadAnswers(f worksheets.OpenPage, got url.Values) (map[string]worksheets.Value, fault.Fields) {
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

// askPageAgain renders the form again with what was typed.
func (s *Server) askPageAgain(c *gin.Context, status int, find finder, form worksheets.Form, at FormContext,
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
	return s.AskPage(c, status, again, shown, at, problems)
}

// SavePageField autosaves one field.
func (s *Server) SavePageField(c *gin.Context, f worksheets.OpenPage) error {
	edit, got, err := s.ReadEdit(c)
	if err != nil {
		return err
	}
	field, stored, problem, err := s.SaveAnswer(c, f, edit, got)
	if problem != "" {
		c.JSON(http.StatusUnprocessableEntity, gin.H{"problem": web.Tell(c, problem)})
		return nil
	}
	return web.Saved(c, stored, err, web.LoginOf(c).Zone(), func(text string) string { return displayAnswer(field, text) })
}

// SaveAnswer stores the answer in got to the field of edit, or returns what is wrong with it.
func (s *Server) SaveAnswer(c *gin.Context, f worksheets.OpenPage, edit web.FieldEdit,
	got url.Values,
) (field worksheets.Field, stored fields.Field, problem i18n.Message, err error) {
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
	if edit.Part != nil {
		edit.Patch = func(current string) (string, error) {
			was, err := field.Decode(current)
			if err == nil {
				value.Text, err = edit.Part.In(was.Text, strings.ReplaceAll(got.Get("a."+field.ID), "\r\n", "\n"))
			}
			return value.Encode(), err
		}
	}
	stored, err = s.Worksheets.SaveAnswer(c.Request.Context(), f, edit.Edit, value)
	return field, stored, "", err
}

// displayAnswer formats a stored answer for display.
func displayAnswer(field worksheets.Field, text string) string {
	value, err := field.Decode(text)
	if err != nil {
		return ""
	}
	return strings.Join(field.Show(value), "\n")
}

// DeclineOptions returns the replies that can be given instead of an answer.
func (q Question) DeclineOptions() []worksheets.Option { return worksheets.DeclineOptions }

// Chosen reports whether option is the answer or part of it.
func (q Question) Chosen(option string) bool {
	return q.Value.Text == option || slices.Contains(q.Value.Picks, option)
}

// ChosenIn reports whether option is the answer in a row.
func (q Question) ChosenIn(row, option string) bool { return q.Value.Cells[row] == option }

// Tens returns the points of a 0 to 10 scale.
func (q Question) Tens() []string { return strings.Split("0 1 2 3 4 5 6 7 8 9 10", " ") }

// ShowRule returns, for the script, the condition under which the question is shown: field,
// operator and value, or "".
func (q Question) ShowRule() string {
	if q.ShowIf == nil {
		return ""
	}
	return q.ShowIf.Field + " " + q.ShowIf.Op + " " + q.ShowIf.Value
}
