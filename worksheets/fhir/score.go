package fhir

import (
	"regexp"
	"strings"

	"mend/worksheets"
)

// isSum tells whether an item is a calculation, and not a question. A plain
// sum becomes the worksheet's score; anything else is lost.
func (in *importer) isSum(i Item, at string) bool {
	e, ok := find(i.Extension, calculated)
	if !ok || e.ValueExpression == nil {
		return false
	}
	expression := e.ValueExpression.Expression
	if in.sum == "" && plainSum.MatchString(expression) && !strings.ContainsAny(expression, "*/<>") && !notSum.MatchString(expression) {
		in.sum = words(i.Text)
		if in.sum == "" {
			in.sum = "Total"
		}
		return true
	}
	in.lose(at, "A calculation that is not a plain sum is left out.")
	return true
}

var (
	plainSum = regexp.MustCompile(`sum\(\)|\$this *\+ *\$total|\$total *\+ *\$this|%\w+ *\+ *%\w+`)
	notSum   = regexp.MustCompile(`\b(iif|avg|min|max|power|round|count|where)\(`)
)

// score is the sum over all questions whose answers have numbers, where the
// file says that there is one.
func (in *importer) score(d worksheets.Definition) *worksheets.Score {
	if in.sum == "" {
		return nil
	}
	s := &worksheets.Score{Label: in.sum}
	for _, f := range d.Fields {
		if len(f.Options) > 0 && f.Scored() {
			s.Fields = append(s.Fields, f.ID)
		}
	}
	if len(s.Fields) == 0 {
		in.lose("item", "The sum is left out: no answer has a number.")
		return nil
	}
	return s
}
