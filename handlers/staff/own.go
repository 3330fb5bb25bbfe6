package staff

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"mend/handlers/homework"
	"mend/handlers/web"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/sessions"
	"mend/worksheets"
)

// ownView is the editor of a practice's own worksheet.
type ownView struct {
	web.Base
	Own       worksheets.Own
	Draft     worksheets.Definition
	Path, Key string
	Fields    []draftField
	FilledBy  []choice
	Privacy   []choice
	Repeats   []choice
	ScoreName string
	Previews  []preview
	Problems  fault.Fields
	Changed   bool // in another window since this page was loaded
}

// A choice is an option of a list.
type choice struct {
	Value, Label string
	On           bool
}

// A draftField is a question of the draft in the editor.
type draftField struct {
	worksheets.Field
	Number, Index             int
	Name                      string // prefix of its input names, before the dot
	Types, Roles, Whens       []choice
	OptionText, RowText, Cols string
	Most                      string
	Counted                   bool
	First, Last               bool
	Problems                  fault.Fields
}

// A preview is the page as one of its readers will see it.
type preview struct {
	Name      string
	Questions []homework.Question
}

var fieldWords = []choice{
	{"long_text", "Paragraph", false},
	{"short_text", "Short answer", false},
	{"single_choice", "Multiple choice", false},
	{"multi_choice", "Checkboxes", false},
	{"checklist", "Checklist", false},
	{"yes_no", "Yes or no", false},
	{"scale_0_10", "Scale from 0 to 10", false},
	{"likert_table", "Grid: same choices for each row", false},
	{"table", "Table", false},
	{"date", "Date", false},
}

func chosen(list []choice, value string) []choice {
	marked := make([]choice, len(list))
	for i, c := range list {
		c.On = c.Value == value
		marked[i] = c
	}
	return marked
}

var ownPage = web.NewPage[ownView]("staff/library/own.html")

type makeForm struct {
	From string `form:"from"` // the worksheet to copy, "" for none
	Key  string `form:"key"`
}

// makeOwn creates a worksheet of the practice's own.
func (s *Server) makeOwn(c *gin.Context) error {
	form, err := web.Bind[makeForm](c)
	if err != nil {
		return err
	}
	l, ctx := web.LoginOf(c), c.Request.Context()
	draft, origin := worksheets.EmptyDraft(), worksheets.Definition{}
	if form.From != "" {
		if origin, err = s.Worksheets.Find(ctx, l.PracticeID, form.From); err != nil {
			return err
		}
		draft = worksheets.CopyOf(origin)
	}
	id, err := s.Worksheets.MakeOwn(ctx, l.PracticeID, l.CounselorID, draft, origin, form.Key, s.Now())
	if err != nil {
		return err
	}
	return web.Redirect(c, "/library/own/"+id, "")
}

func (s *Server) own(c *gin.Context) (worksheets.Own, error) {
	o, err := s.Worksheets.Own(c.Request.Context(), web.LoginOf(c).PracticeID, c.Param("own"))
	if err == nil && o.RetiredAt != nil {
		err = fault.NotFound
	}
	return o, err
}

func (s *Server) showOwn(c *gin.Context) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	return s.drawOwn(c, http.StatusOK, o, o.Draft, nil)
}

func (s *Server) drawOwn(c *gin.Context, status int, o worksheets.Own, d worksheets.Definition,
	problems fault.Fields,
) error {
	view := ownView{
		Base: web.PageBase(c, "Your own worksheet"), Own: o, Draft: d, Path: "/library/own/" + o.ID, Key: rand.Text(),
		Problems: problems, Changed: status == http.StatusConflict,
	}
	for _, by := range []worksheets.FilledBy{
		worksheets.Each, worksheets.Joint, worksheets.ByHurt, worksheets.ByBroke,
		worksheets.WithCounselor,
	} {
		view.FilledBy = append(view.FilledBy, choice{string(by), filledBy[by], by == d.FilledBy})
	}
	for _, p := range []worksheets.Privacy{worksheets.Private, worksheets.OnRelease, worksheets.OnSubmit} {
		view.Privacy = append(view.Privacy, choice{string(p), privacyWords[p], p == d.Privacy})
	}
	view.Repeats = repeats(d.Repeat)
	if d.Score != nil {
		view.ScoreName = d.Score.Label
	}
	for i := range d.Fields {
		view.Fields = append(view.Fields, writeField(d, i, problems))
	}
	view.Previews = previews(d)
	return web.Render(c, status, ownPage, view)
}

// repeats returns the options for how often a page repeats, including the draft's own if it is a
// different one.
func repeats(said string) []choice {
	list := []choice{{"", "Once", false}, {"Weekly", "Every week", false}, {"Daily", "Every day", false}}
	for _, c := range list {
		if c.Value == said {
			return chosen(list, said)
		}
	}
	return chosen(append(list, choice{said, said, false}), said)
}

