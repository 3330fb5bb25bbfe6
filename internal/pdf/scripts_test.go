package pdf

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"mend/internal/dbtest"
	"mend/internal/pdf/fonts"
)

// corpus are words in the scripts that people may write in, with characters that break programs:
// combining marks, joiners, flags, families and letters beyond the basic multilingual plane.
var corpus = map[string][]string{
	"Latin":      {"trust", "José’s", "naïve", "e\u0301te\u0301", "Łukasz", "Nguyễn", "ﬁnd", "straße", "İstanbul"},
	"Greek":      {"εμπιστοσύνη", "Μιλήσαμε.", "ὀργή"},
	"Cyrillic":   {"доверие", "Йосип", "ґанок", "чай\u0301"},
	"Hebrew":     {"שלום", "אמון", "מים", "סליחה", "תּוֹדָה"},
	"Arabic":     {"ثقة", "سلام", "عليكم", "محبت", "شكرًا", "می\u200cخواهم"},
	"Devanagari": {"विश्वास", "क्षमा", "हिन्दी", "प्रेम", "क्\u200dष"},
	"Thai":       {"ไว้ใจ", "ขอโทษ", "น้ำ", "ที่รัก"},
	"Han":        {"信任", "对不起", "你好", "愛"},
	"Kana":       {"しんらい", "ごめんなさい", "カップル", "が\u3099"},
	"Hangul":     {"신뢰", "미안해요", "사랑", "\u1112\u1161\u11ab"},
	"emoji":      {"😀", "🙏", "❤️", "👍🏽", "👨‍👩‍👧", "🇩🇪", "1️⃣", "🧸", "🏳️‍🌈"},
	"signs":      {"50 €", "→", "½", "✓", "𝒜", "\u2066x\u2069", "(a)", "[b]", "50%", "\u1234\u0301"},
}

// corpusTexts returns n texts combined from words of the corpus, the same in each run.
func corpusTexts(n int) []string {
	random := rand.New(rand.NewPCG(3, 4))
	scripts := make([]string, 0, len(corpus))
	for script := range corpus {
		scripts = append(scripts, script)
	}
	slices.Sort(scripts)
	texts := make([]string, n)
	for i := range texts {
		words := corpus[scripts[i%len(scripts)]]
		var text []string
		for range 1 + random.IntN(12) {
			text = append(text, words[random.IntN(len(words))])
			if random.IntN(4) == 0 { // adds a word of another script
				other := corpus[scripts[random.IntN(len(scripts))]]
				text = append(text, other[random.IntN(len(other))])
			}
		}
		texts[i] = strings.Join(text, " ")
	}
	return texts
}

// withMachineFonts also draws with the fonts of the machine until the test ends. The test cannot
// run in parallel.
func withMachineFonts(t *testing.T) {
	t.Helper()
	for script, sample := range map[string]rune{"Devanagari": 'क', "Thai": 'ไ', "Han": '信', "Hangul": '신', "emoji": '🙏'} {
		if fonts.NewLibrary(machineFonts...).For(sample) == nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("no font has %s: sh .ci/prepare installs them", script)
			}
			t.Skipf("no font has %s", script)
		}
	}
	before := library
	library = fonts.NewLibrary(machineFonts...)
	t.Cleanup(func() { library = before })
}

// clustersOf counts the grapheme clusters of text, with compatible forms normalized and invisible
// characters left out.
func clustersOf(text string) map[string]int {
	counted := map[string]int{}
	for _, cluster := range fonts.Clusters([]rune(norm.NFKC.String(text))) {
		seen := strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || fonts.IsInvisible(r) || unicode.Is(unicode.Cc, r) || r >= 0x1F3FB && r <= 0x1F3FF ||
				r == keycap {
				return -1
			}
			return r
		}, string(cluster))
		if isRightToLeft(string(cluster)) || strings.ContainsRune(string(cluster), zeroWidthJoiner) {
			for _, r := range seen { // poppler separates right-to-left marks and joined emoji
				counted[string(r)]++
			}
		} else if seen != "" {
			counted[seen]++
		}
	}
	return counted
}

