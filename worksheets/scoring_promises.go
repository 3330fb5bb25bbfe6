package worksheets

import (
	"fmt"
	"slices"
	"strings"

	"mend/internal/i18n"
)

// ours are the two partners and whatever was logged without being on the list,
// as the promise tracker names them.
var ours = []struct{ value, words string }{
	{"first-of-us", "{A}"}, {"second-of-us", "{B}"}, {"", "Not on the list"},
}

// loggers are the two views of one promise.
var loggers = []struct{ value, words string }{
	{"the-one-who-promised", "by the one who promised"}, {"the-other", "by the other"},
}

// A Tally counts how promises went.
type Tally struct{ kept, partly, notKept, changed int }

// Add counts one mark.
func (t *Tally) Add(result string) {
	switch result {
	case "kept":
		t.kept++
	case "partly-kept":
		t.partly++
	case "not-kept":
		t.notKept++
	case "changed-together-beforehand":
		t.changed++
	}
}

// Words says the counts first and the figure after them.
func (t Tally) Words() string {
	text := t.Counts(i18n.English)
	if figure, ok := FollowThrough(t.kept, t.partly, t.notKept, t.changed); ok {
		text += fmt.Sprintf(" (%d%%)", figure)
	}
	return text
}

// Counts says the counts alone, in l.
func (t Tally) Counts(l *i18n.Language) string {
	var counts []string
	for _, c := range []struct {
		n     int
		words i18n.Message
	}{
		{t.kept, "promise.count.kept"},
		{t.partly, "promise.count.partly"},
		{t.notKept, "promise.count.not_kept"},
		{t.changed, "promise.count.changed"},
	} {
		if c.n > 0 {
			counts = append(counts, l.Say(c.words, c.n))
		}
	}
	return strings.Join(counts, ", ")
}

// followThrough says how each partner's promises went, once by the promiser's
// own log and once by the other's.
func followThrough(r FlagRule, f Field, c Context) []string {
	by := map[string]string{}
	for _, promise := range c.Answers["promises"].Rows {
		by[sameWords(promise["what"])] = promise["by"]
	}
	var said []string
	for _, who := range ours {
		for _, logger := range loggers {
			var t Tally
			for _, entry := range c.Answers[f.ID].Rows {
				if by[sameWords(entry["promise"])] == who.value && entry["logger"] == logger.value {
					t.Add(entry["result"])
				}
			}
			said = append(said, r.sayIf(t != Tally{}, "{who}", who.words, "{logger}", logger.words, "{counts}", t.Words())...)
		}
	}
	return said
}

// viewsDiffer lists the promises and days of which the two say different
// things.
func viewsDiffer(r FlagRule, f Field, c Context) []string {
	var said []string
	entries := slices.Concat(c.Answers[f.ID].Rows, c.Other[f.ID].Rows)
	result, _ := f.column("result")
	day, _ := f.column("day")
	for _, own := range entries {
		for _, other := range entries {
			if !differ(own, other) {
				continue
			}
			said = append(said, r.sayIf(true, "{promise}", own["promise"], "{day}", day.word(own["day"]),
				"{own}", result.word(own["result"]), "{other}", result.word(other["result"]))...)
		}
	}
	slices.Sort(said)
	return slices.Compact(said)
}

// differ tells whether other is the other's view of the same promise on the
// same day, and not the same view.
func differ(own, other map[string]string) bool {
	return own["logger"] == loggers[0].value && other["logger"] == loggers[1].value &&
		own["day"] != "" && own["day"] == other["day"] && sameWords(own["promise"]) == sameWords(other["promise"]) &&
		own["result"] != "" && other["result"] != "" && own["result"] != other["result"]
}

// sameWords is text as it is compared: people do not type a promise the same
// way twice.
func sameWords(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// OftenOptions are how often a promise can come up, as the promise tracker
// names them in a language.
func (c *Catalogue) OftenOptions(l *i18n.Language) []Option {
	d, _ := c.Find(PromiseTracker)
	d = c.In(l, d)
	promises, _ := d.Field("promises")
	often, _ := promises.column("often")
	return often.Options
}

// PromiseTracker is the worksheet in which promises are written down together.
const PromiseTracker = "promise-tracker"
