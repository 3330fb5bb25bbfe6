package sessions

import (
	"fmt"
	"slices"
	"strings"
)

// lastStep is the number of closing. Intake is 0, with the seven steps in between.
const lastStep = 8

// A methodCheck walks through a method, collecting ids, and keeps the first problem.
type methodCheck struct {
	m    *Method
	seen map[string]bool
	err  error
}

// check returns the first problem in m, with its file and position.
func (m *Method) check() error {
	c := &methodCheck{m: m, seen: map[string]bool{}}
	c.terms("interventions", m.Interventions)
	c.terms("responses", m.Responses)
	for i, s := range m.Steps {
		if s.Number != i {
			c.fail(s.file(), "number is %d where %d is next", s.Number, i)
		}
		c.step(s)
	}
	if len(m.Steps) != lastStep+1 {
		c.fail("*.yaml", "there are %d steps, not %d", len(m.Steps), lastStep+1)
	}
	c.note(m.Note)
	return c.err
}

func (c *methodCheck) fail(place, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("sessions/%s/%s: %s", methodFolder, place, fmt.Sprintf(format, args...))
	}
}

// id fails unless id is present and unique among its kind.
func (c *methodCheck) id(place, kind, id string) {
	if id == "" {
		c.fail(place, "id is missing")
	} else if c.seen[kind+" "+id] {
		c.fail(place, "id %q is used twice", id)
	}
	c.seen[kind+" "+id] = true
}

func (c *methodCheck) text(place, text string) {
	if strings.TrimSpace(text) == "" {
		c.fail(place, "text is empty")
	}
}

func (c *methodCheck) texts(place string, list []string) {
	for i, text := range list {
		c.text(nth(place, i), text)
	}
}

func nth(place string, i int) string { return fmt.Sprintf("%s[%d]", place, i) }

func (c *methodCheck) terms(kind string, list []Term) {
	for i, t := range list {
		place := nth("vocabulary.yaml: "+kind, i)
		c.id(place, kind, t.ID)
		c.text(place, t.Label)
	}
}

func (c *methodCheck) step(s Step) {
	file := s.file()
	c.id(file, "step", s.ID)
	c.text(file+": title", s.Title)
	c.text(file+": goal", s.Goal)
	c.criteria(file+": readiness.hurt", s.Readiness.Hurt)
	c.criteria(file+": readiness.broke", s.Readiness.Broke)
	c.criteria(file+": readiness.couple", s.Readiness.Couple)
	c.prompts(file+": prompts", s.Prompts)
	c.activities(file+": activities", s.Activities)
	c.texts(file+": cautions", s.Cautions)
	c.texts(file+": stuck_points", s.StuckPoints)
	for i, id := range s.Interventions {
		if _, ok := c.m.Intervention(id); !ok {
			c.fail(nth(file+": interventions", i), "intervention %q is not in vocabulary.yaml", id)
		}
	}
	for i, id := range s.Core {
		if !slices.Contains(s.Worksheets, id) {
			c.fail(nth(file+": core", i), "%q is not among the worksheets of the step", id)
		}
	}
}

func (c *methodCheck) criteria(place string, list []Criterion) {
	for i, criterion := range list {
		c.id(nth(place, i), "criterion", criterion.ID)
		c.text(nth(place, i), criterion.Text)
	}
}

func (c *methodCheck) prompts(place string, list []Prompt) {
	for i, p := range list {
		c.id(nth(place, i), "prompt", p.ID)
		c.text(nth(place, i), p.Text)
		if !slices.Contains([]Role{RoleHurt, RoleBroke, RoleBoth}, p.Role) {
			c.fail(nth(place, i), "role %q is not hurt, broke or both", p.Role)
		}
	}
}

func (c *methodCheck) activities(place string, list []Activity) {
	for i, a := range list {
		c.id(nth(place, i), "activity", a.ID)
		c.text(nth(place, i), a.Title)
		if a.Minutes < 1 {
			c.fail(nth(place, i), "minutes are missing")
		}
	}
}

func (c *methodCheck) note(n NoteTemplates) {
	for i, b := range n.Blocks {
		place := nth("note.yaml: blocks", i)
		c.id(place, "block", b.Block)
		c.text(place, b.Name)
		c.text(place, b.Text)
		c.text(place, b.Rule)
	}
	for i, f := range n.Formats {
		c.format(nth("note.yaml: formats", i), f)
	}
	c.text("note.yaml: insurer", n.Insurer.Name)
	c.blocks("note.yaml: insurer", n.Insurer.Blocks)
	c.blocks("note.yaml: required", n.Required)
	c.text("note.yaml: routine_risk", n.RoutineRisk)
	c.text("note.yaml: no_homework", n.NoHomework)
	c.text("note.yaml: located", n.Located)
	c.text("note.yaml: none_reviewed", n.NoneReviewed)
}

func (c *methodCheck) format(place string, f Format) {
	c.id(place, "format", f.Name)
	for i, section := range f.Sections {
		c.text(nth(place+".sections", i), section.Name)
		c.blocks(nth(place+".sections", i), section.Blocks)
	}
}

// blocks fails unless each of the named blocks has a template.
func (c *methodCheck) blocks(place string, named []string) {
	for i, block := range named {
		if _, ok := c.m.Note.Block(block); !ok {
			c.fail(nth(place, i), "block %q has no template", block)
		}
	}
}
