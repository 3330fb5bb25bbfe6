// Package i18n says in a partner's language what Mend says in English. The
// English sentences are the keys, so that pages and code stay readable, and the
// sentences of another language stand in one file, LANGUAGE.yaml. Worksheets,
// policies and wording hints have their own files, beside the English ones.
package i18n

import (
	"embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// A Language is one that partners can choose. A nil one is English.
type Language struct {
	Tag  string // as in <html lang>
	Name string // in the language itself

	said     map[string]string // English sentence -> its translation; nil in English
	patterns []pattern         // of the sentences that hold a number or a name
	calendar *strings.Replacer // English names of days and months -> their translations
	marked   bool
}

// A pattern finds a finished English sentence that was made from key. Only
// whole sentences are looked for, such as those that say what is wrong.
type pattern struct {
	key     string
	matches *regexp.Regexp
}

//go:embed es.yaml
var files embed.FS

// The languages. Marked is for tests: English, with each sentence that the
// catalogue holds between ⟦ and ⟧, and nobody can choose it.
var (
	English = &Language{Tag: "en", Name: "English"}
	Spanish = read("es", "Español")
	Marked  = &Language{Tag: "en-XA", Name: "Marked", said: Spanish.said, patterns: Spanish.patterns, marked: true}
)

// Offered are the languages that can be chosen, English first.
var Offered = []*Language{English, Spanish}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Spanish})

// read reads a language. A mistake in its file stops the program from starting.
func read(tag, name string) *Language {
	text, err := files.ReadFile(tag + ".yaml")
	l := &Language{Tag: tag, Name: name}
	if err == nil {
		err = yaml.Unmarshal(text, &l.said)
	}
	if err != nil {
		panic("words/" + tag + ".yaml: " + err.Error())
	}
	for _, key := range slices.Sorted(maps.Keys(l.said)) {
		if verb.MatchString(key) && strings.HasSuffix(key, ".") {
			l.patterns = append(l.patterns,
				pattern{key, regexp.MustCompile("^" + verb.ReplaceAllLiteralString(regexp.QuoteMeta(key), "(.+?)") + "$")})
		}
	}
	var names []string
	for day := range time.Saturday + 1 {
		names = append(names, day.String(), l.Say(day.String()))
	}
	for month := time.January; month <= time.December; month++ {
		names = append(names, month.String(), l.Say(month.String()))
	}
	l.calendar = strings.NewReplacer(append(names, "AM", l.Say("AM"), "PM", l.Say("PM"))...)
	return l
}

// Of returns the language of a stored tag, English where there is none.
func Of(tag string) *Language {
	for _, l := range []*Language{Spanish, Marked} {
		if l.Tag == tag {
			return l
		}
	}
	return English
}

// IsOffered tells whether a language of that tag can be chosen.
func IsOffered(tag string) bool {
	return slices.ContainsFunc(Offered, func(l *Language) bool { return l.Tag == tag })
}

// Asked returns the language that a browser asks for in Accept-Language.
func Asked(accept string) *Language {
	_, i := language.MatchStrings(matcher, accept)
	return Offered[i]
}

// verb is a place in a sentence for a number or a name.
var verb = regexp.MustCompile(`%[sd]`)

// English tells whether l is English, in which nothing is translated.
func (l *Language) English() bool { return l == nil || l.said == nil }

// Say returns an English sentence in l, with args in its places. A finished
// sentence is found by the pattern that it was made from. What the catalogue
// does not hold is returned as it is.
func (l *Language) Say(sentence string, args ...any) string {
	whole := fill(sentence, args)
	if l.English() {
		return whole
	}
	if said, ok := l.said[sentence]; ok {
		return fill(l.mark(sentence, said), args)
	}
	return l.finished(whole)
}

// fill puts args in the places of a sentence.
func fill(sentence string, args []any) string {
	if len(args) == 0 {
		return sentence
	}
	return fmt.Sprintf(sentence, args...)
}

// Content returns a text of a worksheet or a policy in l: english, or what it
// was translated to.
func (l *Language) Content(english, translated string) string {
	switch {
	case l.English() || english == "":
		return english
	case l.marked:
		return "⟦" + english + "⟧"
	}
	return translated
}

// mark returns a translation, or in the marked language the key between marks,
// with what stands in its places left outside of them.
func (l *Language) mark(key, said string) string {
	if !l.marked {
		return said
	}
	return "⟦" + verb.ReplaceAllString(key, "⟧$0⟦") + "⟧"
}

// finished translates a sentence that was made from a pattern.
func (l *Language) finished(sentence string) string {
	for _, p := range l.patterns {
		if found := p.matches.FindStringSubmatch(sentence); found != nil {
			args := make([]any, len(found)-1)
			for i, word := range found[1:] {
				args[i] = word
			}
			return fill(verb.ReplaceAllLiteralString(l.mark(p.key, l.said[p.key]), "%s"), args)
		}
	}
	return sentence
}

// Date returns a time in l. layout is one of package time's, with whole names;
// it is a sentence of the catalogue.
func (l *Language) Date(at time.Time, layout string) string {
	said := at.Format(l.Say(layout))
	if l.English() || l.marked {
		return said
	}
	return l.calendar.Replace(said)
}
