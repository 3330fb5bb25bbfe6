package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
)

// TestEveryCaseloadIsExportedIntoANewFolderAndInTheLog: and nothing is overwritten.
func TestEveryCaseloadIsExportedIntoANewFolderAndInTheLog(t *testing.T) {
	data := t.TempDir()
	cfg := config{keyFile: filepath.Join(data, "keys", "master.json")}
	cfg.inFolder(data)
	h, err := openApp(t.Context(), cfg, accounts.FastHashing())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := demo.Seed(t.Context(), h.stores(), 2, time.Now()); err != nil {
		t.Fatal(err)
	}
	h.close()
	to := filepath.Join(t.TempDir(), "out")
	p := console{stdout: &strings.Builder{}, getenv: func(string) string { return "" }}
	if err := p.export(t.Context(), to, cfg); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(to, "caseload-*.zip"))
	if len(files) == 0 {
		t.Fatal("nothing was exported")
	}
	for _, name := range files {
		archive, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		archive.Close()
		if info, _ := os.Stat(name); info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by %s", name, info.Mode())
		}
	}
	if err := p.export(t.Context(), to, cfg); err == nil {
		t.Error("it was overwritten")
	}
	if again, _ := filepath.Glob(filepath.Join(to, "*")); len(again) != len(files) {
		t.Error("what was there is gone")
	}
	if h, err = openApp(t.Context(), cfg, accounts.FastHashing()); err != nil {
		t.Fatal(err)
	}
	defer h.close()
	var n int
	err = h.db.Get(t.Context(), &n, `SELECT COUNT(*) FROM audit_log WHERE role = 'server' AND action = 'opened'`)
	if err != nil || n == 0 {
		t.Errorf("%d readings are in the log, %v", n, err)
	}
}
