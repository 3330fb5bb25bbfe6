package worksheets

import (
	"fmt"
	"slices"
	"strings"

	"mend/internal/i18n"
)

// ours lists who made a promise, as the promise tracker names them: either partner, or nobody for
// an entry that is not on the list.
var ours = []struct{ value, words string }{
	{"first-of-us", "{A}"}, {"second-of-us", "{B}"}, {"", "Not on the list"},
}

// loggers are the two views of a promise.
var loggers = []struct{ value, words string }{
	{"the-one-who-promised", "by the one who promised"}, {"the-other", "by the other"},
}

// A Tally counts the results of promises.
type Tally struct{ kept, partly, notKept, changed int }

// Add adds the result of one mark.
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

// Words returns the counts, followed by the figure.
func (t Tally) Words() string {
	text := t.Counts(i18n.English)
	if figure, ok := FollowThrough(t.kept, t.partly, t.notKept, t.changed); ok {
		text += fmt.Sprintf(" (%d%%)", figure)
	}
	return text
}

// Counts returns the counts without the figure, in language l.
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

// followThrough reports how each partner's promises went, once from their own log and once from the
// other's.
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

// viewsDiffer lists the promises and days on which the partners' entries differ.
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

// differ reports whether other is the other partner's entry for the same promise and day, with a
// different result.
func differ(own, other map[string]string) bool {
	return own["logger"] == loggers[0].value && other["logger"] == loggers[1].value &&
		own["day"] != "" && own["day"] == other["day"] && sameWords(own["promise"]) == sameWords(other["promise"]) &&
		own["result"] != "" && other["result"] != "" && own["result"] != other["result"]
}

// sameWords normalizes text for comparison, since people do not type a promise the same way twice.
func sameWords(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// OftenOptions returns the frequencies of a promise, as the promise tracker names them in language
// l.
func (c *Catalogue) OftenOptions(l *i18n.Language) []Option {
	d, _ := c.Find(PromiseTracker)
	d = c.In(l, d)
	promises, _ := d.Field("promises")
	often, _ := promises.column("often")
	return often.Options
}

// PromiseTracker is the worksheet on which a couple writes down promises together.
const PromiseTracker = "promise-tracker"
