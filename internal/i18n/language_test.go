package i18n

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestASentenceIsSaidInTheLanguage(t *testing.T) {
	for _, test := range []struct {
		in   *Language
		m    Message
		args []any
		want string
	}{
		{nil, "portal.home.hello", []any{"Kit"}, "Hello, Kit"},
		{English, "done.saved", nil, "Saved."},
		{Spanish, "done.saved", nil, "Guardado."},
		{Spanish, "portal.home.hello", []any{"Kit"}, "Hola, Kit"},
		{Spanish, "crisis.call", []any{911}, "Llama al 911"},
		{English, With("error.at_most", 280, 12345), nil, "Use 280 characters or fewer (you have 12,345)."},
		{Spanish, With("error.at_most", 280, 1000), nil, "Usa 280 caracteres como máximo (llevas 1,000)."},
		{Spanish, With("portal.home.hello", "100 %s"), nil, "Hola, 100 %s"},
		{Spanish, "What somebody typed: 100 %s", nil, "What somebody typed: 100 %s"},
		{Spanish, "", nil, ""},
	} {
		if got := test.in.Say(test.m, test.args...); got != test.want {
			t.Errorf("%q: got %q, want %q", string(test.m), got, test.want)
		}
	}
}

func TestAMessageReadsInEnglishWhereNobodyAskedForAnotherLanguage(t *testing.T) {
	for m, want := range map[Message]string{
		With("error.choose_up_to", 3): "Choose up to 3.", "error.fill_in": "Please fill this in.",
		"Enter a number of hours.": "Enter a number of hours.",
	} {
		if got := m.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestAWordThatAPracticeMayTypeItselfIsFoundByItsGroup: the labels of a crisis line.
func TestAWordThatAPracticeMayTypeItselfIsFoundByItsGroup(t *testing.T) {
	for english, want := range map[string]string{
		"Emergency": "Emergencias", "Our neighbor": "Our neighbor", "Call %s": "Call %s", "Forms": "Forms",
	} {
		if got := Spanish.Say(Word("crisis.for", english)); got != want {
			t.Errorf("%s: got %q, want %q", english, got, want)
		}
	}
}

func TestStaffReadTheEnglishNameOfALanguage(t *testing.T) {
	if got := Spanish.EnglishName() + ", " + English.EnglishName(); got != "Spanish, English" {
		t.Errorf("got %q", got)
	}
}

func TestADateIsWrittenAsTheLanguageWritesIt(t *testing.T) {
	at := time.Date(2031, 3, 5, 15, 4, 0, 0, time.UTC)
	for layout, want := range map[Message][2]string{
		"date.day":          {"March 5, 2031", "5 de marzo de 2031"},
		"date.weekday_time": {"Wednesday, March 5, 3:04 PM", "miércoles 5 de marzo, 3:04 p. m."},
		"date.time_zone":    {"3:04 PM UTC", "3:04 p. m. UTC"},
		"date.reminder":     {"Wednesday at 3:04 PM", "miércoles, 3:04 p. m."},
	} {
		if got := [2]string{English.Date(at, layout), Spanish.Date(at, layout)}; got != want {
			t.Errorf("%s: got %q, want %q", string(layout), got, want)
		}
	}
}

func TestABrowsersLanguageIsMatched(t *testing.T) {
	for accept, want := range map[string]*Language{
		"": English, "es": Spanish, "es-419,en;q=0.8": Spanish,
		"ca, es;q=0.8": Spanish, "fr": English, "en-GB, es;q=0.9": English, "§$%": English,
	} {
		if got := FromAcceptLanguage(accept); got != want {
			t.Errorf("%q: got %s", accept, got.Tag)
		}
	}
	if Of("es") != Spanish || Of("") != English || Of("xx") != English || IsOffered("xx") || !IsOffered("es") {
		t.Error("a stored language is not found")
	}
}

// TestAnotherLanguageIsAFile adds French with one sentence missing, and a language that only tests
// use.
func TestAnotherLanguageIsAFile(t *testing.T) {
	french := fstest.MapFS{
		"en.yaml": {Data: []byte("language.name: English\naction.save: Save\ncalendar.march: March\ndate.day: January 2")},
		"fr.yaml": {Data: []byte("language.name: Français\naction.save: Enregistrer\ncalendar.march: mars\n" +
			"date.day: 2 January\nlanguage.only_here: \"%[2]s, %[1]s\"")},
	}
	list, err := Load(french)
	if err != nil {
		t.Fatal(err)
	}
	l := list.FromAcceptLanguage("fr-CA, es;q=0.5")
	at := time.Date(2031, 3, 5, 0, 0, 0, 0, time.UTC)
	got := []string{
		l.Tag, l.Name, l.Say("action.save"), l.Date(at, "date.day"), l.Say("action.back"),
		l.Say("language.only_here", 1, "b"),
		l.Content("A worksheet", "Una hoja"), list[0].Tag,
	}
	want := []string{"fr", "Français", "Enregistrer", "5 mars", "Back", "b, 1", "A worksheet", "en"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, text := range map[string]string{
		"de.yaml": "action.save: Speichern", "not a tag.yaml": "language.name: x", "fr.yaml": "- a list",
	} {
		files := fstest.MapFS{"en.yaml": french["en.yaml"], name: {Data: []byte(text)}}
		if _, err := Load(files); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s was taken: %v", name, err)
		}
	}
	if _, err := Load(fstest.MapFS{"fr.yaml": french["fr.yaml"]}); err == nil {
		t.Error("languages without English were taken")
	}
}

func TestALanguageThatATestTriesCannotBeChosen(t *testing.T) {
	list, err := RegisterForTest(fstest.MapFS{
		"en.yaml": {Data: []byte("language.name: English")}, "tlh.yaml": {Data: []byte("language.name: tlhIngan")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { testLanguages.Store(nil) })
	if Of("tlh") != list[1] || Of("xx") != English || Of("en") != English || Of("es") != Spanish {
		t.Error("a language that is tried is not found, or hides another")
	}
	if IsOffered("tlh") || FromAcceptLanguage("tlh") != English || len(Offered) != 2 {
		t.Error("a language that is tried can be chosen")
	}
}
