package records_test

import (
	"fmt"
	"slices"
	"testing"

	"mend/internal/pdf"
	"mend/records"
)

// TestWhatIsBoundKeepsItsLanguage: each part of a Spanish sheet, including the heading, is tagged
// as Spanish; a sheet in the language of the whole document is not tagged.
func TestWhatIsBoundKeepsItsLanguage(t *testing.T) {
	blocks := []pdf.Block{pdf.Heading("Robin"), pdf.List{"uno"}}
	got := records.Bound([]pdf.Sheet{
		{Title: "Carta", Language: "es", Footer: "Texto", Blocks: blocks}, {Title: "Letter", Blocks: blocks},
	})
	spanish := func(b pdf.Block) pdf.Block { return pdf.In{Language: "es", Block: b} }
	want := []pdf.Block{
		pdf.Break{},
		spanish(pdf.Heading("Carta")), spanish(pdf.Paragraph{Text: "Texto", Muted: true}),
		spanish(pdf.Subheading("Robin")), spanish(pdf.List{"uno"}),
		pdf.Break{},
		pdf.Heading("Letter"), pdf.Subheading("Robin"),
		pdf.List{"uno"},
	}
	same := func(a, b pdf.Block) bool { return fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b) }
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("%#v", got)
	}
}
