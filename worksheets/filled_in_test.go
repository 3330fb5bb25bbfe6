package worksheets

import (
	"slices"
	"strings"
	"testing"

	"mend/internal/i18n"
	"mend/internal/pdf"
)

// TestWhatWasTypedInAnotherLanguageSaysSo: typed text is tagged with its language, and the
// worksheet's own words, which the counselor reads in English, are not. For the partner nothing is
// tagged, so the author's choice of language is not revealed.
func TestWhatWasTypedInAnotherLanguageSaysSo(t *testing.T) {
	d := wordingOf(t, "apology-builder")
	r := answered(d)
	r.Answer.Language = "es"
	spoken := func(blocks []pdf.Block) (paragraphs, columns int) {
		for _, b := range blocks {
			switch b := b.(type) {
			case pdf.Paragraph:
				if b.Language == "es" {
					paragraphs++
				}
			case pdf.Table:
				columns += len(slices.DeleteFunc(slices.Clone(b.Languages), func(l string) bool { return l == "" }))
			}
		}
		return paragraphs, columns
	}
	if paragraphs, columns := spoken(r.Blocks(true)); paragraphs == 0 || columns == 0 {
		t.Errorf("%d paragraphs and %d columns are in Spanish", paragraphs, columns)
	}
	other := r
	other.forPartner = true
	if paragraphs, columns := spoken(other.Blocks(true)); paragraphs+columns > 0 {
		t.Error("the other partner is told the language")
	}
	catalogue := shipped(t)
	r.Page.Worksheet = catalogue.In(i18n.Spanish, d)
	if paragraphs, columns := spoken(r.Blocks(true)); paragraphs+columns > 0 {
		t.Error("the language of the sheet is told once more")
	}
	if said := textOf(FilledSheet(paper, []SentPage{r}).Blocks); !strings.Contains(said, "Enviada") {
		t.Error(said)
	}
}

// TestAPageIsPrintedInTheLanguageItWasFilledIn if its wording is translated.
func TestAPageIsPrintedInTheLanguageItWasFilledIn(t *testing.T) {
	catalogue, d := shipped(t), wordingOf(t, "impact-statement")
	earlier := d
	earlier.Hash = "an earlier wording"
	for _, c := range []struct {
		d        Definition
		language string
		want     *i18n.Language
	}{
		{d, "es", i18n.Spanish}, {d, "en", i18n.English}, {d, "", i18n.English}, {earlier, "es", i18n.English},
	} {
		p := Page{Worksheet: c.d, Answer: Answer{Language: c.language}}
		if got := catalogue.FilledIn(p); got != c.want {
			t.Errorf("%s filled in %q: %s", c.d.Hash, c.language, got.Tag)
		}
	}
}
