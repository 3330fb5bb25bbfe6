// Package benchdoc writes measurements into a document: each measuring command writes its own
// section and leaves the others unchanged. It is a separate package because programs and tests
// write to the same document.
package benchdoc

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"
)

// Write replaces the section name of the document at path, or appends it.
func Write(path, name, text string) error {
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
	was, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("figures: %w", err)
	}
	before, rest, found := strings.Cut(string(was), begin)
	_, after, closed := strings.Cut(rest, end)
	if found && !closed {
		return fmt.Errorf("figures: %s has a part %s without an end", path, name)
	}
	if !found {
		before += "\n"
	}
	if err := os.WriteFile(path, []byte(before+begin+strings.TrimSpace(text)+"\n"+end+after), 0o644); err != nil {
		return fmt.Errorf("figures: %w", err)
	}
	return nil
}

// Table returns a Markdown table; the first row is its head.
func Table(rows ...[]string) string {
	var out strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&out, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&out, "|%s\n", strings.Repeat(" --- |", len(row)))
		}
	}
	return out.String()
}

// Percentile returns the p-th percentile of list.
func Percentile(list []time.Duration, p int) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.SortFunc(list, cmp.Compare[time.Duration])
	return list[min(len(list)-1, len(list)*p/100)]
}

// Milliseconds formats d for the document.
func Milliseconds(d time.Duration) string {
	ms := float64(d.Microseconds()) / 1000
	if ms < 0.1 {
		return fmt.Sprintf("%.3f ms", ms)
	}
	if ms < 10 {
		return fmt.Sprintf("%.2f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// Times returns the ratio of a to b.
func Times(a, b time.Duration) string { return fmt.Sprintf("%.2f", float64(a)/float64(max(b, 1))) }
