// Package i18n says what partners read in their language. A sentence has a key, such as action.save, and
// stands under it in one file for each language, TAG.yaml. Worksheets, policies and wording hints have their own
// files, beside the English ones, and what only staff reads may stand in the code, in English.
//
// Neither go-i18n nor golang.org/x/text/message/catalog reads such a file, falls back to English by the sentence
// or writes dates. All that they would replace is fmt.Sprintf, and each would change how numbers or places are written.
package i18n

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// A Language is one that partners can choose. A nil one is English.
type Language struct {
	Tag  string // as in <html lang>
	Name string // in the language itself

	said     map[Message]string // by key
	calendar *strings.Replacer  // English names of days and months -> those of the language
}

//go:embed *.yaml
var files embed.FS

// Offered are the languages that can be chosen, English first.
var Offered = mustLoad(files)

// English is what whoever chose nothing reads, and staff; Spanish has the content translated too.
var (
	English = Offered.Of("en")
	Spanish = Offered.Of("es")
)

func mustLoad(files fs.FS) Languages {
	list, err := Load(files)
	if err != nil { // a mistake in a file stops the program from starting
		panic(err)
	}
	return list
}

// Languages are several languages, English first.
type Languages []*Language

// Load reads the languages of TAG.yaml in files, with English first.
func Load(files fs.FS) (Languages, error) {
	names, err := fs.Glob(files, "*.yaml")
	var list Languages
	for _, name := range names {
		l, problem := read(files, name)
		err = errors.Join(err, problem)
		list = append(list, l)
	}
	slices.SortStableFunc(list, func(a, b *Language) int {
		return map[bool]int{true: -1}[a.English()] - map[bool]int{true: -1}[b.English()]
	})
	if err == nil && (len(list) == 0 || !list[0].English()) {
		err = errors.New("internal/i18n: there is no en.yaml")
	}
	return list, err
}

// read reads the language of one file.
func read(files fs.FS, name string) (*Language, error) {
	l := &Language{Tag: strings.TrimSuffix(path.Base(name), ".yaml")}
	text, err := fs.ReadFile(files, name)
	if err == nil {
		err = yaml.Unmarshal(text, &l.said)
	}
	if _, problem := language.Parse(l.Tag); err == nil {
		err = problem
	}
	l.Name = l.said["language.name"]
	if err == nil && l.Name == "" {
		err = errors.New("language.name is missing")
	}
	if err != nil {
		return l, fmt.Errorf("internal/i18n/%s: %w", name, err)
	}
	l.calendar = strings.NewReplacer(l.calendarNames()...)
	return l, nil
}

// calendarNames are pairs of what package time writes and how the language says it.
func (l *Language) calendarNames() (pairs []string) {
	names := []string{"AM", "PM"}
	for day := range time.Saturday + 1 {
		names = append(names, day.String())
	}
	for month := time.January; month <= time.December; month++ {
		names = append(names, month.String())
	}
	for _, name := range names {
		if said, ok := l.said[Message("calendar."+strings.ToLower(name))]; ok {
			pairs = append(pairs, name, said)
		}
	}
	return pairs
}

// Of returns the language of a tag, English where there is none.
func (list Languages) Of(tag string) *Language {
	i := slices.IndexFunc(list, func(l *Language) bool { return l.Tag == tag })
	return list[max(i, 0)]
}

// Asked returns the language that a browser asks for in Accept-Language.
func (list Languages) Asked(accept string) *Language {
	tags := make([]language.Tag, len(list))
	for i, l := range list {
		tags[i] = language.Make(l.Tag)
	}
	_, i := language.MatchStrings(language.NewMatcher(tags), accept)
	return list[i]
}

// tried are languages that tests added.
var tried atomic.Pointer[Languages]

// Try has Of find the languages of more files too, which nobody can choose. It is for tests.
func Try(files fs.FS) (Languages, error) {
	list, err := Load(files)
	if err == nil {
		tried.Store(&list)
	}
	return list, err
}

// Of returns the language of a stored tag, English where there is none.
func Of(tag string) *Language {
	if list := tried.Load(); list != nil && !IsOffered(tag) {
		return list.Of(tag).or(English)
	}
	return Offered.Of(tag)
}

// or returns l, or instead of an English that is not the program's, english.
func (l *Language) or(english *Language) *Language {
	if l.English() {
		return english
	}
	return l
}

// IsOffered tells whether a language of that tag can be chosen.
func IsOffered(tag string) bool {
	return slices.ContainsFunc(Offered, func(l *Language) bool { return l.Tag == tag })
}

// Asked returns the language that a browser asks for in Accept-Language.
func Asked(accept string) *Language { return Offered.Asked(accept) }

// English tells whether l is English.
func (l *Language) English() bool { return l == nil || l.Tag == "en" }

// Say returns what a message says in l, with args in its places. A sentence that l does not have is said in
// English, and words that are no key are returned as they are.
func (l *Language) Say(m Message, args ...any) string {
	key, held := m.parts()
	text, ok := l.sentence(key)
	if args = append(held, args...); !ok || len(args) == 0 {
		return text
	}
	for i, arg := range args { // every place is %s
		args[i] = fmt.Sprint(arg)
	}
	return fmt.Sprintf(text, args...)
}

// sentence returns the sentence of a key, or the key itself and false.
func (l *Language) sentence(key Message) (string, bool) {
	if l != nil {
		if text, ok := l.said[key]; ok {
			return text, true
		}
	}
	if text, ok := English.said[key]; ok {
		return text, true
	}
	return string(key), false
}

// Content returns a text of a worksheet or a policy in l: english, or what it was translated to. The content is
// translated into Spanish alone; "" says that this text is not.
func (l *Language) Content(english, spanish string) string {
	switch {
	case l.English() || english == "":
		return english
	case l.Tag == Spanish.Tag && spanish != "":
		return spanish
	}
	return l.Say("content.not_translated", english)
}

// Date returns a time in l. layout is the key of one of package time's, with whole names.
func (l *Language) Date(at time.Time, layout Message) string {
	said := at.Format(l.Say(layout))
	if l.English() {
		return said
	}
	return l.calendar.Replace(said)
}

// Sentences returns all sentences of l by their keys.
func (l *Language) Sentences() map[Message]string { return maps.Clone(l.said) }
