package mend

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// hardest is the school grade at which a partner can be expected to read.
const hardest = 8.0

// readHarder are texts that read harder than grade 8 and stay, each with the
// reason. A person reads this list.
var readHarder = map[string]string{
	"You never need permission to talk to a counselor, a doctor, a lawyer, an advocate or the police.": "a list that must be whole",
	"Something else kept hidden (whereabouts, contacts, substance use, health, the past)":              "a list of examples",
	"It is a working aid for professionals. No evidence supports this sequence of seven steps as such, and nothing here " +
		"promises a result. The worksheets and the trust pulse are original and unvalidated.": "says what is not proven, and must be exact",
	"Code from your authenticator app, or a recovery code":                                    "a label of three terms",
	"Or enter the six-digit code from your authenticator app, or one of your recovery codes.": "the terms that the apps use",
	"Open your authenticator app and enter the six-digit code, or use a recovery code.":       "the terms that the apps use",
	"With an authenticator app on your phone, a password alone doesn’t open your account.":    "the terms that the apps use",
	"A recovery code, or a code from your authenticator app":                                  "a label of three terms",
}

// TestPartnersCanReadWhatIsWrittenForThem holds every text of eight words and
// more that a partner reads in English to grade 8 (Flesch-Kincaid).
func TestPartnersCanReadWhatIsWrittenForThem(t *testing.T) {
	texts := append(partnerSentences(t), promptSentences(t)...)
	for _, text := range append(texts, policySentences(t)...) {
		if len(wordsOf(text)) < 8 || readHarder[text] != "" {
			continue
		}
		if grade := gradeOf(text); grade > hardest {
			t.Errorf("grade %.1f: %s", grade, text)
		}
	}
}

func promptSentences(t *testing.T) []string {
	return collected(t, "sessions/method/en/[0-9]*.yaml",
		regexp.MustCompile(`(?s)    role: (?:hurt|broke|both)\n(?:    alone: true\n)?    text: "((?:[^"\\]|\\.)*)"`))
}

func policySentences(t *testing.T) []string {
	return collected(t, "couples/policies/en.yaml",
		regexp.MustCompile(`(?:sentence|text|carve_out|limits|permission): "((?:[^"\\]|\\.)*)"`))
}

// collected returns what a pattern finds in files: its first group.
func collected(t *testing.T, files string, pattern *regexp.Regexp) (found []string) {
	t.Helper()
	names, err := filepath.Glob(files)
	if err != nil || len(names) == 0 {
		t.Fatal("no files ", files, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pattern.FindAllSubmatch(text, -1) {
			found = append(found, strings.ReplaceAll(string(m[1]), `\"`, `"`))
		}
	}
	return found
}

// gradeOf is the Flesch-Kincaid grade of a text (Kincaid and others, 1975).
func gradeOf(text string) float64 {
	words := wordsOf(text)
	syllables := 0
	for _, word := range words {
		syllables += syllablesOf(word)
	}
	n := float64(len(words))
	return 0.39*n/float64(sentencesOf(text)) + 11.8*float64(syllables)/n - 15.59
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
}

var sentenceEnd = regexp.MustCompile(`[.!?;:…](?:["”)]*)(?:\s|$)`)

func sentencesOf(text string) int {
	n := len(sentenceEnd.FindAllString(text, -1))
	if last := strings.TrimRight(text, `"”) `); !strings.ContainsAny(last[len(last)-1:], ".!?;:") &&
		!strings.HasSuffix(last, "…") {
		n++
	}
	return max(1, n)
}

var vowels = regexp.MustCompile(`[aeiouy]+`)

// syllablesOf counts groups of vowels, without a silent e at the end.
func syllablesOf(word string) int {
	word = strings.ToLower(strings.Trim(word, `'’`))
	n := len(vowels.FindAllString(word, -1))
	if strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") || strings.HasSuffix(word, "ed") &&
		!strings.HasSuffix(word, "ted") && !strings.HasSuffix(word, "ded") || strings.HasSuffix(word, "es") &&
		!strings.HasSuffix(word, "ses") {
		n--
	}
	return max(1, n)
}

func TestTheGradeOfATextIsThatOfItsFormula(t *testing.T) {
	for text, want := range map[string]float64{
		"The cat sat on the mat.": -1.4, // 6 words, 1 sentence, 6 syllables
		"Institutional responsibility necessitates considerable documentation.": 45.4,
	} {
		if got := gradeOf(text); got < want-0.1 || got > want+0.1 {
			t.Errorf("%q: %.1f, want about %.1f", text, got, want)
		}
	}
}
