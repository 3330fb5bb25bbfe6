package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheLogIsWrittenToASecondPlace: to its end, for its owner alone, and without it the
// program does not start.
func TestTheLogIsWrittenToASecondPlace(t *testing.T) {
	was := slog.Default()
	defer slog.SetDefault(was)
	path := filepath.Join(t.TempDir(), "mend.log")
	for _, message := range []string{"first", "second"} {
		var stderr bytes.Buffer
		done, err := openLog(path, &stderr)
		if err != nil {
			t.Fatal(err)
		}
		slog.Info(message)
		if err := done(); err != nil {
			t.Fatal(err)
		}
		slog.Info("after the file was closed")
		if out := stderr.String(); !strings.Contains(out, message) || !strings.Contains(out, "after the file was closed") {
			t.Errorf("stderr: %s", out)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\n") != 2 || !strings.Contains(string(text), `"msg":"first"`) ||
		!strings.Contains(string(text), `"msg":"second"`) {
		t.Errorf("%s %v", text, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if code, _, stderr := try(t, "",
		append([]string{"serve", "-addr", "127.0.0.1:0", "-log-file", filepath.Join(t.TempDir(), "nowhere", "mend.log")},
			newPlace(t, "sqlite")...)...); code != 1 || !strings.Contains(stderr, "log file") {
		t.Error(code, stderr)
	}
}
