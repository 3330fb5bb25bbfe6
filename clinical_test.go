package mend

import (
	"os"
	"regexp"
	"testing"
)

// TestWhatTheCodeCitesOfTheClinicalRulesIsWrittenDown: each number that a comment names is a
// heading of docs/clinical.md.
func TestWhatTheCodeCitesOfTheClinicalRulesIsWrittenDown(t *testing.T) {
	text, err := os.ReadFile("docs/clinical.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^#+ ([\dD][\d.]*) `).FindAllStringSubmatch(string(text), -1) {
		written[heading[1]] = true
	}
	cited := 0
	for _, name := range filesInGit(t) {
		source, err := os.ReadFile(name)
		if err != nil {
			continue // removed and not yet committed
		}
		for _, found := range cites.FindAllStringSubmatch(string(source), -1) {
			for _, number := range numbers.FindAllString(found[1], -1) {
				cited++
				if !written[number] {
					t.Errorf("%s cites %s, which docs/clinical.md does not have", name, number)
				}
			}
		}
	}
	if cited < 25 {
		t.Errorf("only %d were found", cited)
	}
}

var (
	cites   = regexp.MustCompile(`clinical\.md,?\s+(?:// )?((?:D?\d(?:\.\d)?(?: and )?)+)`)
	numbers = regexp.MustCompile(`D?\d(?:\.\d)?`)
)
