package sessions

import (
	"fmt"
	"slices"
)

// A methodCheck walks through a method and remembers which ids it has met.
type methodCheck struct {
	m    *Method
	seen map[string]bool
	err  error
}

// check returns the first thing that is wrong with m, with its file and place.
func (m *Method) check() error {
	c := &methodCheck{m: m, seen: map[string]bool{}}
	c.terms("interventions", m.Interventions)
	c.terms("responses", m.Responses)
	if len(m.Steps) == 0 {
		c.fail("", "there are no steps")
	}
	for i, s := range m.Steps {
		c.step(i, s)
	}
	c.note()
	return c.err
}

// fail keeps the first problem.
func (c *methodCheck) fail(place, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("sessions/%s/%s: %s", methodFolder, place, fmt.Sprintf(format, args...))
	}
}

// id fails unless id is there and new.
func (c *methodCheck) id(place, id string) {
	if id == "" {
		c.fail(place, "id is missing")
	} else if c.seen[id] {
		c.fail(place, "id %q is used twice", id)
	}
	c.seen[id] = true
}

func (c *methodCheck) text(place, text string) {
	if text == "" {
		c.fail(place, "text is empty")
	}
}

func (c *methodCheck) terms(kind string, list []Term) {
	for i, t := range list {
		place := fmt.Sprintf("vocabulary.yaml: %s[%d]", kind, i)
		c.id(place, kind+" "+t.ID)
		c.text(place, t.Label)
		if t.ID == "" {
			c.fail(place, "id is missing")
		}
	}
}

func (c *methodCheck) step(i int, s Step) {
	file := s.file
	if s.Number != i {
		c.fail(file, "number is %d where %d is next", s.Number, i)
	}
	c.id(file, s.ID)
	c.text(file+": title", s.Title)
	c.text(file+": goal", s.Goal)
	c.criteria(file+": readiness.hurt", s.Readiness.Hurt)
	c.criteria(file+": readiness.broke", s.Readiness.Broke)
	c.criteria(file+": readiness.couple", s.Readiness.Couple)
	for i, p := range s.Prompts {
		place := fmt.Sprintf("%s: prompts[%d]", file, i)
		c.id(place, p.ID)
		c.text(place, p.Text)
		if !slices.Contains([]Role{RoleHurt, RoleBroke, RoleBoth}, p.Role) {
			c.fail(place, "role %q is not hurt, broke or both", p.Role)
		}
	}
	for i, a := range s.Activities {
		place := fmt.Sprintf("%s: activities[%d]", file, i)
		c.id(place, a.ID)
		c.text(place, a.Title)
		if a.Minutes < 1 {
			c.fail(place, "minutes are missing")
		}
	}
	for i, id := range s.Interventions {
		if _, ok := c.m.Intervention(id); !ok {
			c.fail(fmt.Sprintf("%s: interventions[%d]", file, i), "intervention %q is not in vocabulary.yaml", id)
		}
	}
}

func (c *methodCheck) criteria(place string, list []Criterion) {
	for i, criterion := range list {
		at := fmt.Sprintf("%s[%d]", place, i)
		c.id(at, criterion.ID)
		c.text(at, criterion.Text)
	}
}

func (c *methodCheck) note() {
	for i, b := range c.m.Note.Blocks {
		place := fmt.Sprintf("note.yaml: blocks[%d]", i)
		c.id(place, "block "+b.Block)
		c.text(place, b.Text)
	}
	for i, f := range c.m.Note.Formats {
		for _, section := range f.Sections {
			for _, block := range section.Blocks {
				c.block(fmt.Sprintf("note.yaml: formats[%d] %s", i, section.Name), block)
			}
		}
	}
	for _, block := range c.m.Note.Required {
		c.block("note.yaml: required", block)
	}
	c.text("note.yaml: routine_risk", c.m.Note.RoutineRisk)
	c.text("note.yaml: no_homework", c.m.Note.NoHomework)
}

func (c *methodCheck) block(place, block string) {
	if _, ok := c.m.Note.Block(block); !ok {
		c.fail(place, "block %q has no template", block)
	}
}
