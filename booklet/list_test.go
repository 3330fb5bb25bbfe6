package booklet

import (
	"fmt"
	"strings"

	"mend/couples"
	"mend/internal/i18n"
	"mend/worksheets"
)

// NotCompared marks a pair that nobody has compared since either sentence changed.
const NotCompared = "not compared"

// Compared maps a pair, as its row of the list without the date, to the date of its last
// comparison, such as 2026-01-31.
type Compared map[string]string

// ReadCompared reads the dates from a list written by Comparison.
func ReadCompared(list string) Compared {
	days := Compared{}
	for line := range strings.Lines(list) {
		row, day, ok := cutLast(strings.TrimSuffix(strings.TrimSpace(line), " |"), " | ")
		if ok && strings.HasPrefix(row, "| ") {
			days[row] = day
		}
	}
	return days
}

func cutLast(text, at string) (before, after string, found bool) {
	i := strings.LastIndex(text, at)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(at):], true
}

const comparisonHead = `# Spanish beside English

Every sentence that partners read in Spanish, with its English and the day on which somebody read the two side by
side for their meaning. It is no review by a clinician whose first language is Spanish: that is owed. A sentence that
changed since, in either language, says “not compared” until somebody compares it and writes the day.

` + "`go test ./booklet -update`" + ` writes this list anew and keeps the days of what has not changed.
`

// Comparison returns the list of all pairs with the dates of their comparison.
func (c Content) Comparison(days Compared) string {
	var list strings.Builder
	list.WriteString(comparisonHead)
	for _, part := range c.Translated() {
		fmt.Fprintf(&list, "\n## %s\n\n| place | English | Spanish | compared |\n| --- | --- | --- | --- |\n", part.Name)
		for _, pair := range part.Pairs {
			row := rowOf(pair)
			day, ok := days[row]
			if !ok {
				day = NotCompared
			}
			list.WriteString(row + " | " + day + " |\n")
		}
	}
	return list.String()
}

// rowOf returns a pair's row of the list, without the date.
func rowOf(p i18n.Pair) string {
	cell := strings.NewReplacer("|", `\|`, "\n", "<br>")
	return "| " + cell.Replace(p.Place) + " | " + cell.Replace(p.English) + " | " + cell.Replace(p.Spanish)
}

// A Part is a section of the content with its texts.
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
	parts = append(parts, Part{"interventions", c.Method.InterventionPairs()})
	return append(parts, Part{"hints", worksheets.HintPairs()}, Part{"pages", i18n.Pairs()})
}

// spoken returns the pairs that have a Spanish text.
func spoken(pairs []i18n.Pair) (both []i18n.Pair) {
	for _, p := range pairs {
		if p.Spanish != "" {
			both = append(both, p)
		}
	}
	return both
}
