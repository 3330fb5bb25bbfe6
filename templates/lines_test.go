package templates_test

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// blocks matches the tags of block elements.
var blocks = regexp.MustCompile(`<(?:p|div|section|form|fieldset|ul|ol|li|table|tr|td|th|h[1-6]|details|aside)[ >{]`)

// TestALineIsReadByAPerson limits pages, styles and scripts to 120 columns, and pages to one block
// element per line.
func TestALineIsReadByAPerson(t *testing.T) {
	columns, lines := 0, 0
	for _, pattern := range []string{"*.html", "*/*.html", "*/*/*.html", "styles/*.css", "assets/*.js", "assets/*.css"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			for n, line := range linesOf(t, name) {
				length := utf8.RuneCountInString(line)
				if length > 120 {
					t.Errorf("%s:%d has %d columns", name, n+1, length)
				}
				if !strings.HasSuffix(name, ".html") {
					continue
				}
				columns, lines = columns+length, lines+1
				if len(blocks.FindAllString(line, -1)) > 1 && !onOneLine.MatchString(strings.TrimSpace(line)) {
					t.Errorf("%s:%d has several blocks: %s", name, n+1, line)
				}
			}
		}
	}
	if average := columns / lines; average >= 50 {
		t.Errorf("a line of a page has %d columns on average", average)
	}
}

// onOneLine matches a block that contains a single other block.
var onOneLine = regexp.MustCompile(`^<(\w+)[^<]*<(\w+).*</(\w+)>$`)

func linesOf(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []string
	scan := bufio.NewScanner(file)
	for scan.Scan() {
		lines = append(lines, scan.Text())
	}
	if scan.Err() != nil {
		t.Fatal(scan.Err())
	}
	return lines
}
