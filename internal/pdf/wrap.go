package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"
)

// wrap breaks printable text into lines no longer than width: at its newlines,
// else where the writing allows it, else, in a word longer than a line, between
// any two characters. Every line but an empty one holds at least one character,
// however narrow the column, and none but the spaces at a break is lost.
func wrap(text string, st style, width float64) []string {
	room := int(width*1000/st.size + 0.01) // a line exactly as wide as its column fits
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		advances, breaks := st.face.stack().Advances(line), breaksOf(line)
		for {
			bytes, runes := lineLength(line, advances, breaks, room)
			lines = append(lines, strings.TrimRight(line[:bytes], " "))
			if bytes == len(line) {
				break
			}
			for bytes < len(line) && line[bytes] == ' ' && !carriesMark(advances[runes:]) {
				bytes, runes = bytes+1, runes+1
			}
			if bytes == len(line) {
				break
			}
			line, advances, breaks = line[bytes:], advances[runes:], breaks[runes:]
		}
	}
	return lines
}

// carriesMark tells whether the first rune of a text with these advances is one
// with the rune that follows it.
func carriesMark(advances []int) bool { return len(advances) > 1 && advances[1] == 0 }

// lineLength counts the bytes and runes of text that go on a line with room,
// which is in thousandths of an em, as advances are. Spaces may hang over the edge.
func lineLength(text string, advances []int, breaks []bool, room int) (bytes, runes int) {
	used, best, bestRunes, n := 0, 0, 0, 0
	for i, r := range text {
		used += advances[n]
		hangs := r == ' ' && !carriesMark(advances[n:])
		if used > room && !hangs && i > 0 && advances[n] > 0 {
			if best > 0 {
				return best, bestRunes
			}
			return i, n
		}
		n++
		if breaks[n-1] && !carriesMark(advances[n-1:]) {
			best, bestRunes = i+utf8.RuneLen(r), n
		}
	}
	return len(text), n
}

// breaksOf tells after which runes of text a line may end.
func breaksOf(text string) []bool {
	breaks := make([]bool, 0, len(text))
	before, western := ' ', true
	for _, r := range text {
		breaks = append(breaks, breaksAfter(before, r))
		before, western = r, western && r < firstUnspaced
	}
	if western {
		return breaks
	}
	var s segmenter.Segmenter
	s.Init([]rune(text))
	clear(breaks)
	for i := s.LineIterator(); i.Next(); {
		line := i.Line()
		breaks[line.Offset+len(line.Text)-1] = true
	}
	return breaks
}

// firstUnspaced is the first of the runes whose scripts do without spaces, or may.
const firstUnspaced = 0x0E00

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

// tails is what follows each of lines in text and is not seen: a space where
// text was broken at one, or at a newline.
func tails(text string, lines []string) []string {
	after := make([]string, len(lines))
	for i, line := range lines {
		if !strings.HasPrefix(text, line) {
			text = strings.TrimLeft(text, " ") // which the break dropped
		}
		text = text[len(line):]
		rest := strings.TrimLeft(text, " ")
		if end, ok := strings.CutPrefix(rest, "\n"); ok {
			after[i], text = " ", end
		} else if rest != text && rest != "" {
			after[i] = " "
		}
	}
	return after
}
