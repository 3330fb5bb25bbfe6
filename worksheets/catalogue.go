package worksheets

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"mend/sessions"
)

//go:embed catalogue/en/*.yaml
var catalogueFiles embed.FS

// A Catalogue is the worksheets that can be given, in order of the steps.
type Catalogue struct {
	list []Definition
	byID map[string]int
}

// LoadCatalogue returns the worksheets that come with this program, checked by
// themselves and against the method.
func LoadCatalogue(m *sessions.Method) (*Catalogue, error) { return loadCatalogue(catalogueFiles, m) }

const catalogueFolder = "catalogue/en"

func loadCatalogue(files fs.FS, m *sessions.Method) (*Catalogue, error) {
	names, err := fs.Glob(files, catalogueFolder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	c := &Catalogue{byID: map[string]int{}}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		d, err := DecodeDefinition(text)
		if err != nil {
			return nil, fmt.Errorf("worksheets/%s: %w", name, err)
		}
		if name != catalogueFolder+"/"+d.ID+".yaml" {
			return nil, fmt.Errorf("worksheets/%s: id %q is not the file's name", name, d.ID)
		}
		c.list = append(c.list, d)
	}
	slices.SortFunc(c.list, func(a, b Definition) int { return a.Order - b.Order })
	for i, d := range c.list {
		c.byID[d.ID] = i
	}
	return c, c.matches(m)
}

// matches returns an error unless the method and the catalogue name each
// other's entries.
func (c *Catalogue) matches(m *sessions.Method) error {
	for _, step := range m.Steps {
		for _, id := range slices.Concat(step.Worksheets, step.CounselorForms) {
			d, ok := c.Find(id)
			if !ok {
				return fmt.Errorf("step %s: worksheet %q is not in the catalogue", step.ID, id)
			}
			if d.Step != step.Number {
				return fmt.Errorf("worksheets/%s/%s.yaml: step is %d, but step %d names it", catalogueFolder, id, d.Step, step.Number)
			}
		}
	}
	for _, d := range c.list {
		if d.Step < 0 || d.Step >= len(m.Steps) || !slices.Contains(slices.Concat(m.Steps[d.Step].Worksheets, m.Steps[d.Step].CounselorForms), d.ID) {
			return fmt.Errorf("worksheets/%s/%s.yaml: step %d does not name it", catalogueFolder, d.ID, d.Step)
		}
	}
	return nil
}

// Find returns the worksheet with id in its present wording.
func (c *Catalogue) Find(id string) (Definition, bool) {
	i, ok := c.byID[id]
	if !ok {
		return Definition{}, false
	}
	return c.list[i], true
}

// All returns every worksheet, in order.
func (c *Catalogue) All() []Definition { return slices.Clone(c.list) }

// ForStep returns the worksheets of the step with that number.
func (c *Catalogue) ForStep(step int) []Definition {
	return slices.DeleteFunc(c.All(), func(d Definition) bool { return d.Step != step })
}
