// Package i18ntest adds a pseudo-language for tests, which reveals texts missing from the catalogue
// and layouts without room for longer words. The program does not import it.
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

// tag is the pseudo-language's: English with pseudo-accents.
const tag = "en-XA"

// Pseudo returns the pseudo-language, which i18n.Of finds from then on: English with accents, each
// sentence 40 % longer and between ⟦ and ⟧, with its arguments outside of them.
var Pseudo = sync.OnceValue(func() *i18n.Language {
	text, err := yaml.Marshal(Sentences())
	if err == nil {
		var list i18n.Languages
		if list, err = i18n.RegisterForTest(fstest.MapFS{
			"en.yaml":     {Data: english()},
			tag + ".yaml": {Data: text},
		}); err == nil {
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

// Sentences returns the sentences of the pseudo-language, by key.
func Sentences() map[string]string {
	said := map[string]string{}
	if err := yaml.Unmarshal(english(), &said); err != nil {
		panic(err)
	}
	for key, sentence := range said {
		group, _, _ := strings.Cut(key, ".")
		switch {
		case group == "calendar" || key == "language.name": // part of a date, which is marked as a whole
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
	word    = regexp.MustCompile(`\{\w+\}|\pL+`) // a script fills in {number} itself
	accents = strings.NewReplacer(strings.Split("a á b ƀ c ç d ð e é g ĝ h ĥ i í j ĵ k ķ l ļ n ñ o ó r ŕ s š t ţ u ú w ŵ "+
		"y ý z ž A Á B Ɓ C Ç D Ð E É G Ĝ H Ĥ I Í J Ĵ K Ķ L Ļ N Ñ O Ó R Ŕ S Š T Ţ U Ú W Ŵ Y Ý Z Ž", " ")...)
)

// Marked returns an English sentence in the pseudo-language.
func Marked(sentence string) string {
	parts, at := []string{}, 0
	for _, found := range append(place.FindAllStringIndex(sentence, -1), []int{len(sentence), len(sentence)}) {
		parts = append(parts, "⟦"+longer(sentence[at:found[0]])+"⟧", sentence[found[0]:found[1]])
		at = found[1]
	}
	return strings.Join(parts, "")
}

// longer makes words 40 % longer, each by the same share, so that lines break as they would.
func longer(words string) string {
	return word.ReplaceAllStringFunc(words, func(word string) string {
		if strings.HasPrefix(word, "{") {
			return word
		}
		return accents.Replace(word) + strings.Repeat("é", (len([]rune(word))*4+5)/10)
	})
}
