package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheBookletIsWrittenWithoutADatabase: into a new file; an existing file is not overwritten.
func TestTheBookletIsWrittenWithoutADatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "booklet.pdf")
	if code, out, bad := try(t, "", "booklet", file); code != 0 || bad != "" || !strings.Contains(out, file) {
		t.Fatal(code, out, bad)
	}
	text, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(text, []byte("%PDF-")) {
		t.Fatal(err)
	}
	if code, _, bad := try(t, "", "booklet", file); code != 1 || !strings.Contains(bad, "was not written") {
		t.Error("over a file:", code, bad)
	}
	if again, _ := os.ReadFile(file); !bytes.Equal(again, text) {
		t.Error("the file was changed")
	}
	if code, _, bad := try(t, "", "booklet"); code != 1 || !strings.Contains(bad, "usage: mend booklet FILE.pdf") {
		t.Error("without a file:", code, bad)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) != 1 {
		t.Error("it left behind", left)
	}
}
