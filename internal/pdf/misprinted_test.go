package pdf

import (
	"slices"
	"strings"
	"testing"
)

func TestWordsThatPrintOtherwiseThanTypedAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"plain":             {"We talked for 50 minutes.", nil},
		"accents":           {"José’s café, naïve", nil},
		"separate accents":  {"Jose\u0301 and cafe\u0301", nil},
		"Cyrillic, Greek":   {"Мы говорили. Μιλήσαμε.", nil},
		"a new line":        {"one\r\ntwo", nil},
		"Chinese":           {"She said 你好 twice: 你好.", []string{"你好"}},
		"an emoji":          {"He wrote “🙏” below", []string{"🙏"}},
		"Hebrew":            {"They say שלום at night", nil},
		"Arabic":            {"(سلام)", nil},
		"a very long word":  {strings.Repeat("好", 30), []string{strings.Repeat("好", 24) + "…"}},
		"already replaced":  {"a \uFFFD stood there", []string{"\uFFFD"}},
		"invisible signs":   {"a\u200Db c\u00ADd", nil},
		"a mathematician's": {"𝐛𝐨𝐥𝐝 text", []string{"𝐛𝐨𝐥𝐝"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := Sheet{Blocks: []Block{Paragraph{Text: c.text}}}.Misprinted()
			if !slices.Equal(got, c.want) {
				t.Errorf("%q names %q, want %q", c.text, got, c.want)
			}
		})
	}
}

// TestEveryPlaceOnASheetIsLookedAt puts an unprintable word in every place where a sheet has text.
func TestEveryPlaceOnASheetIsLookedAt(t *testing.T) {
	const word = "你好"
	sheets := map[string]Sheet{
		"title": {Title: word}, "running": {Running: word}, "footer": {Footer: word},
		"letterhead": {Letterhead: []string{word}},
	}
	for _, b := range []Block{
		Heading(word), Subheading(word),
		Paragraph{Text: word},
		Field{Label: word},
		Field{Value: word},
		List{word},
		Table{Columns: []string{word}},
		Table{Rows: [][]string{{"a", word}}},
		Choices{Options: []Choice{{Label: word}}},
		Signature{Lines: []string{word}},
		QR{Caption: word},
	} {
		sheets[b.Kind()+" "+string(rune('a'+len(sheets)))] = Sheet{Blocks: []Block{b}}
	}
	for name, s := range sheets {
		if got := s.Misprinted(); !slices.Equal(got, []string{word}) {
			t.Errorf("%s: named %q", name, got)
		}
	}
	for _, b := range []Block{Lines(3), Break{}} {
		if got := (Sheet{Blocks: []Block{b}}).Misprinted(); got != nil {
			t.Errorf("%s: named %q", b.Kind(), got)
		}
	}
}

func TestAtMostTwelveWordsAreNamed(t *testing.T) {
	var text strings.Builder
	for r := range rune(20) {
		text.WriteString(string('一'+r) + " ")
	}
	if n := len(Sheet{Blocks: []Block{Paragraph{Text: text.String()}}}.Misprinted()); n != 12 {
		t.Errorf("%d words", n)
	}
}
