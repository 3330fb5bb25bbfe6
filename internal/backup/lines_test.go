package backup_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

func gunzip(t *testing.T, text []byte) (lines []string) {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for s := bufio.NewScanner(r); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

func gzipped(t *testing.T, lines []string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(strings.Join(lines, "\n") + "\n")); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.Bytes()
}

// replaced returns lines with the first old replaced by new.
func replaced(lines []string, old, new string) []string {
	text := strings.Replace(strings.Join(lines, "\n"), old, new, 1)
	return strings.Split(text, "\n")
}

func indexOf(lines []string, with string) int {
	for i, l := range lines {
		if strings.Contains(l, with) {
			return i
		}
	}
	return -1
}
