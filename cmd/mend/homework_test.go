package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestWordingHintsAppearBesideTheSentenceAndStayInTheBrowser writes an apology
// on a phone and looks at everything that leaves it.
func TestWordingHintsAppearBesideTheSentenceAndStayInTheBrowser(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "author", 390, 844)
	w.signIn(people[2+2*2+1]) // of the third couple: broke trust in the second breach
	w.open(w.ask(`[...document.querySelectorAll("a")].find(a => a.textContent.includes("Building an apology")).pathname`))
	w.says("An apology has a few parts")
	w.eval(`window.sent = []; const really = fetch; fetch = (to, how) => { sent.push(how.method + " " + to + " " + how.body); return really(to, how); }`)
	area, note := "[data-question]:not([hidden]) textarea", `document.querySelector("[data-question]:not([hidden]) .wording")`
	w.typeIn(area, "I hid the savings from you. I'm sorry I lied, but I was scared. Please forgive me.")
	w.until(note + ` && !` + note + `.hidden`)
	w.says("I'm sorry I lied, but I was scared.")
	w.says("Try a full stop there")
	w.shot("hint")
	w.tap("[data-question]:not([hidden]) .wording button")
	w.until(note + `.textContent.includes("It can stand without a request")`)
	w.tap("[data-question]:not([hidden]) .wording button")
	w.until(note + `.hidden`)
	w.saved()
	for _, line := range strings.Split(w.ask(`sent.join("\n")`), "\n") {
		to, body, _ := strings.Cut(line, " a.act=")
		if !strings.HasPrefix(to, "PUT ") && line != "POST /here" && !strings.HasPrefix(line, "POST /here ") || strings.Contains(line, "but-after-sorry") || strings.Contains(body, "stop+there") {
			t.Errorf("left the page: %s", line)
		}
	}
	w.open(w.ask(`location.pathname`))
	w.until(note + ` && !` + note + `.hidden`) // what was put aside was kept nowhere
}

// TestEveryHintWorksInTheBrowserAsItDoesOnTheServer runs every example and
// counter-example through the page's own script.
func TestEveryHintWorksInTheBrowserAsItDoesOnTheServer(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "hints", 390, 844)
	w.signIn(people[2+2*2+1])
	w.open(w.ask(`[...document.querySelectorAll("a")].find(a => a.textContent.includes("Building an apology")).pathname`))
	text, err := os.ReadFile("../../worksheets/hints/en.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Hints []struct{ ID, Hit, Quiet string } `yaml:"hints"`
		Never []string                          `yaml:"never"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	cases, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	w.eval(`import(document.querySelector("script[src*='hints.js']").src).then(m => {
		const hints = m.read(document.querySelector("template[data-hints]")), file = ` + string(cases) + `, wrong = [];
		const only = id => hints.filter(h => h.id === id);
		for (const h of file.Hints) {
			if (!m.first(only(h.ID), h.Hit)) wrong.push(h.ID + " misses " + h.Hit);
			if (m.first(only(h.ID), h.Quiet)) wrong.push(h.ID + " hints " + h.Quiet);
		}
		for (const s of file.Never) if (m.first(hints, s)) wrong.push("hinted: " + s);
		window.result = file.Hints.length + " of " + hints.length + "; " + wrong.join("; ");
	})`)
	w.until(`window.result`)
	if got := w.ask(`result`); got != "28 of 28; " {
		t.Error(got)
	}
}
