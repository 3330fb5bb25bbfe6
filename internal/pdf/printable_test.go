package pdf

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"mend/internal/pdf/fonts"
)

func TestPrintableKeepsWhatTheTypefaceHas(t *testing.T) {
	for _, text := range []string{
		"",
		"plain words, 1 + 1 = 2",
		"two\nlines\n",
		"“quoted” – with dashes — and ellipsis…",
		"Łukasz, Zoë, Đặng, Ștefan, Ærø",
		"Ελληνικά и кириллица",
		"שלום",
		"سلام",
		"e\u0301 is e with an acute",
		"50 € → 60 €",
		"no\u00A0break",
		"☺ ❤ ✓ ☐",
		"already \uFFFD replaced",
	} {
		if got := Printable(text); got != text {
			t.Errorf("Printable(%q) = %q, want it unchanged", text, got)
		}
	}
}

func TestPrintableReplacesWhatTheTypefaceLacksByOneSign(t *testing.T) {
	for name, text := range map[string]string{
		"an emoji":                  "🧸",
		"an emoji with a skin tone": "👍🏽",
		"a family":                  "👨‍👩‍👧‍👦",
		"a couple with a heart":     "👩‍❤️‍👨",
		"a couple with skin tones":  "👩🏽‍❤️‍💋‍👨🏿",
		"a heart on fire":           "❤️‍🔥",
		"a profession":              "👩🏾‍⚕️",
		"a flag":                    "🇩🇪",
		"a regional flag":           "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
		"a rainbow flag":            "🏳️‍🌈",
		"a lone flag letter":        "🇩",
		"a lone skin tone":          "🏽",
		"a Chinese character":       "爱",
		"a mathematical letter":     "𝒜",
		"a byte that is not UTF-8":  "\xff",
		"a noncharacter":            "\uFFFF",
		"the last code point":       "\U0010FFFF",
		"a private character":       "\uE123",
		"an Arabic number sign":     "\u0600",
		"a mark the typeface lacks": "\u0591",
	} {
		if got := Printable("a" + text + "b"); got != "a\uFFFDb" {
			t.Errorf("%s: got %q, want one replacement", name, got)
		}
	}
}

func TestPrintableCountsNeighbouringPicturesApart(t *testing.T) {
	for text, want := range map[string]string{
		"🧸🧸":           "��",
		"🇩🇪🇫🇷":         "��",
		"🇩🇪🇫":          "��",
		"👍🏽👍🏿":         "��",
		"爱情":           "��",
		"\xed\xa0\x80": "���", // a surrogate encoded as UTF-8 is three invalid bytes
		"I feel 🧸 sad": "I feel � sad",
		"a\u200D🧸":     "a�",
		"a🏽":           "a�",
		"\u20E3":       "�",
	} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPrintableDrawsThePlainFormOfAModifiedSign(t *testing.T) {
	for text, want := range map[string]string{
		"❤️":      "❤",
		"☺\uFE0E": "☺",
		"☝🏽":      "☝",
		"1️⃣ 2️⃣": "1 2",
		"#️⃣":     "#",
	} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPrintableDropsWhatHasNoShape(t *testing.T) {
	for name, text := range map[string]string{
		"NUL":                   "a\x00b",
		"bell":                  "a\ab",
		"delete":                "a\x7Fb",
		"C1 control":            "a\u0085b",
		"escape":                "a\x1Bb",
		"byte order mark":       "\uFEFFab",
		"soft hyphen":           "a\u00ADb",
		"zero width space":      "a\u200Bb",
		"joiner of letters":     "a\u200Db",
		"non-joiner":            "a\u200Cb",
		"right-to-left mark":    "a\u200Fb",
		"right-to-left trick":   "a\u202Eb",
		"isolate":               "\u2066ab\u2069",
		"a variation of letter": "a\uFE00b",
	} {
		if got := Printable(text); got != "ab" {
			t.Errorf("%s: got %q, want %q", name, got, "ab")
		}
	}
}

func TestPrintableMakesOneKindOfLineEndAndSpace(t *testing.T) {
	for text, want := range map[string]string{
		"a\r\nb":         "a\nb",
		"a\rb":           "a\nb",
		"a\r\n\r\nb":     "a\n\nb",
		"a\u2028b":       "a\nb",
		"a\u2029b":       "a\nb",
		"a\tb":           "a b",
		"a\u3000b":       "a b",
		"é\r\n\tü\x00\r": "é\n ü\n",
	} {
		if got := Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPrintableTextIsDrawableWhateverItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		got := Printable(text)
		if !utf8.ValidString(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
		for _, r := range got {
			if r != '\n' && !canPrint([]rune{r}) && !fonts.IsInvisible(r) {
				t.Fatalf("%U of %q cannot be drawn", r, got)
			}
		}
		if again := Printable(got); again != got {
			t.Fatalf("printed twice: %q, then %q", got, again)
		}
	})
}

func TestPrintableLosesNoLetter(t *testing.T) {
	const alphabet = "abcxyzABCXYZäöüßŁłéèñçøåЖяωλ"
	letters := rapid.StringOf(rapid.RuneFrom([]rune(alphabet)))
	isLetter := func(r rune) rune {
		if strings.ContainsRune(alphabet, r) {
			return r
		}
		return -1
	}
	rapid.Check(t, func(t *rapid.T) {
		var text, want strings.Builder
		for range rapid.IntRange(0, 8).Draw(t, "parts") {
			part := letters.Draw(t, "letters")
			text.WriteString(part + rapid.SampledFrom(nasty).Draw(t, "nasty"))
			want.WriteString(part)
		}
		if got := strings.Map(isLetter, Printable(text.String())); got != want.String() {
			t.Fatalf("%q kept the letters %q, want %q", text.String(), got, want.String())
		}
	})
}

// nasty are texts that have broken printing programs. None has an ASCII letter.
var nasty = []string{
	"", " ", "\n", "\r\n", "\t", "\x00", "\xff", "\xed\xa0\x80", "\xc3", "😀", "👩‍❤️‍👨", "🇩🇪", "👍🏽", "❤️", "1️⃣",
	"\u200D", "\uFE0F", "\u202E", "\uFEFF", "\u0301", "\u0591", "שלום", "سلام عليكم", "爱", "ไทย", "\uFFFD", "\uFFFF",
	"\U0010FFFF", "(", ")", "\\", "(\\)", "{1}", "%", "<<", ">>", "\u00A0", "\u2028", "—", "-", "ﷺ", "𓀀", "Ⱥ",
}

// anyText generates text of every kind: random runes, random bytes, nasty texts, long words.
func anyText() *rapid.Generator[string] {
	longWord := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(rapid.SampledFrom([]string{"x", "W", "i", "爱", "é"}).Draw(t, "letter"),
			rapid.IntRange(1, 400).Draw(t, "n"))
	})
	bytes := rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 60), func(b []byte) string { return string(b) })
	part := rapid.OneOf(rapid.String(), bytes, longWord, rapid.SampledFrom(nasty), rapid.Just(sentences))
	return rapid.Map(rapid.SliceOfN(part, 0, 8), func(parts []string) string { return strings.Join(parts, "") })
}