func writeField(d worksheets.Definition, i int, problems fault.Fields) draftField {
	f := d.Fields[i]
	w := draftField{
		Field: f, Number: i + 1, Index: i, Name: fmt.Sprintf("f.%d", i), Types: chosen(fieldWords, string(f.Type)),
		OptionText: d.OptionLines(f), RowText: d.RowLines(f),
		Cols: f.ColumnLines(), Counted: d.Counted(f), First: i == 0, Last: i == len(d.Fields)-1,
		Problems: fault.Fields{},
	}
	w.Roles = chosen([]choice{
		{"", "Everyone", false},
		{string(sessions.RoleHurt), "Only the partner who was hurt", false},
		{string(sessions.RoleBroke), "Only the partner who broke trust", false},
	}, string(f.Role))
	if f.MaxChoices > 0 {
		w.Most = strconv.Itoa(f.MaxChoices)
	}
	when := ""
	if f.ShowIf != nil {
		when = f.ShowIf.String()
	}
	w.Whens = []choice{{"", "Always", when == ""}}
	for _, o := range d.Whens(i) {
		w.Whens = append(w.Whens, choice{o.Value, "Only where " + o.Label, o.Value == when})
	}
	if on := chosen(w.Whens, when); when != "" && !anyOn(on) {
		w.Whens = append(w.Whens, choice{when, "Only after an answer that is not there any more", true})
	}
	for name, problem := range problems {
		if part, ok := strings.CutPrefix(name, w.Name+"."); ok {
			w.Problems[part] = problem
		}
	}
	return w
}

func anyOn(list []choice) bool {
	for _, c := range list {
		if c.On {
			return true
		}
	}
	return false
}

// previews returns the draft as each of its readers would see it.
func previews(d worksheets.Definition) []preview {
	views := []struct {
		name  string
		role  sessions.Role
		shown bool
	}{
		{"As the partner who was hurt sees it", sessions.RoleHurt, d.FilledBy != worksheets.ByBroke},
		{"As the partner who broke trust sees it", sessions.RoleBroke, d.FilledBy != worksheets.ByHurt},
	}
	if !d.Portal {
		views = views[:1]
		views[0].name, views[0].role, views[0].shown = "As you see it", sessions.RoleBoth, true
	}
	var list []preview
	for n, v := range views {
		if !v.shown {
			continue
		}
		p := preview{Name: v.name}
		for _, f := range d.Fields {
			if f.Role == "" || f.Role == sessions.RoleBoth || f.Role == v.role || v.role == sessions.RoleBoth {
				p.Questions = append(p.Questions, homework.NewQuestion(f, fmt.Sprintf("preview%d.%s", n, f.ID), worksheets.Value{}))
			}
		}
		list = append(list, p)
	}
	return list
}

// readOwn returns the edited draft from the form.
func (s *Server) readOwn(got url.Values, o worksheets.Own) (worksheets.Definition, error) {
	for name, list := range got {
		if !worksheets.OwnsDraft(name) || len(list) > 1 {
			return o.Draft, fmt.Errorf("form field: %w", fault.Malformed)
		}
	}
	return o.Draft.ReadDraft(got)
}

// saveOwnDraft autosaves the draft.
func (s *Server) saveOwnDraft(c *gin.Context) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	edit, got, err := s.ReadEdit(c)
	if err != nil {
		return err
	}
	d, err := s.readOwn(got, o)
	if err != nil || edit.Field != "draft" {
		return errors.Join(err, fault.Malformed)
	}
	stored, err := s.Worksheets.SaveDraft(c.Request.Context(), web.LoginOf(c).PracticeID, o.ID, d, edit.Edit)
	return web.Saved(c, stored, err, web.LoginOf(c).Zone(), outlineOf)
}

func outlineOf(source string) string {
	d, err := worksheets.ReadYAML(source)
	if err != nil {
		return ""
	}
	return d.Outline()
}

// saveOwn saves the draft from the whole form, performs the button's action, and publishes if asked
// to.
func (s *Server) saveOwn(c *gin.Context) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	got, err := web.Values(c)
	if err != nil {
		return err
	}
	do, key := got.Get("do"), got.Get("key")
	base, err := strconv.Atoi(got.Get("base"))
	if err != nil {
		return fault.Malformed
	}
	for _, name := range []string{"do", "key", "base"} {
		got.Del(name)
	}
	d, err := s.readOwn(got, o)
	if err != nil {
		return err
	}
	d, place := arrange(d, do)
	l := web.LoginOf(c)
	stored, err := s.Worksheets.SaveDraft(c.Request.Context(), l.PracticeID, o.ID, d,
		fields.Edit{Field: "draft", Base: base, Key: key, At: s.Now()})
	if clash, ok := errors.AsType[fields.Clash](err); ok {
		o.Revision = clash.Theirs.Revision
		return s.drawOwn(c, http.StatusConflict, o, d, nil)
	}
	if err != nil {
		return err
	}
	if do != "publish" {
		c.Redirect(http.StatusSeeOther, "/library/own/"+o.ID+"?did=saved"+place)
		return nil
	}
	return s.publishOwn(c, o, d, stored.Revision)
}

func (s *Server) publishOwn(c *gin.Context, o worksheets.Own, d worksheets.Definition, revision int) error {
	l := web.LoginOf(c)
	err := s.Worksheets.Publish(c.Request.Context(), l.PracticeID, l.CounselorID, o.ID, revision, s.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		o.Revision = revision
		return s.drawOwn(c, http.StatusUnprocessableEntity, o, d, problems)
	}
	if err != nil {
		return err
	}
	return web.Redirect(c, "/library/"+o.ID, "published")
}

func (s *Server) retireOwn(c *gin.Context) error {
	o, err := s.own(c)
	if err != nil {
		return err
	}
	if err := s.Worksheets.Retire(c.Request.Context(), web.LoginOf(c).PracticeID, o.ID, s.Now()); err != nil {
		return err
	}
	return web.Redirect(c, "/library", "saved")
}
