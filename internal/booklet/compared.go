package booklet

import (
	"fmt"
	"strings"

	"mend/internal/i18n"
)

// NotCompared stands beside a pair that nobody has compared since either sentence changed.
const NotCompared = "not compared"

// Compared is when each pair was last compared, as 2026-01-31, by its row of the list without
// the day.
type Compared map[string]string

// ReadCompared reads the days from a list that Comparison wrote.
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

` + "`go test ./internal/booklet -update`" + ` writes this list anew and keeps the days of what has not changed.
`

// Comparison returns the list of all pairs with the days on which they were compared.
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

// rowOf is the row of a pair without the day.
func rowOf(p i18n.Pair) string {
	cell := strings.NewReplacer("|", `\|`, "\n", "<br>")
	return "| " + cell.Replace(p.Place) + " | " + cell.Replace(p.English) + " | " + cell.Replace(p.Spanish)
}
