package templates

import (
	"encoding/json"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"sync"

	"mend/internal/i18n"
)

// said finds a sentence that a script says to a person, by its key.
var said = regexp.MustCompile(`\bsay\(\s*"([^"]+)",?\s*\)`)

// inEnglish is a script as it travels: with the English sentences in place of their keys.
func inEnglish(script []byte) []byte {
	return said.ReplaceAllFunc(script, func(call []byte) []byte {
		sentence, err := json.Marshal(i18n.Message(said.FindSubmatch(call)[1]).String())
		if err != nil { // strings always marshal
			panic(err)
		}
		return slices.Concat([]byte("say("), sentence, []byte(")"))
	})
}

// Sentences are the keys of what the scripts say.
var Sentences = func() []i18n.Message {
	var list []i18n.Message
	for _, name := range AssetNames() {
		text, err := embedded.ReadFile("assets/" + name) // as it was written: what travels is minified
		if err != nil {
			continue // no script
		}
		for _, found := range said.FindAllSubmatch(text, -1) {
			list = append(list, i18n.Message(found[1]))
		}
	}
	return list
}()

// scripted returns the sentences of the scripts in l as JSON, by the English, "" in English:
// scripts travel with the English ones.
func scripted(l *i18n.Language) string {
	if l.English() {
		return ""
	}
	table := map[string]string{}
	for _, s := range Sentences {
		table[s.String()] = l.Say(s)
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
		"say":       func(sentence any, args ...any) string { return l.Say(messageOf(sentence), args...) },
		"lang":      func() string { return l.Tag },
		"language":  func() *i18n.Language { return l },
		"languages": func() []*i18n.Language { return i18n.Offered },
		"scripted":  sync.OnceValue(func() string { return scripted(l) }),
	}
}

// messageOf returns what a page is to say: a key, a message, or words as they are.
func messageOf(sentence any) i18n.Message {
	if m, ok := sentence.(i18n.Message); ok {
		return m
	}
	return i18n.Message(fmt.Sprint(sentence))
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
