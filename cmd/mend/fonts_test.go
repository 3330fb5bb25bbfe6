package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMendDoesNotStartWithAFontThatCannotBeUsed(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "broken.ttf"), []byte("no font"), 0o600); err != nil {
		t.Fatal(err)
	}
	for fonts, want := range map[string]string{
		folder:                        "broken.ttf is damaged, or is not a TrueType font",
		filepath.Join(folder, "none"): "cannot be read",
	} {
		code, _, bad := try(t, "", "serve", "-fonts", fonts, "-data", filepath.Join(t.TempDir(), "data"), "-addr", "localhost:0")
		if code != 1 || !strings.Contains(bad, want) {
			t.Errorf("%s: code %d, %s", fonts, code, bad)
		}
	}
}
