package i18n

import (
	"testing"
	"time"
)

func TestASentenceIsSaidInTheLanguage(t *testing.T) {
	for _, test := range []struct {
		in       *Language
		sentence string
		args     []any
		want     string
	}{
		{nil, "Hello, %s", []any{"Kit"}, "Hello, Kit"},
		{English, "Saved.", nil, "Saved."},
		{Spanish, "Saved.", nil, "Guardado."},
		{Spanish, "Hello, %s", []any{"Kit"}, "Hola, Kit"},
		{Spanish, "Call %s", []any{"911"}, "Llama al 911"},
		{Spanish, "Please use at most 280 characters; these are 300.", nil, "Usa como máximo 280 caracteres; aquí hay 300."},
		{Spanish, "What somebody typed: 100 %s", nil, "What somebody typed: 100 %s"},
		{Spanish, "", nil, ""},
		{Marked, "Hello, %s", []any{"Kit"}, "⟦Hello, ⟧Kit⟦⟧"},
		{Marked, "What nobody translated", nil, "What nobody translated"},
	} {
		if got := test.in.Say(test.sentence, test.args...); got != test.want {
			t.Errorf("%q: got %q, want %q", test.sentence, got, test.want)
		}
	}
}

func TestADateIsWrittenAsTheLanguageWritesIt(t *testing.T) {
	at := time.Date(2031, 3, 5, 15, 4, 0, 0, time.UTC)
	for layout, want := range map[string]string{
		"January 2, 2006": "5 de marzo de 2031", "Monday, January 2, 3:04 PM": "miércoles 5 de marzo, 3:04 p. m.",
		"3:04 PM": "3:04 p. m.",
	} {
		if got := Spanish.Date(at, layout); got != want {
			t.Errorf("%s: got %q, want %q", layout, got, want)
		}
		if got := English.Date(at, layout); got != at.Format(layout) {
			t.Errorf("%s: got %q in English", layout, got)
		}
	}
}

func TestABrowsersLanguageIsMatched(t *testing.T) {
	for accept, want := range map[string]*Language{
		"": English, "es": Spanish, "es-419,en;q=0.8": Spanish,
		"ca, es;q=0.8": Spanish, "fr": English, "en-GB, es;q=0.9": English, "§$%": English,
	} {
		if got := Asked(accept); got != want {
			t.Errorf("%q: got %s", accept, got.Tag)
		}
	}
	if Of("es") != Spanish || Of("") != English || Of("xx") != English || IsOffered(Marked.Tag) || !IsOffered("es") {
		t.Error("a stored language is not found, or the marked one is offered")
	}
}
