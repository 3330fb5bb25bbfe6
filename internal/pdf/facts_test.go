package pdf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// facts returns a sheet with compact fields, the third of them longer than its line.
func facts() Sheet {
	return Sheet{Title: "Note", Blocks: []Block{
		Field{Label: "Record", Value: "C-0004", Compact: true},
		Field{Label: "Partners", Value: "Morgan and Tay", Compact: true},
		Field{Label: "Place", Value: words(20), Compact: true},
		Field{Label: "Interpreter", Compact: true},
		Field{Label: "Counselor", Value: "Dana Example", Compact: true},
		Paragraph{Text: "They talked."},
	}}
}

func TestCompactFieldsStandInTwoColumns(t *testing.T) {
	page := pageTexts(t, facts())[0]
	for _, want := range [][]string{{"Record", "C-0004", "Partners", "Morgan and Tay"}, {"Counselor", "Dana Example"}} {
		found := false
		for line := range strings.Lines(page) {
			found = found || strings.Join(strings.Fields(line), " ") == strings.Join(want, " ")
		}
		if !found {
			t.Errorf("no line says %q:\n%s", want, page)
		}
	}
	checkEdges(t, paged(t, facts()))
}

func TestCompactFieldsAreReadLabelByLabel(t *testing.T) {
	if diff := cmp.Diff(said(facts()), saidByPoppler(t, printed(t, facts()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACompactLabelStaysWithItsValue(t *testing.T) {
	for lines := 1; lines < 60; lines++ {
		d := paged(t, filledBy(lines, Field{Label: "The label", Value: words(20) + " end", Compact: true}))
		if pageOf(d, "The label") != pageOf(d, "end") {
			t.Fatalf("after %d lines label and value are parted", lines)
		}
	}
}
