package pdf

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// at returns the width of text in the body's style.
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

func TestAMarkThatIsCarriedByASpaceStaysWithIt(t *testing.T) {
	for width := 1.0; width < 60; width += 3 {
		for _, line := range wrap(" \u0488"+strings.Repeat("x", 30)+" \u0488y", bodyStyle, width) {
			if strings.HasPrefix(line, "\u0488") {
				t.Fatalf("%q begins with a mark at width %.0f", line, width)
			}
		}
	}
}

func TestTheSpaceAtABreakIsStillRead(t *testing.T) {
	for _, c := range []struct {
		text, want string
		width      float64
	}{
		{"over there now", "over there now", at("over th")},
		{"a\nb\n\nc", "a b  c", 500},
		{"xxxxxxxx", "xxxxxxxx", at("xxx")},
		{"well-being", "well-being", at("well-b")},
		{"  two  three", "  two three", at("  two th")},
	} {
		lines := wrap(c.text, bodyStyle, c.width)
		var read strings.Builder
		for i, tail := range tails(c.text, lines) {
			read.WriteString(lines[i] + tail)
		}
		if read.String() != c.want {
			t.Errorf("%q is read as %q, want %q", c.text, read.String(), c.want)
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

// inked returns text without white space.
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
