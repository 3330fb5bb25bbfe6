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

// said matches a call of say in a script, with the key of its sentence.
var said = regexp.MustCompile(`\bsay\(\s*"([^"]+)",?\s*\)`)

// inEnglish returns a script as it is served: with English sentences in place of keys.
func inEnglish(script []byte) []byte {
	return said.ReplaceAllFunc(script, func(call []byte) []byte {
		sentence, err := json.Marshal(i18n.Message(said.FindSubmatch(call)[1]).String())
		if err != nil { // strings always marshal
			panic(err)
		}
		return slices.Concat([]byte("say("), sentence, []byte(")"))
	})
}

// Sentences lists the keys that scripts use.
var Sentences = func() []i18n.Message {
	var list []i18n.Message
	for _, name := range AssetNames() {
		text, err := embedded.ReadFile("assets/" + name) // the source, because the served asset is minified
		if err != nil {
			continue // not a script
		}
		for _, found := range said.FindAllSubmatch(text, -1) {
			list = append(list, i18n.Message(found[1]))
		}
	}
	return list
}()

// scripted returns a JSON object that maps the scripts' English sentences to l, or "" for English.
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

// speaking returns the template functions that depend on the language l.
func speaking(l *i18n.Language) template.FuncMap {
	return template.FuncMap{
		"say":       func(sentence any, args ...any) string { return l.Say(messageOf(sentence), args...) },
		"lang":      func() string { return l.Tag },
		"language":  func() *i18n.Language { return l },
		"languages": func() []*i18n.Language { return i18n.Offered },
		"scripted":  sync.OnceValue(func() string { return scripted(l) }),
	}
}

// messageOf returns a key, a message or plain text as a message.
func messageOf(sentence any) i18n.Message {
	if m, ok := sentence.(i18n.Message); ok {
		return m
	}
	return i18n.Message(fmt.Sprint(sentence))
}

// A localizedPage holds a copy of a page's template for each language in which it was rendered.
type localizedPage struct {
	pristine func() *template.Template // never executed, so that it can be cloned
	drawn    sync.Map                  // *i18n.Language -> *template.Template
}

func (t *localizedPage) in(l *i18n.Language) *template.Template {
	if found, ok := t.drawn.Load(l); ok {
		return found.(*template.Template)
	}
	spoken := template.Must(t.pristine().Clone()).Funcs(speaking(l))
	found, _ := t.drawn.LoadOrStore(l, spoken)
	return found.(*template.Template)
}
