package pdf_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mend/internal/dbtest"
	"mend/internal/pdf"
	"mend/worksheets"
)

// filledWith returns a page with the texts as answers, alternately in a line, an area and a table.
func filledWith(texts []string) worksheets.SentPage {
	sent := time.Date(2031, 3, 12, 12, 0, 0, 0, time.UTC)
	r := worksheets.SentPage{Values: map[string]worksheets.Value{}}
	r.State, r.SentAt, r.Definition = "sent", &sent, "0123456789"
	for i, text := range texts {
		f := worksheets.Field{ID: fmt.Sprint(i), Label: fmt.Sprintf("Text%03d", i), Type: worksheets.ShortText}
		value := worksheets.Value{Text: text}
		switch i % 3 {
		case 1:
			f.Type = worksheets.LongText
		case 2:
			f.Type, f.Columns = worksheets.Table, []worksheets.Field{{ID: "x", Label: "Words", Type: worksheets.ShortText}}
			value = worksheets.Value{Rows: []map[string]string{{"x": "first"}, {"x": text}}}
		}
		r.Worksheet.Fields = append(r.Worksheet.Fields, f)
		r.Values[f.ID] = value
	}
	r.Worksheet.Title = "Corpus"
	return r
}

// TestEveryCharacterTypedIntoAWorksheetIsOnPaperOrNamedAsReplaced reads the 500 texts back from a filled sheet.
func TestEveryCharacterTypedIntoAWorksheetIsOnPaperOrNamedAsReplaced(t *testing.T) {
	dbtest.Long(t)
	pdf.WithMachineFonts(t)
	texts := pdf.CorpusTexts(500)
	sheet := worksheets.FilledSheet(worksheets.PrintSetup{Zone: time.UTC}, []worksheets.SentPage{filledWith(texts)})
	all := strings.Join(pdf.PageLines(t, sheet), " ") + " Text500"
	replaced, said := 0, strings.Join(sheet.Misprinted(), " ")
	for i, text := range texts {
		_, after, found := strings.Cut(all, fmt.Sprintf("Text%03d", i))
		printed, _, _ := strings.Cut(after, fmt.Sprintf("Text%03d", i+1))
		if !found {
			t.Fatalf("text %d is not on paper", i)
		}
		if word := pdf.Misordered(text, printed); word != "" {
			t.Errorf("%q of text %d, %q, is out of order:\n%s", word, i, text, printed)
		}
		for _, cluster := range pdf.MissingClusters(text, printed) {
			if !pdf.IsNamed(cluster, text) {
				t.Errorf("%q of text %d, %q, is neither on paper nor named:\n%s", cluster, i, text, printed)
			}
			replaced++
		}
	}
	if replaced > 200 || replaced > 0 && said == "" {
		t.Errorf("%d characters were replaced; the sheet names %q", replaced, said)
	}
}
