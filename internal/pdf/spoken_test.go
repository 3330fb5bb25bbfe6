package pdf

import (
	"regexp"
	"strings"
	"testing"
)

// TestABlockInAnotherLanguageSaysSo to screen readers: in every kind of block, each part without a
// language of its own is tagged; the contents and the list of misprinted words still find it.
func TestABlockInAnotherLanguageSaysSo(t *testing.T) {
	blocks := []Block{
		Heading("Carta"), Subheading("Pregunta"),
		Paragraph{Text: "Respuesta"},
		Paragraph{Text: "Answer", Language: "en"},
		Field{Label: "Total", Value: "3"},
		List{"uno", "dos"},
		Table{Columns: []string{"Qué"}, Rows: [][]string{{"Algo"}}},
		Choices{Options: []Choice{{Label: "Sí"}}},
		Signature{[]string{"Firmado", "hoy"}},
	}
	s := Sheet{Title: "Record", Blocks: append([]Block{Contents{}}, Spoken("es", "", blocks...)...)}
	text := string(draw(t, s))
	for what, want := range map[string]int{
		`/S /H2 [^\n]*/Lang \(es\)`: 1, `/S /H3 [^\n]*/Lang \(es\)`: 1, `/S /P [^\n]*/Lang \(es\)`: 3,
		`/S /P [^\n]*/Lang \(en\)`: 1, `/S /L [^\n]*/Lang \(es\)`: 3, `/S /Table [^\n]*/Lang \(es\)`: 1,
		`/S /TOCI`: 1, `/Lang \(en-US\)`: 2,
	} {
		if got := len(regexp.MustCompile(what).FindAllString(text, -1)); got != want {
			t.Errorf("%s is there %d times, not %d", what, got, want)
		}
	}
	for _, same := range []string{"", "fr"} {
		s.Language = "fr"
		s.Blocks = Spoken(same, "fr", blocks...)
		if text := string(draw(t, s)); strings.Contains(text, "/Lang (es)") {
			t.Errorf("%q: a block in the language of its sheet has one of its own", same)
		}
	}
	if got := (Sheet{Blocks: Spoken("es", "", Paragraph{Text: "a \U000F0000 b"})}).Misprinted(); len(got) != 1 {
		t.Errorf("%q", got)
	}
}
