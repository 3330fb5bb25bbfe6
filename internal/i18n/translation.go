package i18n

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Text is the text at a place of a piece of content: "kinds" is the label of that field of a
// worksheet, "kinds.options.lying" the label of that answer.
type Text struct{ Place, Says string }

// A Translation is a translation of one piece of content, by place. It contains no ids, types or
// rules, which stay those of the English file.
type Translation struct {
	Of    string            `yaml:"of"` // the fingerprint of the English texts that it translates
	Words map[string]string `yaml:"words"`
}

// Fingerprint returns a hash of English texts, which changes with any of them.
func Fingerprint(english []Text) string {
	sum := sha256.New()
	for _, text := range english {
		fmt.Fprintf(sum, "%s\n%s\n", text.Place, text.Says)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// ReadTranslation reads the translation of English texts. It returns an error unless exactly these
// are translated and none has changed since.
func ReadTranslation(files fs.FS, name string, english []Text) (Translation, error) {
	var t Translation
	text, err := fs.ReadFile(files, name)
	if err == nil {
		err = yaml.Unmarshal(text, &t)
	}
	if err != nil {
		return t, err
	}
	known := map[string]bool{}
	for _, text := range english {
		known[text.Place] = true
		if strings.TrimSpace(t.Words[text.Place]) == "" {
			return t, fmt.Errorf("%s is not translated", text.Place)
		}
	}
	for place := range t.Words {
		if !known[place] {
			return t, errors.New(place + " is not in the English words")
		}
	}
	if name := Fingerprint(english); t.Of != name {
		return t, fmt.Errorf("the English words have changed: look through it, and write of: %s", name)
	}
	return t, nil
}

// Said returns the text at a place, or english if there is none.
func (t Translation) Said(l *Language, place, english string) string {
	return l.Content(english, t.Words[place])
}

// A Pair is a text in English and Spanish. Spanish is "" if it is not translated.
type Pair struct{ Place, English, Spanish string }

// Pairs returns English texts with their translations.
func (t Translation) Pairs(english []Text) []Pair {
	pairs := make([]Pair, len(english))
	for i, text := range english {
		pairs[i] = Pair{text.Place, text.Says, t.Words[text.Place]}
	}
	return pairs
}

// Pairs returns all sentences of pages that partners see, by key.
func Pairs() []Pair {
	var pairs []Pair
	for _, key := range slices.Sorted(maps.Keys(English.said)) {
		pairs = append(pairs, Pair{string(key), English.said[key], Spanish.said[key]})
	}
	return pairs
}
