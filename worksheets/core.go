package worksheets

import (
	"context"
	"slices"

	"mend/sessions"
)

// coreID prefixes the id of a pathway that comes with the program; the step's id follows.
const coreID = "core-"

// corePathways returns a pathway for each step that has core worksheets. The first worksheet opens
// at once, each further one after the previous one.
func corePathways(m *sessions.Method) (list []Pathway) {
	for _, step := range m.Steps {
		p := Pathway{ID: coreID + step.ID, Name: step.Title}
		for i, id := range step.Core {
			line := PathwayLine{Pathway: p.ID, Worksheet: id, Rule: AfterLast}
			if i == 0 {
				line.Rule = AtOnce
			}
			p.Lines = append(p.Lines, line)
		}
		if len(p.Lines) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// CorePathways returns the core worksheets of each step as read-only pathways.
func (c *Catalogue) CorePathways() []Pathway { return slices.Clone(c.core) }

// IsCore reports whether a worksheet of the catalogue is recommended for every couple.
func (c *Catalogue) IsCore(id string) bool {
	return slices.ContainsFunc(c.core, func(p Pathway) bool {
		return slices.ContainsFunc(p.Lines, func(l PathwayLine) bool { return l.Worksheet == id })
	})
}

// AnyPathway returns a pathway of a practice, or the core of a step.
func (st *Store) AnyPathway(ctx context.Context, practice, id string) (Pathway, error) {
	if p, ok := find(st.catalogue.core, func(p Pathway) bool { return p.ID == id }); ok {
		return p, nil
	}
	return st.FindPathway(ctx, practice, id)
}
