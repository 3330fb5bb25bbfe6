package mend

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTheChecklistNamesWhatExists: every test and every file that docs/asvs.md names is in
// the tree, and its sums are right.
func TestTheChecklistNamesWhatExists(t *testing.T) {
	text, err := os.ReadFile("docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testsInTheTree(t)
	named := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(string(text), -1)
	if len(named) < 100 {
		t.Errorf("%d tests are named", len(named))
	}
	for _, name := range named {
		if !tests[name] {
			t.Errorf("there is no %s", name)
		}
	}
	for _, file := range regexp.MustCompile(`\b[\w/]+/\w+\.(?:go|md)\b`).FindAllString(string(text), -1) {
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
	for state, word := range map[string]string{"met": " are met", "not met": " are not"} {
		n := strings.Count(string(text), " | "+state+" | ")
		if found := regexp.MustCompile(`(\d+)` + word + `\b`).FindStringSubmatch(string(text)); found == nil ||
			found[1] != strconv.Itoa(n) {
			t.Errorf("%d rows are %s, and the text says %v", n, state, found)
		}
	}
}

// testsInTheTree are the names of all tests.
func testsInTheTree(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	tests := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range declared.FindAllStringSubmatch(string(text), -1) {
			tests[found[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tests
}
