package pdf

import (
	"slices"
	"strings"
)

// mostMisprinted limits the words returned by Misprinted.
const mostMisprinted = 12

// mostRunes limits the length of each: Chinese has no spaces between words.
const mostRunes = 24

// Misprinted returns up to twelve words of s that are not printed as they were typed, because no
// font has one of their characters.
func (s Sheet) Misprinted() []string {
	texts := append([]string{s.Title, s.Running, s.Footer}, s.Letterhead...)
	for _, b := range s.Blocks {
		texts = append(texts, textsOf(b)...)
	}
	var found []string
	for _, text := range texts {
		if plain(text) {
			continue
		}
		for word := range strings.FieldsSeq(text) {
			if named := shorten(word); isMisprinted(word) && !slices.Contains(found, named) {
				found = append(found, named)
			}
		}
	}
	return found[:min(len(found), mostMisprinted)]
}

// textsOf returns all text that b prints.
func textsOf(b Block) []string {
	switch b := b.(type) {
	case In:
		return textsOf(b.Block)
	case Heading:
		return []string{string(b)}
	case Subheading:
		return []string{string(b)}
	case Paragraph:
		return []string{b.Text}
	case Field:
		return []string{b.Label, b.Value}
	case List:
		return b
	case Table:
		return append(slices.Concat(b.Rows...), b.Columns...)
	case Choices:
		var labels []string
		for _, option := range b.Options {
			labels = append(labels, option.Label)
		}
		return labels
	case Signature:
		return b.Lines
	case QR:
		return []string{b.Caption}
	}
	return nil
}

// isMisprinted reports whether word is printed differently from how it was typed.
func isMisprinted(word string) bool {
	return strings.ContainsRune(Printable(word), replacement)
}

// shorten returns word for a message, without surrounding punctuation.
func shorten(word string) string {
	runes := []rune(strings.Trim(word, `.,;:!?()“”"'`))
	if len(runes) <= mostRunes {
		return string(runes)
	}
	return string(runes[:mostRunes]) + "…"
}
