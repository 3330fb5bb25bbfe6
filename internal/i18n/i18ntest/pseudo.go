// Package i18ntest adds a language that nobody speaks, for tests: what its file does not say is seen at once, and so
// is what has no room for longer words. No part of the program imports it.
package i18ntest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"mend/internal/i18n"
)

// tag is that of the language: English with the accents of no place.
const tag = "en-XA"

// Pseudo returns the language, which i18n.Of finds from then on: English with accents, each sentence longer by 40 %
// and between ⟦ and ⟧, with what stands in its places outside of them.
var Pseudo = sync.OnceValue(func() *i18n.Language {
	text, err := yaml.Marshal(Sentences())
	if err == nil {
		var list i18n.Languages
		if list, err = i18n.Try(fstest.MapFS{"en.yaml": {Data: english()}, tag + ".yaml": {Data: text}}); err == nil {
			return list.Of(tag)
		}
	}
	panic(err)
})

// english returns the file of the English sentences.
func english() []byte {
	_, here, _, _ := runtime.Caller(0)
	text, err := fs.ReadFile(os.DirFS(filepath.Join(filepath.Dir(here), "..")), "en.yaml")
	if err != nil {
		panic(err)
	}
	return text
}

// Sentences returns the file of the language, by keys.
func Sentences() map[string]string {
	said := map[string]string{}
	if err := yaml.Unmarshal(english(), &said); err != nil {
		panic(err)
	}
	for key, sentence := range said {
		group, _, _ := strings.Cut(key, ".")
		switch {
		case group == "calendar" || key == "language.name": // inside of a date that is marked, and of no language
		case group == "date":
			said[key] = "⟦" + sentence + "⟧"
		case group == "content":
			said[key] = strings.Replace(sentence, "%s", "⟦%s⟧", 1)
		default:
			said[key] = Marked(sentence)
		}
	}
	return said
}

var (
	place   = regexp.MustCompile(`%(\[\d+\])?s`)
	word    = regexp.MustCompile(`\{\w+\}|\pL+`) // a script fills {number} itself
	accents = strings.NewReplacer(strings.Split("a á b ƀ c ç d ð e é g ĝ h ĥ i í j ĵ k ķ l ļ n ñ o ó r ŕ s š t ţ u ú w ŵ "+
		"y ý z ž A Á B Ɓ C Ç D Ð E É G Ĝ H Ĥ I Í J Ĵ K Ķ L Ļ N Ñ O Ó R Ŕ S Š T Ţ U Ú W Ŵ Y Ý Z Ž", " ")...)
)

// Marked returns an English sentence as the language says it.
func Marked(sentence string) string {
	parts, at := []string{}, 0
	for _, found := range append(place.FindAllStringIndex(sentence, -1), []int{len(sentence), len(sentence)}) {
		parts = append(parts, "⟦"+longer(sentence[at:found[0]])+"⟧", sentence[found[0]:found[1]])
		at = found[1]
	}
	return strings.Join(parts, "")
}

// longer returns words longer by 40 %: every word by as much, so that lines break where they would.
func longer(words string) string {
	return word.ReplaceAllStringFunc(words, func(word string) string {
		if strings.HasPrefix(word, "{") {
			return word
		}
		return accents.Replace(word) + strings.Repeat("é", (len([]rune(word))*4+5)/10)
	})
}
