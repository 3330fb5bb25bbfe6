package templates_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestPasswordsAreMaskedAndManagersMayFillThem: every password field is masked and names its
// autocomplete type, and no page or script prevents pasting.
func TestPasswordsAreMaskedAndManagersMayFillThem(t *testing.T) {
	field := regexp.MustCompile(`\{\{template "text" \(dict "name" (?:"pass(?:word|phrase)"|\$name)[^}]*\}\}`)
	filled, found := regexp.MustCompile(`"auto" "(new|current)-password"`), 0
	for name, text := range sources(t) {
		for _, f := range field.FindAllString(strings.Join(strings.Fields(text), " "), -1) {
			found++
			if !strings.Contains(f, `"type" "password"`) || !filled.MatchString(f) {
				t.Errorf("%s: %s", name, f)
			}
		}
		if regexp.MustCompile(`(?i)onpaste|"paste"[^\n]*preventDefault|oncopy`).MatchString(text) {
			t.Errorf("%s keeps people from pasting", name)
		}
	}
	if found < 7 {
		t.Errorf("found %d fields", found)
	}
}

// TestScriptsShowTextAsText: no script writes markup except the lock, whose markup contains only
// its own sentences.
func TestScriptsShowTextAsText(t *testing.T) {
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function`)
	holes := regexp.MustCompile(`\$\{([^}]*)\}`)
	own := regexp.MustCompile(`^(say\(.*\)|why|auto( === "off" \? auto : "current-password")?)$`)
	for name, text := range sources(t) {
		if !strings.HasSuffix(name, ".js") {
			continue
		}
		for _, at := range markup.FindAllStringIndex(text, -1) {
			made, _, _ := strings.Cut(text[at[0]:], "`;")
			if name != "assets/lock.js" || !strings.HasPrefix(made, "innerHTML = `") {
				t.Errorf("%s: %.80s", name, made)
			}
			for _, hole := range holes.FindAllStringSubmatch(made, -1) {
				if !own.MatchString(hole[1]) {
					t.Errorf("%s: %s", name, hole[0])
				}
			}
		}
	}
}

// sources returns the texts of all pages and scripts, by name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	texts, files := map[string]string{}, os.DirFS(".")
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".html") && !strings.HasSuffix(name, ".js") {
			return err
		}
		text, err := fs.ReadFile(files, name)
		texts[name] = string(text)
		return err
	})
	if err != nil || len(texts) < 60 {
		t.Fatal(len(texts), err)
	}
	return texts
}
