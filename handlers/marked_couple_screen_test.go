package handlers

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"mend/internal/dbtest"
	"mend/internal/i18n/i18ntest"
	"mend/sessions"
	"mend/templates"
)

// marking sets everybody's language to the marked one.
func (w *world) marking(t *testing.T) reader {
	t.Helper()
	if _, err := w.db.Exec(t.Context(), `UPDATE sign_ins SET language = ?`, i18ntest.Pseudo().Tag); err != nil {
		t.Fatal(err)
	}
	return w.newReader(t)
}

// TestNothingOnTheCouplesScreenIsUntranslated checks the page and its updates: each step, a turn, a
// pause, pages side by side, and the end.
func TestNothingOnTheCouplesScreenIsUntranslated(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		r := w.marking(t)
		ellis := w.as(w.ellis)
		couple := w.people[10].Couple // a couple with released pages
		path := "/sessions/" + w.one(`SELECT id FROM sessions WHERE couple_id = ? AND state = 'planned'`, couple)
		ellis.post(path+"/start", url.Values{}).want(t, 303)
		d := w.display(strings.TrimPrefix(path, "/sessions/"), w.openScreen(ellis, path))
		sees := func(what string, wanted func(sessions.Screen) bool) {
			t.Helper()
			d.until(what, func(s sessions.Screen) bool {
				if left := append(append(r.leftOver(s.Step), r.leftOver(s.Text)...), r.leftOver(s.Turn)...); len(left) > 0 {
					t.Errorf("%s, as it follows: %q", what, left)
				}
				return wanted(s)
			})
			if left := r.onPage(d.browser.get(path+"/room").want(t, 200).parse(t)); len(left) > 0 {
				t.Errorf("%s: %q", what, left)
			}
		}
		save := func(field, value, base string) {
			t.Helper()
			ellis.put(path+"/fields/"+field, url.Values{"v." + field: {value}, "base": {base}, "key": {field + base}}).want(t,
				200)
		}
		sees("the step", func(s sessions.Screen) bool { return strings.HasPrefix(s.Step, "⟦") && s.Text != "" })
		save("turn", "both", "0")
		sees("a turn", func(s sessions.Screen) bool { return s.Turn == i18ntest.Marked("Both") })
		ellis.post(path+"/clock", url.Values{"kind": {"pause"}}).want(t, 303)
		sees("a pause", func(s sessions.Screen) bool { return s.Mode == sessions.ScreenPause })
		save("show", "fears-hopes-dreams", "0")
		d.until("side by side", func(sessions.Screen) bool {
			return strings.Contains(d.browser.get(path+"/room").body, `class="aligned"`)
		})
		sees("side by side", func(sessions.Screen) bool { return true })
		ellis.post(path+"/run", url.Values{"key": {"e"}, "then": {"end"}}).want(t, 303)
		sees("the end", func(s sessions.Screen) bool { return s.Mode == sessions.ScreenOver })
		d.browser.get(path+"/room").want(t, 200, `<html lang="en-XA"`, i18ntest.Marked("We’ll stop here for today."))
	})
}

// TestEveryPromptOfTheCouplesScreenIsTranslated checks every step of the method.
func TestEveryPromptOfTheCouplesScreenIsTranslated(t *testing.T) {
	m, err := sessions.LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range m.Steps {
		step = m.In(i18ntest.Pseudo(), step)
		for _, p := range step.Prompts {
			if left := (reader{}).leftOver(p.Text); (len(left) > 0) != p.Alone {
				t.Errorf("%s %s, alone %v: %q", step.ID, p.ID, p.Alone, left)
			}
		}
		if left := (reader{}).leftOver(step.Title); len(left) > 0 {
			t.Errorf("%s: %q", step.ID, left)
		}
	}
}

// partnersOwn returns the part of a page on the counselor's device that the partner reads. The
// frame is the counselor's.
func partnersOwn(t *testing.T, a answer) *html.Node {
	t.Helper()
	return elements(a.parse(t), func(n *html.Node) bool { return n.Data == "main" })[0]
}

