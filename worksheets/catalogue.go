package worksheets

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"mend/internal/i18n"
	"mend/sessions"
)

//go:embed catalogue/en/*.yaml
var catalogueFiles embed.FS

// A Catalogue holds the worksheets that can be assigned, sorted by step and by their order within a
// step.
type Catalogue struct {
	list []Definition
	byID map[string]int
	core []Pathway // the core worksheets, one pathway per step that has some

	translated map[string]i18n.Translation // by worksheet id; into Spanish, the only other language
}

// LoadCatalogue returns the worksheets that come with the program, each checked by itself and
// against the method.
func LoadCatalogue(m *sessions.Method) (*Catalogue, error) {
	c, err := loadCatalogue(catalogueFiles, m)
	if err == nil {
		err = c.loadTranslations(translatedFiles, "catalogue/es")
	}
	return c, err
}

const catalogueFolder = "catalogue/en"

func loadCatalogue(files fs.FS, m *sessions.Method) (*Catalogue, error) {
	names, err := fs.Glob(files, catalogueFolder+"/*.yaml")
	if err != nil {
		return nil, err
	}
	c := &Catalogue{byID: map[string]int{}}
	for _, name := range names {
		d, err := readDefinition(files, name)
		if err != nil {
			return nil, fmt.Errorf("worksheets/%s: %w", name, err)
		}
		c.list = append(c.list, d)
	}
	slices.SortFunc(c.list, func(a, b Definition) int {
		return cmp.Or(a.Step-b.Step, a.Order-b.Order, strings.Compare(a.ID, b.ID))
	})
	for i, d := range c.list {
		c.byID[d.ID] = i
	}
	if err := c.matches(m); err != nil {
		return nil, err
	}
	c.core = corePathways(m)
	return c, nil
}

func readDefinition(files fs.FS, name string) (Definition, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return Definition{}, err
	}
	d, err := DecodeDefinition(text)
	if err == nil && path.Base(name) != d.ID+".yaml" {
		err = fmt.Errorf("id %q belongs in %s.yaml", d.ID, d.ID)
	}
	return d, err
}

// matches returns an error unless each step of the method lists exactly the worksheets that declare
// that step.
func (c *Catalogue) matches(m *sessions.Method) error {
	named := map[string]int{}
	for _, step := range m.Steps {
		for _, id := range slices.Concat(step.Worksheets, step.CounselorForms) {
			if _, ok := c.Find(id); !ok {
				return fmt.Errorf("step %s: worksheet %q is not in the catalogue", step.ID, id)
			}
			named[id] = step.Number
		}
	}
	for _, d := range c.list {
		if step, ok := named[d.ID]; !ok || step != d.Step {
			return fmt.Errorf("worksheets/%s/%s.yaml: step %d does not name it", catalogueFolder, d.ID, d.Step)
		}
	}
	return nil
}

// Find returns the current wording of the worksheet with id.
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
