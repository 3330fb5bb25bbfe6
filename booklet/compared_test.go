package booklet

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write docs/spanish.md anew")

const listFile = "../docs/spanish.md"

// TestTheListOfSpanishHoldsEverySentenceAsItIsNow: a pair that changed is listed as not compared.
func TestTheListOfSpanishHoldsEverySentenceAsItIsNow(t *testing.T) {
	stored, err := os.ReadFile(listFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	want := loaded(t).Comparison(ReadCompared(string(stored)))
	if *update {
		if err := os.WriteFile(listFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !*update && string(stored) != want {
		t.Errorf("docs/spanish.md is not the list of today's sentences; run go test ./booklet -update")
	}
	for row, day := range ReadCompared(want) {
		if day == NotCompared || strings.HasPrefix(row, "| place ") || strings.HasPrefix(row, "| --- ") {
			continue
		}
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			t.Errorf("%s is compared on %q", row, day)
		}
	}
}

func TestASentenceThatChangedInEitherLanguageIsNotCompared(t *testing.T) {
	c := loaded(t)
	parts := c.Translated()
	for _, part := range []Part{parts[0], parts[len(parts)-1]} { // the policies, and the pages by their keys
		first := rowOf(part.Pairs[0])
		list := c.Comparison(Compared{first: "2026-01-31"})
		if !strings.Contains(list, first+" | 2026-01-31 |\n") {
			t.Fatal("the day is not kept")
		}
		if ReadCompared(list)[first] != "2026-01-31" {
			t.Error("the day is not read back")
		}
		for _, old := range []string{
			strings.Replace(first, part.Pairs[0].English, "Something else", 1),
			strings.Replace(first, part.Pairs[0].Spanish, "Otra cosa", 1),
		} {
			if changed := c.Comparison(Compared{old: "2026-01-31"}); strings.Contains(changed, "2026-01-31") {
				t.Errorf("a changed sentence of %s is called compared", part.Name)
			}
		}
	}
}