// TestEveryCharacterOfTheCorpusIsOnPaperOrNamedAsReplaced extracts 500 texts from the PDF.
func TestEveryCharacterOfTheCorpusIsOnPaperOrNamedAsReplaced(t *testing.T) {
	dbtest.Long(t)
	withMachineFonts(t)
	texts := corpusTexts(500)
	s := Sheet{Title: "Corpus"}
	for i, text := range texts {
		s.Blocks = append(s.Blocks, Subheading(fmt.Sprintf("Text%03d", i)), Paragraph{Text: text})
	}
	all := strings.Join(pageLines(t, s), " ") + " Text500"
	replaced := 0
	for i, text := range texts {
		_, after, _ := strings.Cut(all, fmt.Sprintf("Text%03d", i))
		printed, _, _ := strings.Cut(after, fmt.Sprintf("Text%03d", i+1))
		if word := misordered(text, printed); word != "" {
			t.Errorf("%q of text %d, %q, is out of order:\n%s", word, i, text, printed)
		}
		missing := missingClusters(text, printed)
		if len(missing) == 0 {
			continue
		}
		for _, cluster := range missing {
			if !isNamed(cluster, text) {
				t.Errorf("%q of text %d, %q, is neither on paper nor named:\n%s", cluster, i, text, printed)
			}
			replaced++
		}
	}
	if replaced > 200 {
		t.Errorf("%d characters were replaced", replaced)
	}
}

// isNamed reports whether a cluster of text is listed as replaced.
func isNamed(cluster, text string) bool {
	named := strings.Join(Sheet{Blocks: []Block{Paragraph{Text: text}}}.Misprinted(), " ")
	return strings.Contains(norm.NFKC.String(named), cluster)
}

// missingClusters returns the clusters that occur less often in printed than in text.
func missingClusters(text, printed string) (missing []string) {
	printed = strings.NewReplacer("ال", "لا").Replace(printed) // poppler reverses the ligature
	got := clustersOf(printed)
	for cluster, n := range clustersOf(strings.NewReplacer("ال", "لا").Replace(text)) {
		if got[cluster] < n {
			missing = append(missing, cluster)
		}
	}
	return missing
}

// pageLines returns the lines of text of s without page headers and footers.
func pageLines(t *testing.T, s Sheet) (lines []string) {
	t.Helper()
	for line := range strings.SplitSeq(tool(t, "pdftotext", printed(t, s), "-raw"), "\n") {
		if !strings.HasPrefix(strings.TrimPrefix(line, "\f"), "Page ") {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestNoClusterIsSplit breaks lines at every width and checks that none begins with a mark or
// within a cluster.
func TestNoClusterIsSplit(t *testing.T) {
	withMachineFonts(t)
	for script, words := range corpus {
		text := Printable(strings.Join(words, ""))
		whole := map[string]bool{}
		for _, cluster := range fonts.Clusters([]rune(text)) {
			whole[string(cluster)] = true
		}
		for width := 1.0; width < 200; width += 7 {
			for _, line := range wrap(text, bodyStyle, width) {
				for _, cluster := range fonts.Clusters([]rune(line)) {
					if !whole[string(cluster)] {
						t.Fatalf("%s: %q is broken at width %.0f: %q", script, text, width, line)
					}
				}
			}
		}
	}
}

func TestWhatTheMachineHasIsNotReplaced(t *testing.T) {
	withMachineFonts(t)
	for _, text := range []string{"你好", "น้ำ", "विश्वास", "사랑", "🙏", "しんらい"} {
		if got := Printable(text); got != text {
			t.Errorf("%q prints as %q", text, got)
		}
		if d := (Sheet{Blocks: []Block{Paragraph{Text: text}}}).Misprinted(); d != nil {
			t.Errorf("%q is named", d)
		}
	}
}

// misordered returns the first word of text that does not follow the previous ones in printed, or
// "". It skips words with a replaced character, joined emoji, and right-to-left lines, which
// poppler reorders.
func misordered(text, printed string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return isRightToLeft(string(r)) }) {
		return ""
	}
	rest := unspaced(printed)
	for word := range strings.FieldsSeq(text) {
		if Printable(word) != word || strings.ContainsRune(word, zeroWidthJoiner) {
			continue
		}
		_, after, found := strings.Cut(rest, unspaced(word))
		if !found {
			return word
		}
		rest = after
	}
	return ""
}

// unspaced returns text normalized as in clustersOf, in order and without spaces.
func unspaced(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || fonts.IsInvisible(r) || unicode.Is(unicode.Cc, r) || r >= 0x1F3FB && r <= 0x1F3FF {
			return -1
		}
		return r
	}, norm.NFKC.String(text))
}
