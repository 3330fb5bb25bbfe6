// Package booklet gathers all that couples read, English beside Spanish, for the
// clinicians who review it: as one sheet that is printed, and as a list that says
// which Spanish sentences a person has compared with their English.
package booklet

import (
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