// TestNothingOnAHandedOverDeviceIsUntranslated checks the pages of the private conversation, and of
// a joint page on the counselor's screen.
func TestNothingOnAHandedOverDeviceIsUntranslated(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		r, dana := w.marking(t), w.as(w.dana)
		look := func(name string, left []string) {
			t.Helper()
			if len(left) > 0 {
				t.Errorf("%s: %q", name, left)
			}
		}
		page := "/assignments/" + things["record"] + "/handover"
		look("the questions", r.onPage(dana.get(page).want(t, 200).parse(t))) // these pages have no frame
		look("what is not an answer",
			r.inAnswer(t,
				dana.put(page+"/fields/safe_home", url.Values{"a.safe_home": {"maybe"}, "base": {"0"}, "key": {"1"}}).want(t, 422)))
		look("an answer",
			r.inAnswer(t,
				dana.put(page+"/fields/safe_home", url.Values{"a.safe_home": {"yes"}, "base": {"0"}, "key": {"2"}}).want(t, 200)))
		look("a clash",
			r.inAnswer(t,
				dana.post(page, url.Values{"a.safe_home": {"no"}, "seen": {"0"}, "key": {"3"}, "do": {"save"}}).want(t, 409)))
		look("something forged", r.inAnswer(t, dana.post(page, url.Values{"nonsense": {"x"}}).want(t, 400)))

		dana.post("/assignments/"+things["joint"]+"/active", url.Values{}).want(t, 303)
		dana.post("/sessions/"+things["planned"]+"/start", url.Values{}).want(t, 303)
		both := "/sessions/" + things["planned"] + "/pages/" + things["joint"]
		look("a page for two", r.onPage(partnersOwn(t, dana.get(both).want(t, 200))))
		dana.put(both+"/fields/exit", url.Values{"a.exit": {"Kit"}, "base": {"0"}, "key": {"4"}}).want(t, 200)
		look("a clash of two",
			r.onPage(partnersOwn(t,
				dana.post(both, url.Values{"a.exit": {"Noor"}, "seen": {"0"}, "key": {"5"}, "do": {"save"}}).want(t, 409))))

		handed := "/assignments/" + things["tohand"] + "/handed"
		form := url.Values{"a.pattern": {"Kit"}, "seen": {"0"}, "key": {"6"}, "do": {"send"}}
		look("a page without an answer", r.onPage(dana.post(handed, form).want(t, 422).parse(t)))
		form.Set("a.entry.0.day", "2031-03-11")
		door := dana.post(handed, form).want(t, 303).location()
		look("the door", r.onPage(dana.get(door).want(t, 200, `<html lang="en-XA"`).parse(t)))
	})
}

// pdfText returns the text of a PDF. A line across two columns is read as one.
func pdfText(t *testing.T, a answer) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(file, []byte(a.body), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// onPaper returns the text of a PDF outside of marks. Marks can be nested, because a line across
// two columns is read as one.
func onPaper(t *testing.T, a answer) string {
	t.Helper()
	out := pdfText(t, a)
	var left strings.Builder
	depth := 0
	wording := regexp.MustCompile(`(` + strings.TrimSuffix(i18ntest.Marked("Wording %s"), "%s⟦⟧") + `)[0-9a-f]{8}`)
	for _, c := range wording.ReplaceAllString(out, "$1") {
		switch {
		case c == '⟦':
			depth++
		case c == '⟧':
			depth--
		case depth == 0:
			left.WriteRune(c)
		}
	}
	if !strings.Contains(string(out), "⟦") || depth != 0 {
		t.Errorf("marks are lost: %.300s", out)
	}
	return left.String()
}

func TestNothingThatIsPrintedForAPartnerIsUntranslated(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		r, dana := w.marking(t), w.as(w.dana)
		r.known["Calm first"] = true // a pathway's name, as typed
		lang := "?lang=" + i18ntest.Pseudo().Tag
		for _, path := range []string{
			"/assignments/{open}/blank", "/assignments/{shareable}/blank", "/assignments/{joint}/blank",
			"/library/individual-check-in.pdf" + lang, "/library/pathways/{pathway}/booklet" + lang,
		} {
			a := dana.get(visit{path, nil, 200}.with(things).path).want(t, 200, "%PDF-")
			if left := r.leftOver(onPaper(t, a)); len(left) > 0 {
				t.Errorf("%s: %q", path, left)
			}
		}
		// Without a language in the query, the library prints in English for every reader.
		if said := dana.get("/library/individual-check-in.pdf").want(t, 200).body; strings.Contains(said, "⟦") {
			t.Error("the library prints in a language that nobody asked for")
		}
		dana.get("/library/trust-pulse").want(t, 200, `href="/library/trust-pulse.pdf?lang=es"`)
		dana.get("/library/private-conversation-record").want(t, 200).never(t, "lang=es")
		dana.get("/library/pathways/"+things["pathway"]).want(t, 200, `/booklet?lang=es"`)
	})
}

func TestWhatAPhoneKeepsOfAPageIsTranslated(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		r := w.marking(t)
		link := w.as(w.partner(1, "A")).get("/my").want(t, 200).find(t, `<link rel="manifest" href="([^"]+)"`)
		var kept struct {
			Name  string `json:"name"`
			Short string `json:"short_name"`
			Lang  string `json:"lang"`
		}
		if err := json.Unmarshal([]byte(w.browser().get(link).want(t, 200).body), &kept); err != nil {
			t.Fatal(err)
		}
		if left := append(r.leftOver(kept.Name), r.leftOver(kept.Short)...); len(left) > 0 || kept.Name == "" ||
			kept.Short == "" || kept.Lang != i18ntest.Pseudo().Tag {
			t.Errorf("%q in %s, left %q", kept.Name, kept.Lang, left)
		}
		w.browser().get("/assets/"+templates.Version()+"/page.png").want(t, 200)
	})
}
