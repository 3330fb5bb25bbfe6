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

// A Hint suggests avoiding a wording in an apology (docs/clinical.md, 2.3). It is never a finding,
// and hits are neither stored nor counted.
type Hint struct {
	ID      string `yaml:"id"`
	Catches string `yaml:"catches"`
	Pattern string `yaml:"pattern"` // in JavaScript's syntax, with the flags i and u
	Say     string `yaml:"say"`
	Hit     string `yaml:"hit"`   // an example that matches
	Quiet   string `yaml:"quiet"` // a similar sentence that does not match

	pattern *regexp2.Regexp
}

// A hintFile is the content of hints/en.yaml.
type hintFile struct {
	Hints []Hint   `yaml:"hints"`
	Never []string `yaml:"never"` // sentences in which no hint may match
}

// patience limits the time for matching one pattern against one text.
const patience = 50 * time.Millisecond

// readHints decodes the hints and compiles their patterns as a browser would.
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
		panic(err) // a defect of the program, caught at startup
	}
	return file
}

// Hints returns the wording hints of d in the language of the page, or nil if no field of d uses
// them. The author's browser applies them as somebody types.
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

// A Hinted is a sentence that matches a hint.
type Hinted struct {
	Field string // the label of the question
	Words string
	Say   string
}

// Hinted returns, for the counselor, the first hint in each sentence of a page's fields.
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

// firstHint returns the first hint that matches text, in either language. Its Say is English.
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

// sentencesOf splits text after periods, exclamation and question marks, and at line ends.
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

// HintPairs returns the texts of the wording hints in English and Spanish.
func HintPairs() []i18n.Pair {
	var pairs []i18n.Pair
	for _, h := range hintsInSpanish.Hints {
		english, _ := hintInEnglish(h.ID)
		pairs = append(pairs, i18n.Pair{Place: h.ID, English: english.Say, Spanish: h.Say})
	}
	return pairs
}
