// Package i18n translates what partners read. A sentence has a key, such as action.save, in one
// file per language, TAG.yaml. Worksheets, policies and wording hints have their own files, beside
// the English ones; texts that only staff read can be in the code, in English.
//
// Neither go-i18n nor golang.org/x/text/message/catalog reads such a file, falls back to English
// per sentence or formats dates. All that they would replace is fmt.Sprintf, and each would change
// how numbers or placeholders are written.
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
	"golang.org/x/text/language/display"
)

// A Language is a language that partners can choose. A nil one is English.
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

// English is for staff and for partners who chose nothing. Spanish is the only language with
// translated content.
var (
	English = Offered.Of("en")
	Spanish = Offered.Of("es")
)

func mustLoad(files fs.FS) Languages {
	list, err := Load(files)
	if err != nil { // an error in a file stops the program at startup
		panic(err)
	}
	return list
}

// Languages is a list of languages, English first.
type Languages []*Language

// Load reads the languages in files, TAG.yaml each, with English first.
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

// calendarNames returns pairs of what package time writes and the language's name for it.
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

// EnglishName returns what l is called in English, for staff.
func (l *Language) EnglishName() string { return display.English.Tags().Name(language.Make(l.Tag)) }

// Of returns the language of a tag, or English if there is none.
func (list Languages) Of(tag string) *Language {
	i := slices.IndexFunc(list, func(l *Language) bool { return l.Tag == tag })
	return list[max(i, 0)]
}

// FromAcceptLanguage returns the language requested by an Accept-Language header.
func (list Languages) FromAcceptLanguage(accept string) *Language {
	tags := make([]language.Tag, len(list))
	for i, l := range list {
		tags[i] = language.Make(l.Tag)
	}
	_, i := language.MatchStrings(language.NewMatcher(tags), accept)
	return list[i]
}

// testLanguages are languages added by tests.
var testLanguages atomic.Pointer[Languages]

// RegisterForTest makes Of also find the languages of files, which cannot be chosen. It is for tests.
func RegisterForTest(files fs.FS) (Languages, error) {
	list, err := Load(files)
	if err == nil {
		testLanguages.Store(&list)
	}
	return list, err
}

// Of returns the language of a stored tag, or English if there is none.
func Of(tag string) *Language {
	if list := testLanguages.Load(); list != nil && !IsOffered(tag) {
		return list.Of(tag).or(English)
	}
	return Offered.Of(tag)
}

// or returns l, or english if l is an English other than the program's.
func (l *Language) or(english *Language) *Language {
	if l.English() {
		return english
	}
	return l
}

// IsOffered reports whether a language with that tag can be chosen.
func IsOffered(tag string) bool {
	return slices.ContainsFunc(Offered, func(l *Language) bool { return l.Tag == tag })
}

// FromAcceptLanguage returns the language requested by an Accept-Language header.
func FromAcceptLanguage(accept string) *Language { return Offered.FromAcceptLanguage(accept) }

// English reports whether l is English.
func (l *Language) English() bool { return l == nil || l.Tag == "en" }

// Say returns a message in l with args in its placeholders. If l lacks the sentence, it returns the
// English one; text that is not a key is returned unchanged.
func (l *Language) Say(m Message, args ...any) string {
	key, held := m.parts()
	text, ok := l.sentence(key)
	if args = append(held, args...); !ok || len(args) == 0 {
		return text
	}
	for i, arg := range args { // every placeholder is %s
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

// Content returns a text of a worksheet or a policy in l, given its English and Spanish. Content is
// translated into Spanish only; spanish is "" if this text is not translated.
func (l *Language) Content(english, spanish string) string {
	switch {
	case l.English() || english == "":
		return english
	case l.Tag == Spanish.Tag && spanish != "":
		return spanish
	}
	return l.Say("content.not_translated", english)
}

// Date formats a time in l. layout is the key of a layout for package time, with full names.
func (l *Language) Date(at time.Time, layout Message) string {
	said := at.Format(l.Say(layout))
	if l.English() {
		return said
	}
	return l.calendar.Replace(said)
}

// Sentences returns all sentences of l by key.
func (l *Language) Sentences() map[Message]string { return maps.Clone(l.said) }
