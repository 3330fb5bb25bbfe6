package worksheets

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
	"go.yaml.in/yaml/v3"

	"mend/internal/i18n"
)

//go:embed hints/en.yaml
var hintsText []byte

//go:embed hints/es.yaml
var hintsTextInSpanish []byte

// A Hint is a wording that an apology could do without (docs/clinical.md, 2.3). It
// is a suggestion, never a finding, and is neither kept nor counted.
type Hint struct {
	ID      string `yaml:"id"`
	Catches string `yaml:"catches"`
	Pattern string `yaml:"pattern"` // in JavaScript's syntax, for the flags i and u
	Say     string `yaml:"say"`
	Hit     string `yaml:"hit"`   // an example
	Quiet   string `yaml:"quiet"` // a sentence like it that is not one

	pattern *regexp2.Regexp
}

// A hintFile is what hints/en.yaml holds.
type hintFile struct {
	Hints []Hint   `yaml:"hints"`
	Never []string `yaml:"never"` // sentences in which nothing may be hinted
}

// patience bounds how long one pattern may look at one text.
const patience = 50 * time.Millisecond

// readHints reads the hints and compiles their patterns as a browser would.
func readHints(text []byte) (hintFile, error) {
	var file hintFile
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		return file, err
	}
	for i := range file.Hints {
		h := &file.Hints[i]
		pattern, err := regexp2.Compile(h.Pattern, regexp2.ECMAScript|regexp2.IgnoreCase|regexp2.Unicode)
		if err != nil {
			return file, fmt.Errorf("hint %s: %w", h.ID, err)
		}
		pattern.MatchTimeout = patience
		h.pattern = pattern
	}
	return file, nil
}

var hintsInEnglish, hintsInSpanish = mustHints(hintsText), mustHints(hintsTextInSpanish)

func mustHints(text []byte) hintFile {
	file, err := readHints(text)
	if err != nil {
		panic(err) // a defect of the program, met at its first start
	}
	return file
}

// Hints returns the wording hints for the fields of d that want them: in the
// author's browser they run while somebody writes, in the language of the page.
// There are none where no field wants them.
func (d Definition) Hints() []Hint {
	for _, f := range d.Fields {
		if f.WordingHints {
			return hintsIn(d.Language)
		}
	}
	return nil
}

func hintsIn(l *i18n.Language) []Hint {
	if l == i18n.Spanish {
		return hintsInSpanish.Hints
	}
	list := slices.Clone(hintsInEnglish.Hints)
	for i := range list {
		list[i].Say = l.Content(list[i].Say, "")
	}
	return list
}

func hintInEnglish(id string) (Hint, bool) {
	return find(hintsInEnglish.Hints, func(h Hint) bool { return h.ID == id })
}

// A Hinted sentence is one in which a hint is found.
type Hinted struct {
	Field string // the label of the question
	Words string
	Say   string
}

// Hinted returns what could be hinted in the fields of a page, for the
// counselor who reads it: the first in each sentence.
func (d Definition) Hinted(values map[string]Value) []Hinted {
	var found []Hinted
	for _, f := range d.Fields {
		if !f.WordingHints {
			continue
		}
		for _, sentence := range sentencesOf(values[f.ID].Text) {
			if h, ok := firstHint(sentence); ok {
				found = append(found, Hinted{f.Label, strings.TrimSpace(sentence), h.Say})
			}
		}
	}
	return found
}

// firstHint returns the first hint, in their order, that is found in text, in
// whichever language it was written. What it says is English.
func firstHint(text string) (Hint, bool) {
	if h, ok := firstOf(hintsInEnglish.Hints, text); ok {
		return h, true
	}
	if h, ok := firstOf(hintsInSpanish.Hints, text); ok {
		return hintInEnglish(h.ID)
	}
	return Hint{}, false
}

func firstOf(hints []Hint, text string) (Hint, bool) {
	return find(hints, func(h Hint) bool {
		hit, err := h.pattern.MatchString(text)
		return err == nil && hit
	})
}

// sentencesOf splits text behind full stops, exclamation and question marks and
// at line ends.
func sentencesOf(text string) []string {
	var list []string
	start := 0
	for i, r := range text {
		if strings.ContainsRune(".!?\n", r) {
			list, start = append(list, text[start:i+1]), i+1
		}
	}
	return append(list, text[start:])
}

// HintPairs returns what the wording hints say, in English and in Spanish.
func HintPairs() []i18n.Pair {
	var pairs []i18n.Pair
	for _, h := range hintsInSpanish.Hints {
		english, _ := hintInEnglish(h.ID)
		pairs = append(pairs, i18n.Pair{Place: h.ID, English: english.Say, Spanish: h.Say})
	}
	return pairs
}
