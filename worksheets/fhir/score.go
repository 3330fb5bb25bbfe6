package fhir

import (
	"regexp"
	"slices"
	"strings"

	"mend/worksheets"
)

// isSum reports whether an item is a calculation rather than a question. A plain sum of all answers
// becomes the worksheet's score; any other calculation is recorded as lost.
func (in *importer) isSum(i Item, at string) bool {
	e, ok := find(i.Extension, calculated)
	if !ok || e.ValueExpression == nil {
		return false
	}
	expression := strings.Join(strings.Fields(e.ValueExpression.Expression), "")
	plain := e.ValueExpression.Language == "text/fhirpath" && len(i.Item)+len(i.EnableWhen) == 0 && !i.Repeats
	if in.sum != nil || !plain || !sumOfAll.MatchString(expression) {
		in.lose(at, "Mend does not fully understand this calculation, so it is left out.")
		return true
	}
	label := words(i.Text)
	if label == "" {
		label = "Total"
	}
	in.sum = &sum{label, strings.Count(expression, ".item"), anyDepth.MatchString(expression)}
	return true
}

// A sum is an item that adds up the answers of all questions at a depth.
type sum struct {
	label string
	depth int
	any   bool // at every depth
}

// sumOfAll matches only a plain sum: not weighted or reversed questions, a subset of questions, or
// a mean.
var (
	sumOfAll = regexp.MustCompile(
		`^%resource(\.item)*(\.repeat\(item\)|\.descendants\(\))?(\.answer)?(\.value)?\.ordinal\(\)` +
			`\.(sum\(\)|aggregate\(\$this\+\$total(,0)?\)|aggregate\(\$total\+\$this(,0)?\))$`)
	anyDepth = regexp.MustCompile(`\.repeat\(item\)|\.descendants\(\)`)
	reversed = regexp.MustCompile(`(?i)\brevers`)
)

// score returns the sum over all scored questions if the file has one and everything about its
// scoring was understood. A wrong total would be worse than none.
func (in *importer) score(d worksheets.Definition) *worksheets.Score {
	if in.sum == nil {
		return nil
	}
	if in.unclear || !in.sum.any && len(in.depths) > 0 && !in.depths[in.sum.depth] || !in.sum.any && len(in.depths) > 1 {
		in.mention("item", "The total is left out: Mend does not fully understand how it is counted.")
		return nil
	}
	s := &worksheets.Score{Label: in.sum.label}
	for _, f := range d.Fields {
		if len(f.Options) > 0 && f.Scored() {
			s.Fields = append(s.Fields, f.ID)
		}
	}
	if len(s.Fields) == 0 {
		in.mention("item", "The total is left out: no answer has a number.")
		return nil
	}
	return s
}

// weigh records what an item means for scoring: its depth, and whether part of it is not
// understood.
func (in *importer) weigh(i Item, at string, depth int) {
	numbered, plain := 0, 0
	for _, o := range in.rawOptions(i) {
		if _, ok := find(o.Extension, ordinalValue); !ok && (o.ValueCoding == nil || !hasOrdinal(*o.ValueCoding)) {
			plain++
			continue
		}
		numbered++
		if optionOf(o).Score == nil {
			in.lose(at, "A number of an answer is not a whole one and is not kept.")
		}
	}
	if numbered > 0 {
		in.depths[depth] = true
		in.unclear = in.unclear || plain > 0 || i.Repeats // with several answers, each would count
	}
	if i.Type != "group" && in.numbered(i.Item) {
		in.unclear = true // FHIR places items nested in an answer differently from items in a group
	}
	if reversed.MatchString(i.Text + " " + i.Prefix) {
		in.unclear = true
	}
}

// numbered reports whether an answer to one of items has a score.
func (in *importer) numbered(items []Item) bool {
	return slices.ContainsFunc(items, func(i Item) bool {
		return slices.ContainsFunc(in.options(i), func(o worksheets.Option) bool { return o.Score != nil }) ||
			in.numbered(i.Item)
	})
}

func hasOrdinal(c Coding) bool {
	_, ok := find(c.Extension, ordinalValue)
	return ok
}
