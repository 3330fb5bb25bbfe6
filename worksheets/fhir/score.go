package fhir

import (
	"regexp"
	"slices"
	"strings"

	"mend/worksheets"
)

// isSum tells whether an item is a calculation, and not a question. The plain
// sum of all answers becomes the worksheet's score; anything else is lost.
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

// A sum is what an item adds up: the answers of every question of a depth.
type sum struct {
	label string
	depth int
	any   bool // of every depth
}

// A weighted or reversed question, a choice of questions, a mean: none of them
// has this form.
var (
	sumOfAll = regexp.MustCompile(
		`^%resource(\.item)*(\.repeat\(item\)|\.descendants\(\))?(\.answer)?(\.value)?\.ordinal\(\)` +
			`\.(sum\(\)|aggregate\(\$this\+\$total(,0)?\)|aggregate\(\$total\+\$this(,0)?\))$`)
	anyDepth = regexp.MustCompile(`\.repeat\(item\)|\.descendants\(\)`)
	reversed = regexp.MustCompile(`(?i)\brevers`)
)

// score is the sum over all questions whose answers have numbers, where the
// file says that there is one and all that it says of it is understood. A wrong
// total would be worse than none.
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

// weigh notes what an item says about counting: how deep it stands, and whether
// some of it is not understood.
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
		in.unclear = in.unclear || plain > 0 || i.Repeats // of several answers each would count
	}
	if i.Type != "group" && in.numbered(i.Item) {
		in.unclear = true // what is asked below an answer is elsewhere than below a group
	}
	if reversed.MatchString(i.Text + " " + i.Prefix) {
		in.unclear = true
	}
}

// numbered tells whether an answer to one of items has a number.
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
