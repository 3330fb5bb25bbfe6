package templates

import (
	"encoding/json"
	"html/template"
	"regexp"
	"strings"
	"sync"

	"mend/internal/i18n"
)

// said finds a sentence that a script says to a person.
var said = regexp.MustCompile(`\bsay\(\s*"([^"]+)",?\s*\)`)

// Sentences are what the scripts say, in English.
var Sentences = func() []string {
	var list []string
	for _, name := range AssetNames() {
		text, err := embedded.ReadFile("assets/" + name) // as it was written: what travels is minified
		if err != nil {
			continue // no script
		}
		for _, found := range said.FindAllSubmatch(text, -1) {
			list = append(list, string(found[1]))
		}
	}
	return list
}()

// scripted returns the sentences of the scripts in l as JSON, "" in English:
// scripts hold the English ones.
func scripted(l *i18n.Language) string {
	if l.English() {
		return ""
	}
	table := map[string]string{}
	for _, s := range Sentences {
		table[s] = l.Say(s)
	}
	text, err := json.Marshal(table)
	if err != nil { // strings always marshal
		panic(err)
	}
	return string(text)
}

// speaking are the functions of pages that say something in l.
func speaking(l *i18n.Language) template.FuncMap {
	return template.FuncMap{
		"say":       func(text string, args ...any) string { return l.Say(OneLine(text), args...) },
		"lang":      func() string { return l.Tag },
		"language":  func() *i18n.Language { return l },
		"languages": func() []*i18n.Language { return i18n.Offered },
		"scripted":  sync.OnceValue(func() string { return scripted(l) }),
	}
}

// OneLine returns text in one line: a long sentence stands in several lines of
// its template.
func OneLine(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	return strings.Join(strings.Fields(text), " ")
}

// A localizedPage holds a page once for each language in which it was drawn.
type localizedPage struct {
	pristine func() *template.Template // never drawn, so that it can be cloned
	drawn    sync.Map                  // *words.Language -> *template.Template
}

func (t *localizedPage) in(l *i18n.Language) *template.Template {
	if found, ok := t.drawn.Load(l); ok {
		return found.(*template.Template)
	}
	spoken := template.Must(t.pristine().Clone()).Funcs(speaking(l))
	found, _ := t.drawn.LoadOrStore(l, spoken)
	return found.(*template.Template)
}
