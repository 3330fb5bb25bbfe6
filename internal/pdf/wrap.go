package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrap breaks printable text into lines no longer than width: at its newlines,
// else after a space or a hyphen, else, in a word longer than a line, anywhere.
// Every line but an empty one holds at least one rune, however narrow the
// column, and no rune but the spaces at a break is lost.
func wrap(text string, st style, width float64) []string {
	room := int(width*1000/st.size + 0.01) // a line exactly as wide as its column fits
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		for {
			n := lineLength(line, st, room)
			lines = append(lines, strings.TrimRight(line[:n], " "))
			if n == len(line) {
				break
			}
			line = strings.TrimLeft(line[n:], " ")
		}
	}
	return lines
}

// lineLength counts the bytes of text that go on a line with room, which is in
// thousandths of an em. Spaces may hang over the edge.
func lineLength(text string, st style, room int) int {
	used, best, before := 0, 0, ' '
	for i, r := range text {
		used += st.advance(r)
		if used > room && r != ' ' && i > 0 {
			if best > 0 {
				return best
			}
			return i
		}
		if breaksAfter(before, r) {
			best = i + utf8.RuneLen(r)
		}
		before = r
	}
	return len(text)
}

// breaksAfter tells whether a line may end with r: a space that is not a
// no-break space, or a hyphen or dash in a word, which a minus sign is not.
func breaksAfter(before, r rune) bool {
	switch r {
	case ' ':
		return true
	case '-', '\u2010', '–', '—':
		return unicode.IsLetter(before)
	}
	return r > 0x7F && unicode.Is(unicode.Zs, r) && r != '\u00A0' && r != '\u2007' && r != '\u202F'
}

// clip wraps text into at most n lines and ends a text that is longer with an
// ellipsis. It is for the furniture of a page, whose height is fixed.
func clip(text string, st style, width float64, n int) []string {
	lines := wrap(strings.TrimSpace(text), st, width)
	if len(lines) <= n {
		return lines
	}
	last := wrap(lines[n-1], st, width-st.width("…"))[0]
	return append(lines[:n-1], last+"…")
}
