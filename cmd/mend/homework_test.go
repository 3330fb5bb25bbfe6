package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestWordingHintsAppearBesideTheSentenceAndStayInTheBrowser writes an apology on a phone and
// checks everything that is sent.
func TestWordingHintsAppearBesideTheSentenceAndStayInTheBrowser(t *testing.T) {
	url, people := startDemo(t)
	w := openWindow(t, browse(t), url, "author", 390, 844)
	w.signIn(people[2+2*2+1]) // in the third couple, the partner who broke trust in the second breach
	w.open(w.ask(`[...document.querySelectorAll("a")].find(a => a.textContent.includes("Building an apology")).pathname`))
	w.says("An apology has a few parts")
	w.eval(`window.sent = []; const really = fetch; fetch = (to, how) => { sent.push(how.method + " " + to + " " + how.body); return really(to, how); }`)
	area, note := "[data-question]:not([hidden]) textarea",
		`document.querySelector("[data-question]:not([hidden]) .wording")`
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
		if !strings.HasPrefix(to, "PUT ") && line != "POST /here" && !strings.HasPrefix(line, "POST /here ") ||
			strings.Contains(line, "but-after-sorry") || strings.Contains(body, "stop+there") {
			t.Errorf("left the page: %s", line)
		}
	}
	w.open(w.ask(`location.pathname`))
	w.until(note + ` && !` + note + `.hidden`) // dismissed hints were not stored anywhere
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

// TestAPromiseIsMarkedByOneAndConfirmedByTheOtherAndThePulseIsDrawn uses two phones and the
// counselor's laptop with the demo's couple that has promises.
func TestAPromiseIsMarkedByOneAndConfirmedByTheOtherAndThePulseIsDrawn(t *testing.T) {
	url, people := startDemo(t)
	browser := browse(t)
	var couple string
	phones := map[string]*window{}
	for _, p := range people {
		if p.Name != "Morgan Quillby" && p.Name != "Tay Cloverly" {
			continue
		}
		couple = p.Couple
		phones[p.Name] = openWindow(t, browser, url, strings.Fields(p.Name)[0], 390, 844)
		phones[p.Name].signIn(p)
		phones[p.Name].open("/my/promises")
	}
	maker, other := phones["Morgan Quillby"], phones["Tay Cloverly"]
	if maker.ask(`String(!!document.querySelector("[name=result][value=kept]:not([disabled])"))`) != "true" {
		maker, other = other, maker
	}
	said := maker.ask(`document.querySelector("form[action$='/marks'] .quick legend").textContent.match(/“(.*)”/)[1]`)
	known := `String(document.body.textContent.split("Only your counselor knows").length)`
	maker.press(`form[action$="/marks"] [value="kept"]`)
	before := maker.ask(known)
	maker.says("kept")
	maker.shot("marked")
	other.open("/my/promises")
	other.says(said)
	other.eval(`for (const d of document.querySelectorAll("details")) d.open = true`)
	other.press(`form[action$="/marks"] button[value="same"]`)
	other.says("Only your counselor knows")
	other.shot("confirmed")
	maker.open("/my/promises")
	if after := maker.ask(known); after != before {
		t.Errorf("the maker reads how the other saw it: %s, then %s", before, after)
	}

	desk := openWindow(t, browser, url, "pulse", 1280, 900)
	desk.signIn(people[0])
	desk.open("/couples/" + couple + "/pulse")
	if dots := desk.ask(
		`String(document.querySelectorAll("figure.chart svg path.run").length > 0 && document.querySelectorAll("main table td").length > 12)`); dots != "true" {
		t.Error("the pulse is not drawn, or has no table beside it")
	}
	desk.shot("drawn")

	maker.open("/my/pulse")
	maker.shot("pulse")
	for what, js := range map[string]string{
		"the table is wider than the phone": `document.querySelectorAll("main td").length > 2 &&
			[...document.querySelectorAll("main th, main td")].every(c => c.getBoundingClientRect().right <= innerWidth)`,
		"the axis is cut off": `[...document.querySelectorAll("figure.chart text")].every(t => t.getBBox().x >= 0)`,
	} {
		if maker.ask("String("+js+")") != "true" {
			t.Error(what)
		}
	}
}
