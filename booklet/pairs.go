// Package booklet collects everything that couples read, in English and Spanish side by side, for
// the clinicians who review it: as a printed sheet, and as a list of which Spanish sentences
// somebody has compared with the English.
package booklet

import (
	"mend/sessions"
	"mend/worksheets"
)

// A Content is everything that the program shows to couples.
type Content struct {
	Method    *sessions.Method
	Catalogue *worksheets.Catalogue
}

// Load reads the content embedded in the program.
func Load() (Content, error) {
	method, err := sessions.LoadMethod()
	if err != nil {
		return Content{}, err
	}
	catalogue, err := worksheets.LoadCatalogue(method)
	return Content{method, catalogue}, err
}
