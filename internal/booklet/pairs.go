// Package booklet gathers all that couples read, English beside Spanish, for the
// clinicians who review it: as one sheet that is printed, and as a list that says
// which Spanish sentences a person has compared with their English.
package booklet

import (
	"mend/couples"
	"mend/internal/i18n"
	"mend/sessions"
	"mend/worksheets"
)

// A Content is all that the program says to couples.
type Content struct {
	Method    *sessions.Method
	Catalogue *worksheets.Catalogue
}

// Load reads the content that comes with the program.
func Load() (Content, error) {
	method, err := sessions.LoadMethod()
	if err != nil {
		return Content{}, err
	}
	catalogue, err := worksheets.LoadCatalogue(method)
	return Content{method, catalogue}, err
}

// A Part is a piece of the content with its texts.
type Part struct {
	Name  string
	Pairs []i18n.Pair
}

// Translated returns every part that partners read in Spanish.
func (c Content) Translated() []Part {
	parts := []Part{{"policies", couples.PolicyPairs()}}
	for _, s := range c.Method.Steps {
		parts = append(parts, Part{"method/" + s.ID, spoken(c.Method.Pairs(s))})
	}
	for _, d := range c.Catalogue.All() {
		if pairs := c.Catalogue.Pairs(d); len(pairs) > 0 {
			parts = append(parts, Part{"worksheets/" + d.ID, pairs})
		}
	}
	return append(parts, Part{"hints", worksheets.HintPairs()}, Part{"pages", i18n.Pairs()})
}

// spoken are the pairs that have a Spanish text.
func spoken(pairs []i18n.Pair) (both []i18n.Pair) {
	for _, p := range pairs {
		if p.Spanish != "" {
			both = append(both, p)
		}
	}
	return both
}
