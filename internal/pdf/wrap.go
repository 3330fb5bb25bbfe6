package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"
)

// wrap breaks printable text into lines no longer than width: at newlines, else where the script
// allows it, else, within a word longer than a line, between any two characters. Every nonempty
// line has at least one character, however narrow the column, and only the spaces at breaks are
// dropped.
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

// carriesMark reports whether the first rune of a text with these advances forms a unit with the
// next.
func carriesMark(advances []int) bool { return len(advances) > 1 && advances[1] == 0 }

// lineLength counts the bytes and runes of text that fit on a line of length room, in thousandths
// of an em like advances. Spaces may extend past the edge.
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

// breaksOf returns after which runes of text a line may break.
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

// firstUnspaced is the first rune of the scripts that do, or may do, without spaces.
const firstUnspaced = 0x0E00

// breaksAfter reports whether a line may break after r: a space other than a no-break space, or a
// hyphen or dash in a word, but not a minus sign.
func breaksAfter(before, r rune) bool {
	switch r {
	case ' ':
		return true
	case '-', '\u2010', '–', '—':
		return unicode.IsLetter(before)
	}
	return r > 0x7F && unicode.Is(unicode.Zs, r) && r != '\u00A0' && r != '\u2007' && r != '\u202F'
}

// clip wraps text into at most n lines and ends longer text with an ellipsis. It is for page
// furniture, whose height is fixed.
func clip(text string, st style, width float64, n int) []string {
	lines := wrap(strings.TrimSpace(text), st, width)
	if len(lines) <= n {
		return lines
	}
	last := wrap(lines[n-1], st, width-st.width("…"))[0]
	return append(lines[:n-1], last+"…")
}

// tails returns the invisible text after each line: a space where text was broken at one or at a
// newline.
func tails(text string, lines []string) []string {
	after := make([]string, len(lines))
	for i, line := range lines {
		if !strings.HasPrefix(text, line) {
			text = strings.TrimLeft(text, " ") // dropped at the break
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
