package templates_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	token = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`)
	color = regexp.MustCompile(`#[0-9a-f]{3,6}\b`)
)

// luminance returns the WCAG 2 relative luminance of a color such as #f8f4ec.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 4 {
		hex = "#" + hex[1:2] + hex[1:2] + hex[2:3] + hex[2:3] + hex[3:4] + hex[3:4]
	}
	var part [3]int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &part[0], &part[1], &part[2]); err != nil {
		t.Fatal(hex, err)
	}
	light := func(n int) float64 {
		c := float64(n) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*light(part[0]) + 0.7152*light(part[1]) + 0.0722*light(part[2])
}

// written returns the source of an asset, which is minified when served.
func written(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("assets/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// looks returns the colors of each look by name. Dark and print override those of light.
func looks(t *testing.T) map[string]map[string]string {
	t.Helper()
	parts := strings.Split(written(t, "tokens.css"), "@media")
	all := map[string]map[string]string{}
	for i, name := range []string{"light", "dark", "print"} {
		all[name] = map[string]string{}
		for _, from := range []string{parts[0], parts[i]} {
			for _, found := range token.FindAllStringSubmatch(from, -1) {
				all[name][found[1]] = found[2]
			}
		}
	}
	return all
}

func TestEveryColorIsReadableOnWhatItStandsOn(t *testing.T) {
	const text, line = 4.5, 3.0 // WCAG 2.2 AA: 1.4.3 and 1.4.11
	grounds := []string{"paper", "surface", "sunk"}
	for look, colors := range looks(t) {
		if len(colors) < 14 {
			t.Fatalf("%s has %d colors", look, len(colors))
		}
		check := func(fore, ground string, least float64) {
			a, b := luminance(t, colors[fore]), luminance(t, colors[ground])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < least {
				t.Errorf("%s: %s on %s is %.2f to 1, not %.1f", look, fore, ground, ratio, least)
			}
		}
		for _, ground := range grounds {
			for _, fore := range []string{"ink", "soft", "link"} {
				check(fore, ground, text)
			}
			for _, fore := range []string{"edge", "gold", "focus", "action"} {
				check(fore, ground, line)
			}
		}
		check("ink", "note", text)
		check("problem", "problem-bg", text)
		check("problem", "paper", text)
		check("action-ink", "action", text)
	}
}

func TestColorsAreNamedInOnePlace(t *testing.T) {
	sheets, err := filepath.Glob("styles/*.css")
	if err != nil || len(sheets) == 0 {
		t.Fatal("no style sheets:", err)
	}
	css := ""
	for _, name := range sheets {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		css += string(text)
	}
	// QR codes are always black on white, so that they can be scanned.
	css = strings.NewReplacer("fill: #fff;", "", "fill: #000;", "").Replace(css)
	if found := color.FindAllString(css, -1); len(found) > 0 {
		t.Errorf("the style sheets have colors of its own: %v", found)
	}
}
