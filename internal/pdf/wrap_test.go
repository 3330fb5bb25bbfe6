package pdf

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// at is the width of text in the body's style.
func at(text string) float64 { return bodyStyle.width(text) }

func TestWrapBreaksWhereAReaderExpectsIt(t *testing.T) {
	for _, c := range []struct {
		name, text string
		width      float64
		want       []string
	}{
		{"empty text is one empty line", "", 100, []string{""}},
		{"a short line stays", "in one line", 500, []string{"in one line"}},
		{"newlines are kept", "a\n\nb\n", 500, []string{"a", "", "b", ""}},
		{"after a space", "over there", at("over th"), []string{"over", "there"}},
		{"the space at the break is dropped", "over   there", at("there"), []string{"over", "there"}},
		{"a line that just fits", "over there", at("over there"), []string{"over there"}},
		{"an indent is kept", "  two", 500, []string{"  two"}},
		{"after a hyphen in a word", "well-being", at("well-b"), []string{"well-", "being"}},
		{"not after a minus", "x -55555", at("-55555"), []string{"x", "-55555"}},
		{"not at a no-break space", "a b\u00A0c", at("a b"), []string{"a", "b\u00A0c"}},
		{"a long word breaks anywhere", "xxxxxxxx", at("xxx"), []string{"xxx", "xxx", "xx"}},
		{"a column narrower than a letter", "abc", 1, []string{"a", "b", "c"}},
		{"only spaces", "     ", at(" "), []string{""}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, bodyStyle, c.width)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestACombiningMarkStaysWithItsLetter(t *testing.T) {
	for _, line := range wrap(strings.Repeat("e\u0301", 50), bodyStyle, at("eee")) {
		if strings.HasPrefix(line, "\u0301") {
			t.Fatalf("%q begins with a mark", line)
		}
	}
}

func TestWrappedLinesFitAndLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := Printable(anyText().Draw(t, "text"))
		width := rapid.Float64Range(25, 600).Draw(t, "width")
		lines := wrap(text, bodyStyle, width)
		for _, line := range lines {
			if got := bodyStyle.width(line); got > width+0.001 {
				t.Fatalf("%q is %.1f wide, more than %.1f", line, got, width)
			}
		}
		if got, want := inked(strings.Join(lines, "")), inked(text); got != want {
			t.Fatalf("wrapping lost text: %q, want %q", got, want)
		}
	})
}

// inked is text without white space.
func inked(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

func TestClippedTextSaysThatItGoesOn(t *testing.T) {
	width := at("twenty letters wide")
	for _, c := range []struct{ text, last string }{
		{"short", "short"},
		{"  short\n", "short"},
		{numbered(200), "…"},
		{strings.Repeat("x", 10_000), "…"},
		{"a\nb\nc", "b…"},
	} {
		lines := clip(c.text, bodyStyle, width, 2)
		last := lines[len(lines)-1]
		if len(lines) > 2 || !strings.HasSuffix(last, c.last) || bodyStyle.width(last) > width {
			t.Errorf("%.20q became %q", c.text, lines)
		}
	}
}

func TestTheTypefaceIsMeasured(t *testing.T) {
	f := typeface()
	if f.has('\n') || f.has(0) || f.has(-1) || f.has('😀') || f.has('爱') {
		t.Error("the typeface has what it has not")
	}
	if !f.has(' ') || !f.has('Ł') || !f.has(replacement) || !f.has('•') || !f.has('…') {
		t.Error("the typeface lacks what every sheet needs")
	}
	if f.runeWidth('W') <= f.runeWidth('i') || f.runeWidth('\u0301') != 0 || f.runeWidth('爱') != 0 {
		t.Error("the widths are wrong")
	}
	for r := range rune(len(f.advance)) {
		if f.runeWidth(r) > 2000 {
			t.Errorf("%U is wider than the narrowest column", r)
		}
	}
}

// words16 writes numbers as a font does.
func words16(numbers ...int) []byte {
	var b []byte
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	return b
}

func TestGlyphsAreFoundByDeltaAndByTable(t *testing.T) {
	m := words16(4, 0, 0, 2*4, 0, 0, 0, // format, length, language, segments, three for searching
		'\n', 'B', 'c', 0xFFFF, // ends
		0,
		'\n', 'A', 'a', 0xFFFF, // starts
		0, -'A'+7, 100, 1, // deltas
		0, 0, 4, 0, // offsets: the table is four bytes after the third
		5, 0, 6) // the table: a, b, c
	got := map[rune]int{}
	eachGlyph(m, func(r, glyph int) { got[rune(r)] = glyph })
	want := map[rune]int{'A': 7, 'B': 8, 'a': 105, 'c': 106}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBoldLettersAreSetApart(t *testing.T) {
	light := style{false, 10, ink}
	heavy := style{true, 10, ink}
	if got, want := heavy.width("four")-light.width("four"), 4*10*tracking/1000.0; got < want-1e-9 || got > want+1e-9 {
		t.Errorf("four bold letters are %.3f wider, want %.3f", got, want)
	}
	if heavy.width("") != 0 || heavy.leading() != light.leading() {
		t.Error("bold takes room where it should not")
	}
}

func TestACommonTextIsAWesternOne(t *testing.T) {
	for text, want := range map[string]bool{
		"":                       true,
		sentences:                true,
		"Łukasz, Zoë • Page 1 …": true,
		"Ελληνικά и кириллица":   true,
		"\uFFFD 5 € →":           true,
		"שלום":                   false,
		"☐":                      false,
		"Việt":                   false,
	} {
		if got := isCommon(text); got != want {
			t.Errorf("isCommon(%q) = %v, want %v", text, got, want)
		}
	}
}
