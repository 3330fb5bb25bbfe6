package worksheets

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"mend/internal/i18n"
)

func TestEveryWorksheetThatPartnersSeeIsThereInSpanish(t *testing.T) {
	c := shipped(t)
	for _, d := range c.All() {
		_, handed := d.Handover()
		if _, ok := c.translated[d.ID]; ok != (d.Portal || handed) {
			t.Errorf("%s: translated is %v", d.ID, ok)
		}
		spanish := c.In(i18n.Spanish, d)
		english, said := wordsOf(d), wordsOf(spanish)
		if len(english) != len(said) || d.Portal && d.Title == spanish.Title {
			t.Errorf("%s has %d words in English and %d in Spanish", d.ID, len(english), len(said))
		}
		if again, _ := c.Find(d.ID); again.Title != d.Title || again.Fields[0].Label != d.Fields[0].Label {
			t.Errorf("%s was changed by being translated", d.ID)
		}
	}
}

// TestSpanishWordsJudgeNobody searches for words that name people by what they did, and for "usted"
// beside "tú".
func TestSpanishWordsJudgeNobody(t *testing.T) {
	never := regexp.MustCompile(`(?i)\b(infiel|víctima|ofensor|engañad|traidor|culpable|inocente|usted\b|consejer)`)
	for id, tr := range shipped(t).translated {
		for place, text := range tr.Words {
			if found := never.FindString(text); found != "" {
				t.Errorf("%s, %s says %q", id, place, found)
			}
		}
	}
}

func TestAnEarlierWordingKeepsItsWords(t *testing.T) {
	c := shipped(t)
	pulse, _ := c.Find("trust-pulse")
	earlier, err := DecodeDefinition([]byte(strings.Replace(string(pulse.Source), "In the past week…",
		"In the last seven days…", 1)))
	if err != nil {
		t.Fatal(err)
	}
	shown := c.In(i18n.Spanish, earlier)
	if shown.Title != "Trust pulse" || shown.Fields[0].Label != "In the last seven days…" {
		t.Errorf("got %q and %q", shown.Title, shown.Fields[0].Label)
	}
	last := shown.Fields[len(shown.Fields)-1]
	if last.Label != "¿Hay algo aquí que quiera hablar a solas?" { // the question that Mend adds
		t.Errorf("got %q", last.Label)
	}
}

func TestWhatMendSaysOfAnAnswerIsInTheLanguageOfThePage(t *testing.T) {
	c := shipped(t)
	d, _ := c.Find("how-trust-was-broken")
	d = c.In(i18n.Spanish, d)
	events, _ := d.Field("events")
	_, problem := events.Read(url.Values{"a.events.0.kind": {"no such kind"}})
	if want := "Línea 1, Tipo: Elige de la lista."; i18n.Spanish.Say(problem) != want {
		t.Errorf("got %q, want %q", problem, want)
	}
	clarity, _ := d.Field("clarity")
	if got := clarity.Show(Value{Text: "7"}); got[0] != "7 de 10" {
		t.Errorf("got %q", got)
	}
	if got := d.Check("hurt", nil)["a.kinds"]; got != "“¿Qué tipo de ruptura fue?”: elige al menos una opción." {
		t.Errorf("got %q", got)
	}
}

func TestATranslationThatDoesNotFitIsRefused(t *testing.T) {
	whole, err := translatedFiles.ReadFile("catalogue/es/trust-pulse.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		strings.Replace(string(whole), `moved.help: "Basta una cosa."`, "", 1):                "moved.help is not translated",
		strings.Replace(string(whole), `moved.help: "Basta una cosa."`, `moved.help: " "`, 1): "moved.help is not translated",
		string(whole) +
			"  share.options.maybe: \"Quizá\"\n": "share.options.maybe is not in the English words",
		regexp.MustCompile(`of: .*`).ReplaceAllString(string(whole), `of: "1f1f1f"`): "the English words have changed",
	} {
		err := shipped(t).loadTranslations(fstest.MapFS{"es/trust-pulse.yaml": {Data: []byte(text)}}, "es")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := shipped(t).loadTranslations(fstest.MapFS{"es/no-such.yaml": {Data: whole}}, "es"); err == nil {
		t.Error("a translation of nothing is taken")
	}
}
