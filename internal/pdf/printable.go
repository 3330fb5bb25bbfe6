package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// replacement replaces what the typeface lacks. DejaVu draws it as a black diamond with a question
// mark, which nobody takes for a written word.
const replacement = utf8.RuneError

const (
	zeroWidthJoiner    = '\u200D'
	zeroWidthNonJoiner = '\u200C'
	keycap             = '\u20E3'
)

// Printable returns text as it can be drawn. What the typeface lacks becomes U+FFFD, so that
// readers see that something was there; an emoji of several runes becomes one U+FFFD. Line ends
// become newlines, tabs and unusual spaces become spaces, and characters without a shape (controls,
// direction marks, soft hyphens) are removed, except for the joiners of scripts that need them.
func Printable(text string) string {
	if plain(text) {
		return text
	}
	var out strings.Builder
	runes := []rune(strings.ReplaceAll(text, "\r\n", "\n"))
	for len(runes) > 0 {
		n := clusterLength(runes)
		out.WriteString(printableCluster(runes[:n]))
		runes = runes[n:]
		if n := joiners(runes); n > 0 && joins(out.String()) {
			out.WriteString(string(runes[:n]))
			runes = runes[n:]
		}
	}
	return out.String()
}

// joiners counts the joiners and non-joiners at the start of runes.
func joiners(runes []rune) (n int) {
	for n < len(runes) && (runes[n] == zeroWidthJoiner || runes[n] == zeroWidthNonJoiner) {
		n++
	}
	return n
}

// joins reports whether text ends with a letter or mark of a script that uses joiners.
func joins(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return last != replacement && last >= 0x0600 && last < 0x1000
}

// plain reports whether text is ASCII without controls, as most text is; then nothing has to be
// done.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c != '\n' && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}

// clusterLength counts the runes at the start of runes that form one visible unit: a flag's two
// letters, a picture with its modifiers and whatever is joined to it, or a character with its
// variation or keycap. A combining mark is its own unit, since it is drawn or replaced by itself.
func clusterLength(runes []rune) int {
	if isFlag(runes) {
		return 2
	}
	n, picture := 1, isPicture(runes[0])
	for n < len(runes) {
		switch {
		case isVariation(runes[n]) || picture && isPictureModifier(runes[n]):
			n++
		case picture && runes[n] == zeroWidthJoiner && n+1 < len(runes) && isPicture(runes[n+1]):
			n += 2
		default:
			return n
		}
	}
	return n
}

// printableCluster returns a cluster of several runes if a font has all of it, or else its first
// rune if that shows the whole picture apart from color or frame. A flag or a joined picture is
// more than its first rune.
func printableCluster(cluster []rune) string {
	if len(cluster) > 1 && canPrint(cluster) && !built()[regular].Has(cluster[0]) {
		return string(cluster)
	}
	if isFlag(cluster) || slices.Contains(cluster[1:], zeroWidthJoiner) {
		return string(replacement)
	}
	return printableRune(cluster[0])
}

func printableRune(r rune) string {
	switch {
	case r == '\n', r == '\r', r == '\u2028', r == '\u2029':
		return "\n"
	case r == '\t':
		return " "
	case isShapeless(r):
		return ""
	case unicode.Is(unicode.Zs, r) && !built()[regular].Has(r):
		return " "
	case canPrint([]rune{r}):
		return string(r)
	}
	return string(replacement)
}

// isShapeless reports whether r only affects its neighbors. Number and end-of-ayah signs are format
// characters too, but visible.
func isShapeless(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Variation_Selector, r) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

func isFlag(runes []rune) bool {
	return len(runes) > 1 && isFlagLetter(runes[0]) && isFlagLetter(runes[1])
}

func isFlagLetter(r rune) bool { return unicode.Is(unicode.Regional_Indicator, r) }

func isPicture(r rune) bool { return unicode.Is(unicode.So, r) || r >= 0x1F000 && r <= 0x1FAFF }

func isVariation(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) || r == keycap }

// isPictureModifier reports whether r is a skin tone or a tag of a regional flag.
func isPictureModifier(r rune) bool {
	return r >= 0x1F3FB && r <= 0x1F3FF || r >= 0xE0020 && r <= 0xE007F
}
