package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"mend/internal/dbtest"
)

// inPDF counts the matches of a pattern in a PDF's structure.
func inPDF(a answer, pattern string) int {
	return len(regexp.MustCompile(pattern).FindAllString(a.body, -1))
}

// TestAWorksheetFilledInSpanishIsPrintedBothWays: in English for the counselor or, on request, as
// it was filled in; for the partner as it was filled in, whatever their language is now. Each part
// is tagged with its language for screen readers, and the other partner's papers do not change.
func TestAWorksheetFilledInSpanishIsPrintedBothWays(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		before := noor.get("/my/answers.pdf")
		kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		dana.post("/couples/"+things["couple"]+"/worksheets",
			url.Values{"worksheet": {"setback-plan"}, "to": {"A"}, "anyway": {"yes"}, "key": {"filled"}}).want(t, 303)
		id := w.one(`SELECT id FROM assignments WHERE form_key LIKE 'filled~%'`)
		kit.get("/my/worksheets/"+id).want(t, 200, `<html lang="es"`)
		kit.post("/my/worksheets/"+id, url.Values{
			"a.signs": {"Dormimos mejor esta semana."}, "a.line.instead": {"in-person"},
			"a.tell_rule": {"decide-together-in-session"}, "seen": {"0"}, "key": {"send"}, "do": {"send"},
		}).want(t, 303)
		kit.post("/my/settings/language", url.Values{"language": {"en"}}).want(t, 303)

		desk := "/assignments/" + id
		dana.get(desk).want(t, 200, desk+".pdf?lang=es", "PDF in Spanish, as completed", `lang="es">Dormimos mejor`)
		english, spanish := dana.get(desk+".pdf").want(t, 200), dana.get(desk+".pdf?lang=es").want(t, 200)
		mine := kit.get("/my/answers.pdf").want(t, 200)
		d, _ := w.site.Worksheets.Catalogue().Find("setback-plan")
		for what, c := range map[string]struct {
			a                answer
			language, inside string
			says, never      string
		}{
			"the counselor": {english, "en-US", `/S /P [^\n]*/Lang \(es\)`, d.Title, "Enviada"},
			"as filled":     {spanish, "es", "", "Enviada el", d.Title},
			"the partner":   {mine, "en", `/S /H2 [^\n]*/Lang \(es\)`, "Si hay un tropiezo", "Enviada"},
		} {
			text := pdfText(t, c.a)
			if !strings.Contains(text, c.says) || !strings.Contains(text, "Dormimos mejor") || strings.Contains(text, c.never) {
				t.Errorf("%s: %s", what, text)
			}
			if inPDF(c.a, `/S /Document [^\n]*/Lang \(`+c.language+`\)`) != 1 || c.inside != "" && inPDF(c.a, c.inside) == 0 {
				t.Errorf("%s: a language is missing", what)
			}
		}
		if inPDF(spanish, `/Lang \(en`) > 0 {
			t.Error("a part of the Spanish sheet says that it is English")
		}
		dana.get("/assignments/"+things["sent"]).want(t, 200).never(t, "PDF in Spanish")
		if one, other := dana.get("/assignments/"+things["sent"]+".pdf"), dana.get("/assignments/"+things["sent"]+
			".pdf?lang=es"); one.body != other.body {
			t.Error("a page that was filled in English is printed in Spanish")
		}
		if after := noor.get("/my/answers.pdf"); after.body != before.body {
			t.Error("the other's papers changed")
		}
	})
}

// TestWhatBothFilledIsInSpanishWhereBothChoseIt: if the two chose different languages, nothing
// reveals it.
func TestWhatBothFilledIsInSpanishWhereBothChoseIt(t *testing.T) {
	dbtest.Long(t)
	for _, noors := range []string{"es", "en"} {
		t.Run(noors, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				things := w.things()
				dana, kit, noor := w.as(w.dana), w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
				kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
				noor.post("/my/settings/language", url.Values{"language": {noors}}).want(t, 303)
				page := "/assignments/" + things["joint"]
				dana.post(page+"/active", url.Values{}).want(t, 303)
				dana.post(page+"/close", url.Values{}).want(t, 303)
				english, other := dana.get(page+".pdf").want(t, 200), dana.get(page+".pdf?lang=es").want(t, 200)
				if both := noors == "es"; (english.body != other.body) != both ||
					(inPDF(other, `/S /Document [^\n]*/Lang \(es\)`) == 1) != both {
					t.Errorf("Noor reads %s", noors)
				}
				if noors == "en" {
					dana.get(page).want(t, 200).never(t, "PDF in Spanish")
				}
			})
		})
	}
}
