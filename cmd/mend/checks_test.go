package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// fromNPM returns the path of a file from an npm package. If it is missing, the test is skipped, or
// fails under CI.
func fromNPM(t *testing.T, parts ...string) string {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", ".ci", "node_modules"}, parts...)...)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatal(path, "is missing: under CI pages are checked; run .ci/prepare")
	}
	t.Skip(path, "is missing; run .ci/prepare")
	return ""
}

// axe checks the current page with axe-core, running only the given rules or tags.
func (w *window) axe(source, rules string) {
	w.t.Helper()
	if w.ask(`String(Boolean(window.axe))`) == "false" {
		w.eval(source + `; 0`)
	}
	options := `{ resultTypes: ["violations"], runOnly: ` + rules + `, selectors: `
	found, err := chromedp.Run(w.ctx, // selectors are slow; only violations need them
		chromedp.Evaluate[string](`axe.run(document, `+options+`false }).then(r =>
		r.violations.length ? axe.run(document, `+options+`true }) : r).then(r =>
		JSON.stringify(r.violations.map(v => v.id + ": " + v.help + " | " + v.nodes.slice(0, 4).map(n => n.target.join(" ") + " " + n.failureSummary.split("\n")[1]).join(" | "))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: axe: %v", w.ask(`location.pathname`), err)
	}
	var list []string
	if err := json.Unmarshal([]byte(found), &list); err != nil {
		w.t.Fatal(err)
	}
	for _, violation := range list {
		w.t.Errorf("%s %s: %s", w.name, w.ask(`location.pathname`), violation)
	}
}

// everyRule selects all WCAG 2.2 AA rules and best practices of axe-core.
const everyRule = `{ type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }`

// nu checks all HTML files of a folder with the Nu checker. Java compiles it fast rather than well,
// because it runs for a few seconds.
func nu(t *testing.T, folder string) {
	t.Helper()
	jar := fromNPM(t, "vnu-jar", "build", "dist", "vnu.jar")
	out, err := exec.Command("java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", jar,
		"--format", "gnu", "--skip-non-html", folder).CombinedOutput()
	if text := strings.TrimSpace(string(out)); text != "" || err != nil {
		t.Errorf("the checker says (%v):\n%.8000s", err, strings.ReplaceAll(text, "file:"+folder, ""))
	}
}
